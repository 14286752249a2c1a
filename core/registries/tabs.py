"""Pages of a group that an app to the left adds to the tabs of an app to the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A page: the name of its address (which takes the group's public id), what the tab says, whether whoever is here
    gets it, and how many things wait there for them."""

    page: str
    title: Any
    is_for: Callable[[Any], bool]
    count: Callable[[Any], int] = lambda _: 0


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Offer a tab."""
    _tabs[tab.page] = tab


def tabs_for(here: Any) -> list[tuple[Tab, int]]:
    """The tabs of somebody in a group, and how many things wait behind each, in the order of registration."""
    return [(tab, tab.count(here)) for tab in _tabs.values() if tab.is_for(here)]
