"""The labels of one post, and what a group has to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chat import presenters
from chat.actions import labels as actions
from chat.enums import LabelKind
from chat.errors import Refused
from chat.forms.labels import AnswerForm, LabelForm, RenewForm, WordsForm
from chat.policies import Act, Face, may
from chat.policies.labels import kinds_for
from chat.presenters import About
from chat.selectors import labels, posts
from chat.selectors.labels import Shown
from chat.views.answers import Hold, in_words
from chat.views.entry import face_of, in_group, seconds_to_wait, sent_to
from chat.views.threads import group_context
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.selectors.library import badge_of
from community.views.entry import key_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def about(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """What there is to know about the advice in a message; whoever may adds to it."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    may_label = may(Act.LABEL, face=face, post=found)
    kinds = kinds_for(here, badge=badge_of(here=here)) if may_label else []
    if request.method != "POST":
        return _page(request, face, tid, pid)
    if not kinds:
        raise NotHere
    form = LabelForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _page(request, face, tid, pid, form, hold=Hold.again())
    given = form.cleaned_data
    draft = actions.Draft(kind=LabelKind(given["kind"]), **{k: given[k] for k in ("source", "link", "days")})
    try:
        actions.add(face=face, post=found, draft=draft, key_of=key_of(request))
    except Refused as refusal:
        form.add_error("source", refusal.reasons)
        return _page(request, face, tid, pid, form, hold=Hold.again())
    except MayNot as refusal:
        return _page(request, face, tid, pid, form, hold=Hold(status=403, reason=refusal.reason))
    messages.success(request, _("Done. Everyone who reads the message can see it."))
    return redirect("chat:about", here.group.public_id, tid, pid)


@sent_to
def label(request: HttpRequest, here: Here, tid: str, pid: str, lid: str) -> HttpResponse:
    """Say that a label is not right; or take it away, renew it, or say why it stays."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    given: dict[str, Any] = {"face": face, "post": found, "lid": lid, "key_of": key_of(request)}
    labels.find(post=found, lid=lid)
    form = None
    try:
        if "away" in request.POST:
            actions.take_away(**given)
        elif "renew" in request.POST:
            actions.renew(**given, days=_days(request))
        else:
            stays = "stays" in request.POST
            form = (AnswerForm if stays else WordsForm)(request.POST, auto_id=f"%s-{lid}")
            if not form.is_valid():
                return _page(request, face, tid, pid, words=(lid, form), hold=Hold.again())
            if not stays and (wait := seconds_to_wait(act="dispute", here=here, limit=6, seconds=3600)):
                return _page(request, face, tid, pid, words=(lid, form), hold=Hold.pace(wait))
            (actions.answer if stays else actions.dispute)(**given, text=form.cleaned_data["text"])
    except Refused as refusal:
        assert form is not None
        form.add_error("text", refusal.reasons)
        return _page(request, face, tid, pid, words=(lid, form), hold=Hold.again())
    except MayNot as refusal:
        hold = Hold(status=403, reason=refusal.reason)
        return _page(request, face, tid, pid, words=(lid, form) if form else None, hold=hold)
    messages.success(request, _("Done."))
    return redirect("chat:about", here.group.public_id, tid, pid)


def _days(request: HttpRequest) -> int:
    form = RenewForm(request.POST)
    if not form.is_valid():
        raise NotHere
    return int(form.cleaned_data["days"])


def _page(
    request: HttpRequest,
    face: Face,
    tid: str,
    pid: str,
    form: LabelForm | None = None,
    *,
    words: tuple[str, WordsForm] | None = None,
    hold: Hold | None = None,
) -> HttpResponse:
    """The page as things are now. With `words`, what was written about one label stands there still."""
    found = posts.find(face=face, tid=tid, pid=pid)
    may_label = may(Act.LABEL, face=face, post=found)
    shown = labels.on_post(here=face.here, post=found, key_of=key_of(request), may_label=may_label)
    if form is None:
        kinds = kinds_for(face.here, badge=badge_of(here=face.here)) if may_label else []
        form = LabelForm(kinds=kinds)
    form.leave_out(one.label.kind for one in shown)
    context = group_context(face.here) | {
        "post": found,
        "tid": tid,
        "html": presenters.render_post(found, language=get_language() or "en"),
        "notes": _notes(presenters.about_words(found), shown, words),
        "may_dispute": may(Act.DISPUTE, face=face, post=found),
        "adding": form if form.kinds else None,
        "renewing": RenewForm(auto_id=False),
        "goal": labels.GOAL_DAYS,
        "form": words[1] if words else form,
        "hold": hold,
    }
    return in_words(render(request, "chat/about.html", context), hold)


@dataclass(frozen=True, kw_only=True)
class Note:
    """A label on its page: in words, with what its viewer may do, and the forms for that."""

    about: About
    shown: Shown
    form: WordsForm
    answering: WordsForm


def _notes(about: Sequence[About], shown: Sequence[Shown], words: tuple[str, WordsForm] | None) -> list[Note]:
    found = []
    for said, one in zip(about, shown, strict=True):
        lid = one.label.public_id
        forms: list[WordsForm] = [WordsForm(auto_id=f"%s-{lid}"), AnswerForm(auto_id=f"why-%s-{lid}")]
        if words and words[0] == lid:
            forms[isinstance(words[1], AnswerForm)] = words[1]
        found.append(Note(about=said, shown=one, form=forms[0], answering=forms[1]))
    return found


@require_safe
@in_group
def advice(request: HttpRequest, here: Here) -> HttpResponse:
    """What needs a source or another look, for the team and peer leaders."""
    waiting = labels.waiting(here=here, key_of=key_of(request))
    context = group_context(here) | {"waiting": waiting, "goal": labels.GOAL_DAYS}
    return render(request, "chat/advice.html", context)
