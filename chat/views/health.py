"""How a group is doing, in rough words."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import presenters
from chat.selectors import health as selectors
from chat.views.entry import in_group
from chat.views.threads import group_context
from community import policies
from community.selectors.here import Here
from moderation.selectors.cases import how_many_wait


@require_GET
@in_group
def health(request: HttpRequest, here: Here) -> HttpResponse:
    """Rough counts for every member, and some more for the team."""
    figures, more = presenters.health_figures(selectors.health(here=here)), []
    if policies.permits("read_health_of_team", here):
        more = presenters.team_figures(selectors.for_team(here=here), waiting=how_many_wait(here))
    return render(request, "chat/health.html", group_context(here) | {"figures": figures, "more": more})
