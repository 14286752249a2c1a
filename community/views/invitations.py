"""Codes: made and ended by the team, typed or scanned by those who come."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import linkage, qr
from community.actions import erasing, joining
from community.actions import invitations as actions
from community.closing import LEAVING, keys_of
from community.errors import KeptOutHere, MayNot, NotHere
from community.forms.invitations import InviteForm
from community.forms.joining import CodeForm, CodeJoinForm
from community.selectors import invitations, names
from community.selectors.here import Here
from community.selectors.invitations import Door
from community.views.entry import team_only
from community.views.joining import sign_in_first
from core import ratelimit

WRONG_CODES = 10
AN_HOUR = 3600
A_DAY = 24 * AN_HOUR


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Type a code, read the promise of the group it opens, come in. The code is in the page, and nowhere else."""
    if not linkage.is_signed_in(request):
        return sign_in_first(request)
    by = ("wrong codes", linkage.site_tag(request).hex())
    if request.method == "POST" and ratelimit.count(*by, seconds=AN_HOUR) >= WRONG_CODES:
        return _slow_down(request)
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return render(request, "community/invite.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        door = invitations.door(
            code=form.cleaned_data["code"],
            tag_in=lambda gid: linkage.owner_tag(request, group=gid),
            signed_in=True,
        )
        return _promise(request, door)
    except KeptOutHere:
        form.add_error(
            "code", _("A limit keeps you out of this group for now. No code lets you in until it ends.")
        )
        return render(request, "community/invite.html", {"form": form, "is_kept_out": True}, status=422)
    except NotHere:
        ratelimit.hit(*by, limit=WRONG_CODES, seconds=AN_HOUR)
        form.add_error(
            "code", _("That code does not work. Check each letter. It may be used up, or too old.")
        )
        return render(request, "community/invite.html", {"form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def list_and_make(request: HttpRequest, here: Here) -> HttpResponse:
    """The group's codes, and a new one. A code is shown once: in the answer to the form, which cannot redirect."""
    form = InviteForm(request.POST or None)
    if form.is_valid():
        code = actions.invite(here=here, **form.cleaned_data)
        return _card(request, here, form, code)
    context = {"here": here, "group": here.group, "form": form, "rows": invitations.listing(here=here)}
    return render(request, "community/invitations.html", context, status=422 if form.is_bound else 200)


@require_POST
@team_only
def take_back(request: HttpRequest, here: Here, iid: str) -> HttpResponse:
    """End a code."""
    actions.take_back(here=here, public_id=iid)
    messages.success(request, _("That code no longer works. People who came with it stay."))
    return redirect("community:invitations", gid=here.group.public_id)


def _promise(request: HttpRequest, door: Door) -> HttpResponse:
    group = door.place.group
    answered = request.POST.get("stage") == "promise"
    start = {"code": request.POST["code"], "version": group.charter_version, "stage": "promise"}
    form = CodeJoinForm(request.POST if answered else None, initial=start)
    status = 200
    if answered and form.is_valid() and form.stops_for_help:
        form = CodeJoinForm(initial={**form.cleaned_data, "stage": "promise", "seen_help": True})
    elif answered and form.is_valid():
        # Who comes and goes uses up nobody's card: their second time in a day is not counted.
        came = ("came", linkage.keyed(request, kind="came", ref=group.public_id).hex())
        try:
            joining.join_by_code(
                place=door.place,
                owner_tag=door.owner_tag,
                code=form.cleaned_data["code"],
                version=form.cleaned_data["version"],
                again=bool(ratelimit.count(*came, seconds=A_DAY)),
                still_open=partial(linkage.is_still_open, request),
            )
            ratelimit.hit(*came, limit=1, seconds=A_DAY)
            messages.success(request, _("Welcome. You can just read for as long as you like."))
            return redirect("chat:group", gid=group.public_id)
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
            status = 409
    elif answered:
        status = 422
    context = {
        "form": form, "group": group, "charter": door.charter, "door": door,
        "shows_help": request.POST.get("talk") == "no",
        "names": names.policy_of(group),
        "goes_still": erasing.waits(gid=group.public_id, key_of=keys_of(request, kind=LEAVING)),
    }  # fmt: skip
    return render(request, "community/join.html", context, status=status)


def _card(request: HttpRequest, here: Here, form: InviteForm, code: str) -> HttpResponse:
    page = request.build_absolute_uri(reverse("community:invite"))
    context = {
        "here": here,
        "group": here.group,
        "kind": form.cleaned_data["kind"],
        "code": f"{code[:4]} {code[4:8]} {code[8:]}",
        "page": page.split("//", 1)[1],
        "picture": qr.svg(text=f"{page}#{code}"),
        "copies": range(8 if form.cleaned_data["kind"] == "card" else 1),
    }
    return render(request, "community/card.html", context, status=201)


def _slow_down(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    form.add_error("code", _("That was a lot of tries. Please wait an hour, then try again."))
    response = render(request, "community/invite.html", {"form": form}, status=429)
    response["Retry-After"] = str(AN_HOUR)
    return response
