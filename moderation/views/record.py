"""The public record of a group, and its report for a quarter: for anyone who may see the group's front page."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import selectors as audit
from community.policies import Outside
from community.selectors.here import Here
from community.views.doors import at_the_door
from core import clock
from moderation.presenters import record as presenters
from moderation.selectors import record


@require_safe
@at_the_door
def public_record(request: HttpRequest, place: Here | Outside) -> HttpResponse:
    """Decisions, at least five of a kind together, and whether the record is intact."""
    gid = place.group.public_id
    found = record.entries(scope=gid, before=clock.this_month())
    context = _context(place) | {
        "batches": presenters.batches(found),
        "quarters": [(first, presenters.quarter_words(first)) for first in record.quarters(found)],
        "soundness": audit.soundness(scope=gid),
    }
    return render(request, "moderation/record.html", context)


@require_safe
@at_the_door
def report(request: HttpRequest, place: Here | Outside, quarter: str) -> HttpResponse:
    """One quarter in counts, none under five; with ?as=json for machines."""
    found = record.entries(scope=place.group.public_id, before=clock.this_month())
    first = next((one for one in record.quarters(found) if one.isoformat() == quarter), None)
    if first is None:
        raise Http404
    if request.GET.get("as") == "json":
        return JsonResponse(_as_data(found, first), json_dumps_params={"sort_keys": True, "indent": 1})
    context = _context(place) | {
        "tables": presenters.report(found, first=first),
        "quarter": presenters.quarter_words(first),
    }
    return render(request, "moderation/report_of_a_quarter.html", context)


def _as_data(found: list[record.Entry], first: dt.date) -> dict[str, object]:
    made = record.report(found, first=first)
    return {"from": first.isoformat(), "counts": {table.name: table.rows for table in made.tables}}


def _context(place: Here | Outside) -> dict[str, object]:
    return {
        "group": place.group,
        "here": place if isinstance(place, Here) else None,
        "is_outside": isinstance(place, Outside),
    }
