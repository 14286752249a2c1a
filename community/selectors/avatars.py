"""Avatars by their address. Other apps may offer pictures of their own faces under the same kind of address."""

from __future__ import annotations

from collections.abc import Callable

from community.models import Persona

Source = Callable[[str], str | None]


def _of_persona(avatar_id: str) -> str | None:
    return Persona.objects.filter(avatar_id=avatar_id).values_list("avatar_svg", flat=True).first()


_sources: list[Source] = [_of_persona]


def offer(source: Source) -> None:
    """Add a place to look a picture up: avatar id -> SVG or None."""
    _sources.append(source)


def find(*, avatar_id: str) -> str | None:
    """The picture of an address, or None."""
    return next((svg for source in _sources if (svg := source(avatar_id)) is not None), None)
