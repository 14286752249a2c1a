"""The first page after signing in."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat.selectors import home as homes
from community import linkage
from community.selectors import here as places
from community.views.entry import key_of, to_sign_in
from core import clock


def _away_until(request: HttpRequest) -> dt.date | None:
    """The last day of one's break, while it lasts."""
    noted = linkage.sheet(request).get("settings", {}).get("break_until")
    until = dt.date.fromisoformat(noted) if noted else None
    return until if until and until > clock.today() else None


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My groups, what is new in them, and what I asked for."""
    if not linkage.is_signed_in(request):
        return to_sign_in(request)
    tags = linkage.owner_tags(request, groups=places.all_group_ids())
    if until := _away_until(request):
        away = homes.away(owner_tags=tags, key_of=key_of(request))
        return render(request, "chat/break.html", {"until": until, "away": away})
    page = homes.home(
        owner_tags=tags,
        site_tag=linkage.site_tag(request),
        key_of=key_of(request),
        strong=linkage.has_second_factor(request),
    )
    return render(request, "chat/home.html", {"home": page})
