"""`{% load tabs %}{% tabs here %}`: the pages of a group, on each of them but its threads."""

from __future__ import annotations

from typing import Any

from django import template

from community.selectors import joining
from community.selectors.here import Here

register = template.Library()


@register.inclusion_tag("community/_tabs.html", takes_context=True)
def tabs(context: template.Context, here: Here) -> dict[str, Any]:
    """The tabs of somebody inside; to the team they say how many want to join: one query, for the team alone."""
    return {
        "here": here,
        "group": here.group,
        "waiting": len(joining.waiting(here=here)) if here.is_team else 0,
        "page": context["request"].resolver_match.view_name,
    }
