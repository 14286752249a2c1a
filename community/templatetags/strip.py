"""`{% load strip %}{% strip group %}`: who is here now, on any page of a group."""

from __future__ import annotations

from django import template

from community.models import Group
from community.presenters.strip import Strip, strip_for

register = template.Library()


@register.inclusion_tag("community/_strip.html")
def strip(group: Group) -> dict[str, Strip]:
    """The strip of a group, right now."""
    return {"strip": strip_for(group)}
