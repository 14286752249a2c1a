"""Avatars: small pictures without a face, drawn once on the server from a random seed and then stored.

The seed is never derived from anything, and is not stored: nothing ties a picture to a person or to another
group. The four styles are CC0; the drawing code is MIT.
"""

from __future__ import annotations

import base64
import functools
import json
import re
from dataclasses import dataclass
from importlib import resources

from dicebear import Avatar, Style

from core import ids

STYLES = ("patchwork", "landscape", "stack", "loops")
SEED_SIZE = 16  # bytes
_NOTES = re.compile(r"<!--.*?-->|<metadata.*?</metadata>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One picture on offer. `choice` is what the form sends back to have the same picture drawn again."""

    choice: str

    @property
    def svg(self) -> str:
        """The picture."""
        return draw(choice=self.choice)

    @property
    def data_url(self) -> str:
        """The picture inside the page, before it has an address."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode()


def propose(*, n: int) -> list[Tile]:
    """`n` fresh pictures, in turn of each style."""
    start = ids.new_key()
    return [
        Tile(choice=f"{STYLES[(start + turn) % len(STYLES)]}-{ids.new_secret(size=SEED_SIZE).hex()}")
        for turn in range(n)
    ]


def is_choice(choice: str) -> bool:
    """Whether a form sent back something that a picture can be drawn from."""
    style, _, seed = choice.partition("-")
    return style in STYLES and len(seed) == SEED_SIZE * 2 and set(seed) <= set("0123456789abcdef")


def draw(*, choice: str) -> str:
    """The picture of a choice as SVG, without the maker's notes."""
    if not is_choice(choice):
        raise ValueError("not a choice of picture")
    style, _, seed = choice.partition("-")
    return _NOTES.sub("", str(Avatar(_style(style), {"seed": seed})))


@functools.cache
def _style(name: str) -> Style:
    return Style(json.loads(resources.files("dicebear_styles").joinpath(f"{name}.json").read_text()))
