"""A researcher in a group: their seat, and the door of every talk."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import MayNot
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from research.actions import presence as actions
from research.forms.presence import SeatForm
from research.selectors import presence, rooms


def at_the_door(request: HttpRequest, here: Here, tid: str) -> HttpResponse | None:
    """What a researcher meets before a talk: nothing, once everyone can read that they read; or their seat."""
    try:
        actions.enter(here=here, tid=tid, key_of=key_of(request))
    except MayNot:
        return redirect("research:seat", here.group.public_id)
    return None


def on_post(request: HttpRequest) -> str:
    """What a researcher can do with a message that is open to them."""
    match = request.resolver_match
    return render_to_string("research/_on_post.html", {"at": match.kwargs if match else {}}, request)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def seat(request: HttpRequest, here: Here) -> HttpResponse:
    """One's own study here: saying for which one reads, and stopping."""
    own = presence.own(here=here, key_of=key_of(request))
    form = SeatForm(request.POST if "sit" in request.POST else None, choices=own.choices)
    if "stand_up" in request.POST:
        actions.stand_up(here=here)
        messages.success(request, _("Done. Talks stay closed to you here."))
        return redirect("research:seat", here.group.public_id)
    if form.is_valid():
        try:
            actions.sit(here=here, sid=form.cleaned_data["sid"], key_of=key_of(request))
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Done. Everyone here can read it."))
            return redirect("research:seat", here.group.public_id)
    context = {"here": here, "group": here.group, "own": own, "form": form}
    if own.seat and own.reads:
        context |= {"room": rooms.of_seat(seat=own.seat), "may_open": rooms.may_open(seat=own.seat)}
    return render(request, "research/seat.html", context, status=422 if form.errors else 200)
