"""Field notes: at the desk, and beside a message."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import MayNot
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from research.actions import notes as actions
from research.actions.notes import Unfit
from research.enums import NoteKind
from research.forms.notes import NoteForm, PassageForm, WordsForm
from research.selectors import notes as selectors
from research.selectors import passages, presence, shown
from research.selectors.desks import Desk
from research.views.entry import colleagues_only, to_look_at

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@colleagues_only
def notes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All notes, or those with one code."""
    every, code = selectors.written(desk=desk), request.GET.get("code", "")
    context = {
        "desk": desk, "notes": [one for one in every if not code or code in one.now.codes], "code": code,
        "codes": selectors.codes(every), "may_write": bool(selectors.groups(desk=desk)),
    }  # fmt: skip
    return render(request, "research/notes.html", context)


@require_http_methods(METHODS)
@colleagues_only
def new(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write one."""
    selectors.written(desk=desk)  # an analyst writes none
    groups = selectors.groups(desk=desk)
    form = NoteForm(request.POST if request.method == "POST" else None, groups=groups)
    advice = _advice(request, desk, form)
    if form.is_valid() and not advice:
        given = form.cleaned_data
        try:
            actions.write(desk=desk, gid=given["gid"], kind=NoteKind(given["kind"]), words=form.words)
        except Unfit as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, _("Noted."))
            return redirect("research:notes", desk.study.public_id)
    context = {"desk": desk, "form": form, "may_write": bool(groups), "advice": advice}
    return render(request, "research/note_new.html", context, status=_status(form, advice))


@require_http_methods(METHODS)
@colleagues_only
def note(request: HttpRequest, desk: Desk, nid: str) -> HttpResponse:
    """One note with what it is about and what it said before; wording it anew."""
    found = selectors.find(desk=desk, nid=nid)
    initial = {"text": found.now.text, "codes": ", ".join(found.now.codes)}
    form = WordsForm(request.POST if request.method == "POST" else None, initial=initial)
    advice = _advice(request, desk, form)
    if form.is_valid() and not advice:
        try:
            actions.revise(desk=desk, nid=nid, words=form.words)
        except Unfit as refusal:
            form.add_error("text", refusal.reasons)
        else:
            messages.success(request, _("Noted. What it said before is kept."))
            return redirect("research:note", desk.study.public_id, nid)
    context = {"desk": desk, "one": found, "form": form, "earlier": selectors.wordings(found.note)[1:],
               "advice": advice}  # fmt: skip
    return render(request, "research/note.html", context, status=_status(form, advice))


def _advice(request: HttpRequest, desk: Desk, form: WordsForm) -> list[str]:
    """About ways to reach somebody; names are refused."""
    said = " ".join([form.words.text, *form.words.codes]) if form.is_valid() else ""
    return to_look_at(request, desk, said, names=False)


def _status(form: WordsForm, advice: Sequence[str]) -> int:
    return 422 if form.errors else 409 if advice else 200


@require_http_methods(METHODS)
@members_only
def note_on(request: HttpRequest, here: Here, pid: str) -> HttpResponse:
    """Tie a passage of a message to a note. For a researcher who sits here, while the talk is open to them."""
    desk = presence.desk_of(here=here, key_of=key_of(request))
    post = passages.message(here=here, pid=pid, key_of=key_of(request))
    mine = [one for one in selectors.written(desk=desk) if one.note.group_id == here.group.pk]
    form = PassageForm(
        request.POST if request.method == "POST" else None, notes=mine, initial={"passage": post.text}
    )
    advice = _advice(request, desk, form)
    if form.is_valid() and not advice:
        given = form.cleaned_data
        try:
            actions.note_on(
                here=here, pid=pid, passage=given["passage"], key_of=key_of(request), nid=given["nid"],
                kind=NoteKind(given["kind"]) if given["kind"] else None, words=form.words,
            )  # fmt: skip
        except Unfit as refusal:
            form.add_error("text", refusal.reasons)
        except MayNot as refusal:
            form.add_error("passage", refusal.reason)
        else:
            messages.success(request, _("Noted."))
            return redirect("research:notes", desk.study.public_id)
    context = {
        "here": here, "group": here.group, "post": post, "form": form,
        "source": shown.source_of(study=desk.study, post=post), "refusal": _(actions.NOT_NOTED),
        "advice": advice,
    }  # fmt: skip
    return render(request, "research/note_on.html", context, status=_status(form, advice))
