"""`{% load help_now %}{% help_now %}`: whom to call, for where the help page cannot be reached."""

from __future__ import annotations

from typing import Any

from django import template

from community.presenters.services import COOKIE, card
from community.selectors import services

register = template.Library()
MOST = 3


@register.inclusion_tag("community/_help_now.html", takes_context=True)
def help_now(context: dict[str, Any]) -> dict[str, Any]:
    """The numbers for the place that somebody chose to keep on their device; else what holds anywhere."""
    code = context["request"].COOKIES.get(COOKIE, "")
    found = services.help_in(code=code) if code else None
    near = [*found.emergency, *found.services][:MOST] if found else []
    return {"cards": [one for one in map(card, near) if one.ways]}
