"""“I need help now”: for anyone, signed in or not, and whatever limit there is. It always shows whom to call first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from community import linkage
from community.presenters import services as services_presenter
from community.presenters.services import COOKIE
from community.presenters.strip import strip_for
from community.selectors import here as places
from community.selectors import services
from core import keyring
from moderation.actions import worries
from moderation.forms.worries import HelpForm
from moderation.presenters import worries as presenter
from moderation.selectors import notices
from moderation.selectors import worries as reading
from moderation.views.entry import INSIDE, OUTSIDE, Seat, kept_out, own_only, seconds_to_wait

AN_HOUR = 3600
FEW = 3  # services near somebody; the others are one press away


@require_safe
@linkage.despite_limits()
def now(request: HttpRequest) -> HttpResponse:
    """Whom to call, and the teams that could be told: of one's own groups, also of those a limit keeps one out of."""
    barred = kept_out(request)
    closed = {one.group.pk for one in barred}
    tags = linkage.owner_tags(request, groups=places.all_group_ids())
    groups = [one.group for one in places.members_of(owner_tags=tags) if one.group_id not in closed]
    doors = [(INSIDE, group) for group in groups] + [(OUTSIDE, one.group) for one in barred]
    context = _near(request) | {
        "doors": [(door, group, strip_for(group)) for door, group in doors],
        "is_signed_in": linkage.is_signed_in(request),
    }
    return render(request, "moderation/now.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def now_in(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Tell the team of one group, and see what came of it."""
    form = HelpForm(request.POST if request.method == "POST" else None)
    trouble, status = "", 200
    if request.method == "POST":
        wait = seconds_to_wait(act="help now", tag=seat.tag, limit=20, seconds=AN_HOUR)
        if wait:
            trouble, status = _many(wait), 429
        elif not form.is_valid():
            status = 422
        else:
            _tell(seat, form.cleaned_data["message"])
            return redirect(request.path)
    context = _near(request) | seat.shown | {"form": form, "trouble": trouble}
    try:
        standing = reading.standing(group=seat.group, owner_tag=seat.tag)
        context["card"] = presenter.card(group=seat.group, standing=standing)
        context["notes"] = (
            notices.of(group=seat.group, owner_tag=seat.tag)[:1] if standing and standing.is_answered else []
        )
    except keyring.RingAway:  # whom to call is there all the same
        context["is_away"] = True
    return render(request, "moderation/now_in.html", context, status=status)


def _tell(seat: Seat, words: str) -> None:
    if seat.here:
        worries.ask_for_help(here=seat.here, words=words)
    else:
        worries.ask_from_outside(group=seat.group, owner_tag=seat.tag, words=words)


def _many(wait: int) -> str:
    minutes = max(1, round(wait / 60))
    words = ngettext("The team has what you wrote. You can write more in %(n)s minute.",
                     "The team has what you wrote. You can write more in %(n)s minutes.", minutes)  # fmt: skip
    return words % {"n": minutes} + " " + _("Please do not wait for us if you are in danger.")


def _near(request: HttpRequest) -> dict[str, Any]:
    """Whom to call at the place that somebody picks, or that they keep on their device. It is never guessed."""
    code = request.GET.get("region", request.COOKIES.get(COOKIE, ""))
    found = services_presenter.help_page(services.help_in(code=code))
    return {"help": found, "few": found.services[:FEW]}
