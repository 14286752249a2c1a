"""The list of groups, and a group's front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community import linkage
from community.enums import GroupKind
from community.policies import Outside
from community.selectors import groups, names
from community.selectors.here import Here
from community.views.doors import at_the_door
from community.views.entry import public_id


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Open and closed groups, for anyone."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in GroupKind.values else ""
    found = groups.directory(
        kind=kind,
        after=public_id(request, name="after"),
        before=public_id(request, name="before"),
        tags_for=lambda gids: linkage.owner_tags(request, groups=gids),
    )
    return render(
        request, "community/directory.html", {"found": found, "kinds": GroupKind.choices, "kind": kind}
    )


@require_safe
@at_the_door
def front(request: HttpRequest, place: Here | Outside) -> HttpResponse:
    """What anyone may read about a group before coming in."""
    tag = linkage.owner_tag(request, group=place.group.public_id)
    context = {"front": groups.front(place=place, owner_tag=tag), "names": names.policy_of(place.group)}
    return render(request, "community/front.html", context)
