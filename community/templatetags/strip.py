"""`{% load strip %}{% strip group %}`: who is on duty now, on a group's pages. `{{ group|place }}`: on whose clock."""

from __future__ import annotations

from typing import Any

from django import template

from community.models import Group
from community.presenters.strip import place_of, strip_for, who_looks_after

register = template.Library()


register.filter("who_looks_after", who_looks_after)


@register.inclusion_tag("community/_strip.html")
def strip(group: Group, *, short: bool = False) -> dict[str, Any]:
    """The strip of a group, right now; short where what people wrote should be near."""
    return {"strip": strip_for(group), "short": short}


@register.filter
def place(group: Group) -> str:
    """The place whose clock a group goes by."""
    return place_of(group)
