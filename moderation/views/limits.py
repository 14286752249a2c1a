"""What stays open to whoever a limit keeps out: why, another look, help, and taking out or deleting what is theirs.

For everyone else these addresses answer as if nothing were there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import linkage
from community.selectors.limits import KeptOut
from moderation.presenters import notices as presenter
from moderation.selectors import notices
from moderation.views.entry import Seat, kept_out, own_only


@require_safe
@linkage.despite_limits()
def limits(request: HttpRequest) -> HttpResponse:
    """Where somebody is kept out, and what they can do. Whoever is kept from the whole site lands here."""
    found = kept_out(request)
    if not found:
        raise Http404
    groups = _ends(found)
    shown = {
        "groups": groups,
        "is_everywhere": any(one.everywhere for one in found),
        "until": min((until for _, until in groups if until), default=None),
    }
    return render(request, "moderation/limits.html", shown)


@require_safe
@own_only
def limit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One group that somebody is kept out of."""
    found = notices.of(group=seat.group, owner_tag=seat.tag)
    until = next(until for one, until in _ends(kept_out(request)) if one.group == seat.group)
    shown = {"notices": presenter.named(found), "until": until}
    return render(request, "moderation/limit.html", seat.shown | shown)


def _ends(found: Iterable[KeptOut]) -> list[tuple[KeptOut, dt.date | None]]:
    """By when each ends: the day that the notes about it say, of the site's team too where it reaches everywhere."""
    ends = [(one, _until(one)) for one in found]
    site = max((day for one, day in ends if one.everywhere and one.decided and day), default=None)
    return [(one, max(day, site) if day and site else day) for one, day in ends]


def _until(one: KeptOut) -> dt.date | None:
    said = presenter.kept_out_until(notices.of(group=one.group, owner_tag=one.tag))
    return said or (one.until.date() if one.until else None)
