"""Studies in a group: what runs here, for every member; what asks, for its leads."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import linkage
from community.enums import Visibility
from community.errors import MayNot
from community.selectors.here import Here
from community.views.entry import key_of, members_only, team_only
from research.actions import hosting as actions
from research.forms.hosting import AnswerForm, NumberForm, OutsideForm, WishForm
from research.presenters import pack, public
from research.selectors import hosting, presence, quoting, versions
from research.selectors import studies as studying
from research.selectors.desks import KeyOf

ACTS = ("yes", "no", "back", "version", "pause")


@require_safe
@members_only
def studies(request: HttpRequest, here: Here) -> HttpResponse:
    """What runs here and what ran, and how much the group takes on: the same for everybody."""
    context = {
        "here": here, "group": here.group, "load": hosting.load(here.group), "watch": presence.watch(here.group),
    }  # fmt: skip
    return render(request, "research/studies.html", context)


@require_safe
@members_only
def study_here(request: HttpRequest, here: Here, sid: str) -> HttpResponse:
    """One study in plain words."""
    found = public.public(hosting.find_here(group=here.group, sid=sid))
    return render(request, "research/study_here.html", {"here": here, "group": here.group, "public": found})


def on_home(request: HttpRequest) -> str:
    """On the home page of a lead: a study waits for an answer. To everyone else nothing."""
    if not linkage.has_second_factor(request):
        return ""
    tags = linkage.owner_tags(request, groups=hosting.groups_that_are_asked())
    groups = hosting.asked_where_i_lead(owner_tags=tags) if tags else []
    return render_to_string("research/_asks.html", {"groups": groups}, request=request) if groups else ""


def front_line(request: HttpRequest) -> str:
    """A line on the group's front page, the same for everyone who sees that page."""
    match = request.resolver_match
    if not match:
        return ""
    runs = hosting.runs_here(gid=str(match.kwargs.get("gid", "")))
    words = (
        _("A study runs here. Members can read all about it. Nobody has to take part.")
        if runs
        else _("No study runs here now.")
    )
    return format_html("<dt>{}</dt><dd>{}</dd>", _("Studies"), words)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def asked(request: HttpRequest, here: Here) -> HttpResponse:
    """Studies that ask; and how much is enough. Each part has a form of its own, named by its button."""
    forms = _forms(request, here)
    part = next((name for name in forms if name in request.POST), "")
    if request.method != "POST":
        return _asked(request, here, forms)
    if "forget" in request.POST:
        actions.forget_outside(here=here, oid=request.POST["forget"])
    elif not part:
        raise Http404
    elif not forms[part].is_valid():
        return _asked(request, here, forms, part=part)
    else:
        try:
            _change(here, part, forms[part].cleaned_data)
        except MayNot as refusal:
            forms[part].add_error(None if part != "let" else "sid", refusal.reason)
            return _asked(request, here, forms, part=part)
    seen = _("Saved. Everyone in the group can see it.")
    messages.success(request, _("Done. It can ask this group now.") if part == "let" else seen)
    return redirect("research:asked", here.group.public_id)


def _forms(request: HttpRequest, here: Here) -> dict[str, Form]:
    wishes = hosting.wishes_of(here.group)
    sent = {name: request.POST if name in request.POST else None for name in ("wish", "outside", "let")}
    now = {"at_most": wishes.at_most, "none_until": wishes.none_until}
    return {
        "wish": WishForm(sent["wish"], initial=now), "outside": OutsideForm(sent["outside"]),
        "let": NumberForm(sent["let"]),
    }  # fmt: skip


def _change(here: Here, part: str, given: dict[str, Any]) -> None:
    if part == "wish":
        actions.wish(here=here, **given)
    elif part == "outside":
        actions.note_outside(here=here, **given)
    else:
        actions.let_ask(here=here, sid=given["sid"].strip())


def _asked(request: HttpRequest, here: Here, forms: dict[str, Form], *, part: str = "") -> HttpResponse:
    context = {
        "here": here, "group": here.group, "rows": hosting.asked(here=here), "forms": forms,
        "form": forms.get(part), "load": hosting.load(here.group),
        "is_hidden": here.group.visibility == Visibility.HIDDEN,
    }  # fmt: skip
    return render(request, "research/asked.html", context, status=422 if part else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def asked_one(request: HttpRequest, here: Here, sid: str) -> HttpResponse:
    """Everything about one study, and the group's answer to it."""
    found = hosting.find_asked(here=here, sid=sid)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    given = {*request.POST, request.POST.get("as_it_is")}
    asked = next((name for name in ACTS if name in given), "")
    advice: list[str] = []
    if request.method == "POST" and not asked:
        raise Http404
    if form.is_valid():
        note = form.cleaned_data["note"]
        if "as_it_is" not in request.POST and asked != "version":
            advice = quoting.to_look_at(study=found.host.study, text=note, here=here.group)
        try:
            if not advice or asked == "pause":  # a pause waits for no word
                _answer(here, sid, asked, "" if advice else note, key_of(request))
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            if not advice:
                messages.success(request, _("Done. It holds from now on, and it is on the record."))
                return redirect("research:asked_one", here.group.public_id, sid)
            found = hosting.find_asked(here=here, sid=sid)
    study = found.host.study
    papers = pack.pack(study=study, protocol=studying.current(study), for_team=False)
    context = {
        "here": here, "group": here.group, "found": found, "host": found.host, "pack": papers, "form": form,
        "advice": [] if form.errors else advice, "asked": asked,
        "version": versions.of_group(host=found.host) if found.host.state == "agreed" else None,
        "no_room": hosting.no_room(here.group, study=study) if found.host.state != "agreed" else "",
    }  # fmt: skip
    status = 422 if form.errors else 409 if advice else 200
    return render(request, "research/asked_one.html", context, status=status)


def _answer(here: Here, sid: str, asked: str, note: str, key: KeyOf) -> None:
    if asked in {"yes", "no"}:
        actions.answer(here=here, sid=sid, is_yes=asked == "yes", note=note, key_of=key)
    elif asked == "back":
        actions.take_back(here=here, sid=sid, note=note)
    elif asked == "version":
        actions.put_in_force(here=here, sid=sid)
    elif asked == "pause":
        actions.pause(here=here, sid=sid, note=note)
