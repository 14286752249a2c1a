"""`{% load tabs %}{% tabs here %}`: the pages of a group, on each of them but its threads."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest

from community import linkage
from community.selectors import badges, joining
from community.selectors.here import Here
from core.registries.tabs import tabs_for

register = template.Library()


@register.inclusion_tag("community/_tabs.html", takes_context=True)
def tabs(context: template.Context, here: Here) -> dict[str, Any]:
    """The tabs of somebody inside, and those that other apps add; to the team they say how many want to join,
    and how many roles whoever looks can confirm."""
    return {
        "here": here,
        "group": here.group,
        "waiting": len(joining.waiting(here=here)) if here.is_team else 0,
        "to_check": badges.how_many_wait(here, key_of=_key_of(context["request"])),
        "more": tabs_for(here),
        "page": context["request"].resolver_match.view_name,
    }


def _key_of(request: HttpRequest) -> badges.KeyOf:
    return lambda kind, ref: linkage.keyed(request, kind=kind, ref=ref)
