"""`{% load help_now %}{% help_now %}`: whom to call, for where the help page cannot be reached."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from community.presenters.services import COOKIE, card
from community.selectors import services

register = template.Library()
NUMBER = re.compile(r"(\d{3})((?: [^\s,.]+){0,3})([,.]?)")  # and a few words to the next comma
MOST = 3


@register.inclusion_tag("community/_help_now.html", takes_context=True)
def help_now(context: dict[str, Any]) -> dict[str, Any]:
    """The numbers for the place that somebody chose to keep on their device; else what holds anywhere."""
    code = context["request"].COOKIES.get(COOKIE, "")
    found = services.help_in(code=code) if code else None
    near = [*found.emergency[:1], *found.services] if found else []
    return {"cards": [one for one in map(card, near) if one.ways][:MOST]}


@register.filter
def with_calls(said: str) -> SafeString:
    """A sentence with emergency numbers, each to be pressed: a link with its place in it, so that none is read with the
    place before."""
    link = r'<span class="whole"><a class="tap" href="tel:\1">\1\2</a>\3</span>'
    return mark_safe(NUMBER.sub(link, escape(said)))  # noqa: S308  (escaped, and digits put in)
