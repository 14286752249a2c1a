"""`{% load slots %}{% slot "front" %}`: what apps that stand further left have to say on a page."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from core.registries import slots

register = template.Library()


@register.simple_tag(takes_context=True)
def slot(context: template.Context, name: str) -> SafeString:
    """The fragments that are offered for this place."""
    return SafeString("".join(slots.contents(name, context["request"])))
