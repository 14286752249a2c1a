"""A member and a study: thinking about it, saying yes or no, and leaving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import linkage
from community.errors import MayNot, NotHere
from community.selectors import yours
from community.selectors.here import Here
from community.views.entry import key_of, members_only, place_of
from research.actions import consent as actions
from research.actions import departing
from research.consent_text import items_of
from research.enums import Item, Part, Scope
from research.forms.consent import STAGES, ConsentForm, LeaveForm
from research.forms.so_far import KIND, SoFar, opened, sealed
from research.policies.studies import takes_people
from research.presenters.taking_back import preview, taken_back
from research.selectors import consent as reading
from research.selectors import exports, leaving, once, parts, quotes, rooms, waves
from research.selectors.consent import Own

LEFT_BY: dict[str, Part] = {Scope.STOP: Part.STOPPED, Scope.EXCLUDE: Part.EXCLUDED}
SO_FAR = "chosen"  # in the address of a page: what was chosen before it, sealed


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def say(request: HttpRequest, here: Here, sid: str) -> HttpResponse:
    """What there is to know, then yes or no to each thing asked, two checks, and both ways open to the end."""
    own = _own(request, here.group, sid)
    if own.has_left or (own.study.closed_on and request.method != "POST"):
        there = "mine" if own.has_left else "study_here"  # which says that it is over
        return redirect(f"research:{there}", here.group.public_id, sid)
    if request.method != "POST":
        return _shown(request, here, own)
    form = ConsentForm(request.POST, document=own.document.body)
    if not form.is_valid() and "back" not in request.POST:
        return _on(request, own, form, stage=form.at_fault, is_tried=True)
    if (stage := _next(request, form)) != form.at or stage != "sure":
        return _on(request, own, form, stage=stage)
    said = form.said if "yes" in request.POST else dict.fromkeys(form.said, False)
    try:
        actions.answer(
            here=here, sid=sid, said=said, version=form.cleaned_data["version"], key_of=key_of(request)
        )
    except MayNot as refusal:
        own, stage = _own(request, here.group, sid), "sure"
        if own.document.version != form.cleaned_data["version"]:  # it is read again from its beginning
            initial = {"version": own.document.version, "stage": "about"}
            form, stage = ConsentForm(initial=initial, document=own.document.body), "about"
            messages.warning(request, refusal.reason)
        else:
            form.add_error(None, refusal.reason)
        return _question(request, here, own, form, stage=stage, status=409)
    if own.takes_part:
        done = _("What you said is changed.")
    elif any(said.values()):
        done = _("Thank you. You take part now.")
    else:
        done = _("That is noted. Nothing changes for you.")
    messages.success(request, done)
    return redirect("research:mine", here.group.public_id, sid)


def _on(
    request: HttpRequest, own: Own, form: ConsentForm, *, stage: str, is_tried: bool = False
) -> HttpResponse:
    """To the next page by an address of its own, so that "Back" and a reload send nothing."""
    if form.cleaned_data.get("version") != own.document.version:
        messages.warning(request, _("What this study says has changed just now. Read it again first."))
        return redirect(request.path)
    chosen = {name: form.cleaned_data.get(name, "") for name in form.questions}
    so_far = SoFar(stage=stage, version=own.document.version, is_tried=is_tried, chosen=chosen)
    return redirect(f"{request.path}?{SO_FAR}={sealed(so_far, names=form.questions, key=_key(request, own))}")


def _shown(request: HttpRequest, here: Here, own: Own) -> HttpResponse:
    """The page of this address; the first one where it carries nothing that was chosen so far."""
    document = own.document.body
    form = ConsentForm(
        initial={"version": own.document.version, "stage": "about", **_said(own)}, document=document
    )
    so_far = opened(request.GET.get(SO_FAR, ""), names=form.questions, key=_key(request, own))
    if so_far is None:
        return _question(request, here, own, form, stage="about")
    if so_far.version != own.document.version:
        messages.warning(request, _("What this study says has changed just now. Read it again first."))
        return redirect(request.path)
    at = STAGES.index(so_far.stage)
    sent = so_far.stage if so_far.is_tried else STAGES[max(0, at - 1)]
    form = ConsentForm({**so_far.chosen, "version": so_far.version, "stage": sent}, document=document)
    return _question(request, here, own, form, stage=so_far.stage, status=422 if form.errors else 200)


def _key(request: HttpRequest, own: Own) -> bytes:
    return key_of(request)(KIND, parts.ref(study=own.study, gid=own.host.group.public_id))


def _next(request: HttpRequest, form: ConsentForm) -> str:
    """The page that comes now; the last one again once it was answered. A wrong check is asked once more."""
    at = STAGES.index(form.at)
    if "back" in request.POST:
        return STAGES[max(0, at - 1)]
    if form.at == "checks" and form.corrections and "looked" not in request.POST:
        return form.at
    return STAGES[min(at + 1, len(STAGES) - 1)]


def _said(own: Own) -> dict[str, str]:
    """What somebody in the study said before. Whoever is asked for the first time, or again, finds nothing ticked."""
    if not own.takes_part or own.is_to_be_asked_again:
        return {}
    return {item: "yes" if own.says_yes(item) else "no" for item in own.said}


def _question(
    request: HttpRequest, here: Here, own: Own, form: ConsentForm, *, stage: str, status: int = 200
) -> HttpResponse:
    at, wrong = STAGES.index(stage), form.wrong if form.is_bound else []
    asked = {"items": list(items_of(own.document.body)), "checks": [f"check_{nth}" for nth in range(2)]}.get(
        stage, []
    )
    context: dict[str, Any] = {
        "here": here, "group": here.group, "own": own, "document": own.document.body, "form": form, "stage": stage,
        "step": at + 1, "steps": len(STAGES),
        "asked": [form[name] for name in asked],
        "carried": [form[name] for name in form.fields if name not in asked and name != "stage"],
        "corrections": form.corrections if form.is_bound and stage in STAGES[2:] and not form.errors else [],
        "summary": _summary(form) if stage == "sure" else [],
        "asks_for_nothing": stage == "sure" and reading.quotes_of_nothing(form.chosen),
        "wrong": len(wrong),
        "first_wrong": form[wrong[0]] if wrong else None,
    }  # fmt: skip
    return render(request, "research/consent.html", context, status=status)


def _summary(form: ConsentForm) -> list[tuple[str, bool]]:
    return [(text, form.chosen[code]) for code, text in items_of(form.document).items()]


@require_safe
@linkage.despite_limits()
def mine(request: HttpRequest, gid: str, sid: str) -> HttpResponse:
    """One's own part in a study: what one said, under which number, and the ways to change it and to leave."""
    group, own = despite(request, gid, sid)
    if own.participant is None:
        takes = takes_people(own.study)
        return render(request, "research/mine_none.html", {"group": group, "own": own, "takes_people": takes})
    names = once.own(study=own.study, group=group, key_of=key_of(request))
    of_once: dict[str, Any] = {"once_names": len(names), "once_seen": once.was_asked_for(own.study)}
    items = [
        (
            code, text, own.says_yes(code), own.took_back(code),
            preview(own, code, has_begun=leaving.has_begun(own, Item(code)), **of_once) if own.says_yes(code) else [],
        )
        for code, text in items_of(own.document.body).items()
    ]  # fmt: skip
    context = {
        "group": group, "own": own, "items": items, "document": own.document.body,
        "quotes": quotes.own(part=own), "files": exports.own(part=own, names=names),
        "has_room": rooms.is_there(part=own), "tasks": _open_rounds(request, own),
    }  # fmt: skip
    return render(request, "research/mine.html", context)


@require_POST
@linkage.despite_limits()
def take_back(request: HttpRequest, gid: str, sid: str) -> HttpResponse:
    """Take one yes back; the others stay."""
    group, _part = despite(request, gid, sid)
    try:
        item = request.POST.get("item", "")
        gone = actions.take_back(group=group, sid=sid, item=item, key_of=key_of(request))
    except NotHere:
        raise Http404 from None
    messages.success(request, taken_back(gone))
    return redirect("research:mine", gid, sid)


def _open_rounds(request: HttpRequest, own: Own) -> list[Any]:
    """One's own rounds of this study that can be answered now: none for whom a limit keeps out of the group."""
    gid = own.host.group.public_id
    if linkage.is_kept_out(request):
        return []
    try:
        place_of(request, gid=gid)
    except NotHere:
        return []
    tasks = waves.waiting(key_of=key_of(request), gid=gid).tasks
    return [one for one in tasks if one.participant.study_id == own.study.pk]


@require_http_methods(["GET", "HEAD", "POST"])
@linkage.despite_limits()
def leave(request: HttpRequest, gid: str, sid: str) -> HttpResponse:
    """What each way of leaving reaches; then it is done, and the answer is the receipt."""
    group, own = despite(request, gid, sid)
    if own.participant is None:  # as after all was deleted, when the receipt is loaded again
        return redirect("research:mine", gid, sid)
    reach = leaving.reach(own=own, key_of=key_of(request))
    if LEFT_BY.get(request.POST.get("scope", "")) == own.participant.part:  # the receipt, loaded again
        return redirect("research:mine", gid, sid)
    form = LeaveForm(request.POST if request.method == "POST" else None, names_in_room=reach.names_in_room,
                     takes_part=own.takes_part)  # fmt: skip
    if not form.is_valid():
        context = {"group": group, "own": own, "reach": reach, "form": form}
        return render(request, "research/leave.html", context, status=422 if form.is_bound else 200)
    scope, files = Scope(form.cleaned_data["scope"]), exports.own(part=own)  # before they are known no more
    try:
        together = bool(form.cleaned_data.get("together"))
        departing.leave(group=group, sid=sid, scope=scope, key_of=key_of(request), together=together)
    except NotHere:  # gone meanwhile, in another tab
        return redirect("research:mine", gid, sid)
    context = {
        "group": group, "own": own, "reach": reach, "scope": scope, "together": together, "files": files,
    }  # fmt: skip
    return render(request, "research/left.html", context)


def on_leaving(request: HttpRequest) -> str:
    """On the page on which one leaves a group: what becomes of a study one takes part in."""
    match = request.resolver_match
    gid = str(match.kwargs.get("gid", "")) if match else ""
    if not reading.takes_part_in_any(gid=gid, key_of=key_of(request)):
        return ""
    words = _(
        "You take part in a study here. Leaving ends that for good. What you gave until now may be used. "
        "To have it deleted, leave the study first."
    )
    link = reverse("research:studies", args=[gid])
    return format_html('<p>{} <a class="tap" href="{}">{}</a></p>', words, link, _("Studies here"))


def despite(request: HttpRequest, gid: str, sid: str) -> tuple[Any, Own]:
    """One's own place and part, whatever limits one has: leaving a study stays open to everyone."""
    try:
        place = yours.place(owner_tag=linkage.owner_tag(request, group=gid))
    except NotHere:
        raise Http404 from None
    return place.group, _own(request, place.group, sid)


def _own(request: HttpRequest, group: Any, sid: str) -> Own:
    try:
        return reading.own(sid=sid, group=group, key_of=key_of(request))
    except NotHere:
        raise Http404 from None
