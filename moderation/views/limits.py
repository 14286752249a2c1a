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
from community.views.entry import key_of
from moderation.presenters import notices as presenter
from moderation.selectors import news, notices
from moderation.views.entry import Seat, kept_out, own_only


@require_safe
@linkage.despite_limits()
def limits(request: HttpRequest) -> HttpResponse:
    """Where somebody is kept out, and what they can do. Whoever is kept from the whole site lands here."""
    found = kept_out(request)
    if not found:
        raise Http404
    groups = _ends(found)
    for_me = news.in_groups(tags={one.group.pk: one.tag for one in found}, key_of=key_of(request))
    shown = {
        "from_outside": [(one.group, for_me[one.group.pk]) for one in found if one.group.pk in for_me],
        "groups": groups,
        "is_everywhere": any(one.everywhere for one in found),
        "until": min((until for _, until, _ in groups if until), default=None),
    }
    return render(request, "moderation/limits.html", shown)


@require_safe
@own_only
def limit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One group that somebody is kept out of."""
    found = notices.of(group=seat.group, owner_tag=seat.tag)
    until = next(until for one, until, _ in _ends(kept_out(request)) if one.group == seat.group)
    shown = {"notices": presenter.named(found), "until": until}
    return render(request, "moderation/limit.html", seat.shown | shown)


def _ends(found: Iterable[KeptOut]) -> list[tuple[KeptOut, dt.date | None, bool]]:
    """By when each ends: the day that the notes about it say, of the site's team too where it reaches everywhere; and
    whether somebody from outside decided it."""
    ends = [(one, *_said(one)) for one in found]
    site = max((day for one, day, _ in ends if one.everywhere and one.decided and day), default=None)
    return [(one, max(day, site) if day and site else day, outside) for one, day, outside in ends]


def _said(one: KeptOut) -> tuple[dt.date | None, bool]:
    by = presenter.kept_out_by(notices.of(group=one.group, owner_tag=one.tag))
    until = presenter.kept_out_until(by) or (one.until.date() if one.until else None)
    return until, any(decision.from_outside for decision in by)
