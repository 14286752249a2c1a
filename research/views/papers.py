"""The papers of a study, to read and to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from research import protocols
from research.presenters import pack as presenter
from research.selectors import studies
from research.selectors.desks import Desk
from research.views.entry import colleagues_only


@require_safe
@colleagues_only
def pack(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The papers as they stand now: those of the version in force, until something is different in the draft."""
    now = studies.current(desk.study)
    is_draft = now is None or protocols.changed(before=now.settings, after=desk.study.draft)
    found = presenter.pack(study=desk.study, protocol=None if is_draft else now, for_team=True)
    return render(request, "research/pack.html", {"desk": desk, "pack": found})


@require_safe
@colleagues_only
def pack_of(request: HttpRequest, desk: Desk, number: int) -> HttpResponse:
    """The papers of a version that was approved."""
    protocol = studies.version(desk.study, number=number)
    found = presenter.pack(study=desk.study, protocol=protocol, for_team=True)
    return render(request, "research/pack.html", {"desk": desk, "pack": found})
