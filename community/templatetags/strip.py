"""`{% load strip %}{% strip group %}`: who is here now, on any page of a group."""

from __future__ import annotations

from typing import Any

from django import template

from community.models import Group
from community.presenters.strip import is_one_person, strip_for

register = template.Library()


register.filter("is_one_person", is_one_person)


@register.inclusion_tag("community/_strip.html")
def strip(group: Group, *, short: bool = False) -> dict[str, Any]:
    """The strip of a group, right now; short where what people wrote should be near."""
    return {"strip": strip_for(group), "short": short}
