"""What a study gives and what it costs, in counts: for whoever works on it, and for the members of its groups."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.selectors.here import Here
from community.views.entry import members_only
from research import policies
from research.presenters import group_records
from research.presenters import tallies as presenter
from research.selectors import hosting
from research.selectors.desks import Desk
from research.views.entry import colleagues_only


@require_safe
@colleagues_only
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Round by round and version by version."""
    policies.require("see_progress", desk)
    context = {
        "desk": desk, "rounds": presenter.at_desk(desk=desk), "records": group_records.of_groups(desk=desk),
    }  # fmt: skip
    return render(request, "research/figures.html", context)


@require_safe
@members_only
def figures_here(request: HttpRequest, here: Here, sid: str) -> HttpResponse:
    """The same for every member, in the group that said yes."""
    host = hosting.find_here(group=here.group, sid=sid).host
    context = {
        "here": here, "group": here.group, "sid": sid, "rounds": presenter.for_members(study=host.study),
        "names_later": presenter.names_later(study=host.study),
    }  # fmt: skip
    return render(request, "research/figures_here.html", context)
