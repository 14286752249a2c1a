"""What the pages before the door show."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bleach
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from community.models import Service
from community.selectors import services


@dataclass(frozen=True, kw_only=True)
class FirstPage:
    """Whom to call at a place kept on the device."""

    help_services: Sequence[Service]


def first_page(*, place: str) -> FirstPage:
    """Two services where a place is kept, none where not."""
    near = services.help_in(code=place) if place else None
    return FirstPage(help_services=[*near.emergency, *near.services][:2] if near else [])


@functools.cache
def safety_model() -> SafeString:
    """docs/safety-model.md below its title, as safe HTML: the same text on the site and beside the code. Its links
    lead to files of the code, so that here only their words are left."""
    _, _, raw = (Path(settings.BASE_DIR) / "docs" / "safety-model.md").read_text().partition("\n")
    html = MarkdownIt("commonmark", {"html": False}).render(raw)
    return mark_safe(bleach.clean(html, tags={"h2", "p", "ol", "ul", "li", "strong"}, strip=True))  # noqa: S308 just cleaned
