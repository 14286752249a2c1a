"""Fragments that this process rendered before, so that a page need not render them again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from django.utils.safestring import SafeString

from core import memory

MOST = 4096


class Fragments:
    """The `MOST` that were used last. One is used again only where everything it was made of is the same. What it was
    made of before is let go with it, and all of it when a day ends: words that were taken away do not stay in memory.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, tuple[Hashable, SafeString]] = OrderedDict()
        self._lock = Lock()
        memory.for_a_day(self.forget)

    def get(self, slot: Hashable, *, made_of: Hashable, make: Callable[[], SafeString]) -> SafeString:
        """What is in the slot if it was made of this; else `make` it, and put it there."""
        memory.begin_day()  # live processes answer no requests
        with self._lock:
            was_made_of, html = self._kept.get(slot, (None, None))
            if html is not None and was_made_of == made_of:
                self._kept.move_to_end(slot)
                return html
        html = make()
        with self._lock:
            self._kept[slot] = made_of, html
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return html

    def forget(self) -> None:
        """Let go of all of it."""
        with self._lock:
            self._kept.clear()
