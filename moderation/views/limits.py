"""What stays open to whoever a limit keeps out: why, another look, help, and taking out or deleting what is theirs.

For everyone else these addresses answer as if nothing were there.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import linkage
from moderation.selectors import notices
from moderation.views.entry import Seat, kept_out, own_only


@require_safe
@linkage.despite_limits()
def limits(request: HttpRequest) -> HttpResponse:
    """Where somebody is kept out, and what they can do. Whoever is kept from the whole site lands here."""
    found = kept_out(request)
    if not found:
        raise Http404
    is_everywhere = any(one.everywhere for one in found)
    soonest = min((one.until for one in found if one.until), default=None)
    shown = {"groups": found, "is_everywhere": is_everywhere, "until": soonest}
    return render(request, "moderation/limits.html", shown)


@require_safe
@own_only
def limit(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One group that somebody is kept out of."""
    found = notices.of(group=seat.group, owner_tag=seat.tag)
    return render(request, "moderation/limit.html", seat.shown | {"notices": found})
