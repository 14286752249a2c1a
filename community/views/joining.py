"""Coming into a group: sign in, the promise, the group. And the team's page of requests."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import linkage, policies
from community.actions import erasing
from community.actions import joining as actions
from community.closing import LEAVING, keys_of
from community.enums import Visibility
from community.errors import MayNot
from community.forms.joining import AskForm, DeclineForm, JoinForm
from community.policies import Outside
from community.selectors import charters, joining, names
from community.selectors.here import Here
from community.views.doors import at_the_door
from community.views.entry import team_only


def at_step(step: int) -> dict[str, Any]:
    """How far somebody is with asking a closed group: the promise, then its question."""
    return {"step": step, "steps": 2, "part": _("Joining")}


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def join(request: HttpRequest, place: Here | Outside) -> HttpResponse:
    """The promise, a private question, one tick."""
    gid = place.group.public_id
    if not isinstance(place, Outside):
        return redirect("chat:group", gid=gid)
    if not place.signed_in:
        return sign_in_first(request)
    is_open = place.group.visibility == Visibility.OPEN
    if not policies.permits("join" if is_open else "ask_to_join", place):
        return redirect("community:front", gid=gid)
    form = JoinForm(request.POST or None, initial={"version": place.group.charter_version})
    if not form.is_valid():
        return _promise(request, place, form, status=422 if form.is_bound else 200)
    return _go_on(request, place, form)


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def ask(request: HttpRequest, place: Here | Outside) -> HttpResponse:
    """The question of a closed group; also where a request is taken back."""
    gid = place.group.public_id
    if not isinstance(place, Outside) or not policies.permits("ask_to_join", place):
        return redirect("community:front", gid=gid)
    tag = linkage.owner_tag(request, group=gid)
    if request.POST.get("take_back"):
        actions.take_back(owner_tag=tag)
        messages.success(request, _("You took your request back. You can ask again when you like."))
        return redirect("community:front", gid=gid)
    version = str(place.group.charter_version)
    form = AskForm(request.POST or None, question=place.group.join_question, initial={"version": version})
    if not form.is_bound and request.GET.get("promise") != version:
        return redirect("community:join", gid=gid)
    if form.is_valid():
        try:
            actions.ask(
                place=place,
                owner_tag=tag,
                still_open=partial(linkage.is_still_open, request),
                **form.cleaned_data,
            )
        except MayNot as refusal:
            messages.warning(request, refusal.reason)
            return redirect("community:join", gid=gid)
        messages.success(request, _("Thank you. The team will read what you wrote."))
        return redirect("community:front", gid=gid)
    context = {"form": form, "group": place.group, **at_step(2)}
    return render(request, "community/ask.html", context, status=422 if form.is_bound else 200)


@require_safe
@team_only
def requests(request: HttpRequest, here: Here) -> HttpResponse:
    """Who waits to come in: what they wrote, and the day."""
    return _requests(request, here, DeclineForm())


@require_POST
@team_only
def request_accept(request: HttpRequest, here: Here, rid: str) -> HttpResponse:
    """Let somebody in."""
    try:
        actions.accept_request(here=here, request_id=rid)
    except MayNot as refusal:
        messages.warning(request, refusal.reason)
    else:
        messages.success(request, _("They are in."))
    return redirect("community:requests", gid=here.group.public_id)


@require_POST
@team_only
def request_decline(request: HttpRequest, here: Here, rid: str) -> HttpResponse:
    """Say not now, with a sentence."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _requests(request, here, form, status=422, declined=rid)
    actions.decline_request(here=here, request_id=rid, note=form.cleaned_data["note"])
    messages.success(request, _("They will read what you wrote. They can ask again in 30 days."))
    return redirect("community:requests", gid=here.group.public_id)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """What comes first for people who are not signed in."""
    if linkage.is_kept_out(request):
        return redirect("moderation:limits")
    return render(request, "community/join_sign_in.html", {"next": request.path})


def _go_on(request: HttpRequest, place: Outside, form: JoinForm) -> HttpResponse:
    gid = place.group.public_id
    if form.stops_for_help:
        return _promise(request, place, form.once_more(), shows_help=True)
    if place.group.visibility == Visibility.CLOSED:
        return redirect(f"{reverse('community:ask', args=[gid])}?promise={form.cleaned_data['version']}")
    tag = linkage.owner_tag(request, group=gid)
    try:
        actions.join(
            place=place,
            owner_tag=tag,
            version=form.cleaned_data["version"],
            still_open=partial(linkage.is_still_open, request),
        )
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return _promise(request, place, form, status=409)
    messages.success(request, _("Welcome. You can just read for as long as you like."))
    return redirect("chat:group", gid=gid)


def _promise(
    request: HttpRequest, place: Outside, form: JoinForm, *, status: int = 200, shows_help: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "group": place.group,
        "charter": charters.current(group=place.group),
        "shows_help": shows_help or form.shows_help,
        "names": names.policy_of(place.group),
        "goes_still": erasing.waits(gid=place.group.public_id, key_of=keys_of(request, kind=LEAVING)),
        **(at_step(1) if place.group.visibility == Visibility.CLOSED else {}),
    }
    return render(request, "community/join.html", context, status=status)


def _requests(
    request: HttpRequest, here: Here, form: DeclineForm, *, status: int = 200, declined: str = ""
) -> HttpResponse:
    context = {"here": here, "group": here.group, "waiting": joining.waiting(here=here), "form": form}
    return render(request, "community/requests.html", {**context, "declined": declined}, status=status)
