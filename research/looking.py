"""Looking through what a file holds, one value after another, so that everything wrong with it is said at once."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Any

from core import text as texts

MOST_WORDS = 600


class Look:
    """Looks at one value after another and notes what is wrong with it, and where."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def wrong(self, where: str, what: str) -> None:
        self.faults.append(f"{where}: {what}")

    def shape(
        self, where: str, value: Any, *, needs: set[str], may: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """A group of named values, with all that is needed and nothing else; empty if it is not."""
        if not isinstance(value, dict):
            self.wrong(where, "must be a group of named values")
            return {}
        for name in sorted(needs - set(value)):
            self.wrong(where, f"lacks {name}")
        for name in sorted(set(value) - needs - may):
            self.wrong(where, f"does not know {str(name)[:40]!r}")
        return value if needs <= set(value) else {}

    def list(self, where: str, value: Any, *, most: int) -> list[Any]:
        if not isinstance(value, list) or len(value) > most:
            self.wrong(where, f"must be a list of {most} at most")
            return []
        return value

    def text(self, where: str, value: Any, *, empty: bool = False) -> str:
        """A text that holds nothing unseen."""
        if not isinstance(value, str) or len(value) > MOST_WORDS or texts.tidy(value) != value:
            self.wrong(where, f"must be plain text of {MOST_WORDS} letters at most")
            return ""
        if not value and not empty:
            self.wrong(where, "is empty")
        return str(value)

    def like(self, where: str, value: Any, pattern: re.Pattern[str]) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.wrong(where, "must be a short name in small letters and digits")
            return ""
        return value

    def among(self, where: str, value: Any, known: Container[str]) -> str:
        if not isinstance(value, str) or value not in known:
            self.wrong(where, "is none of those there are")
            return ""
        return value

    def flag(self, where: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self.wrong(where, "must be true or false")
        return value is True

    def number(self, where: str, value: Any, *, most: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.wrong(where, f"must be a whole number from 0 to {most}")
            return 0
        return int(value)
