"""The settings of how names work, in the words that stand on screen, from one data file."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from community.papers import Finding

_FILE = Path(__file__).parent / "data" / "names.toml"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One value of a setting. `less` is what a group is told before it takes this step towards less privacy."""

    value: str
    title: str
    says: str
    protects: str
    costs: str
    less: str = ""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting. Its choices stand in order from the most private, unless others see no difference."""

    key: str
    title: str
    whom: str
    choices: Sequence[Choice]
    findings: Sequence[Finding]
    changes_what_others_see: bool = True

    def choice(self, value: str) -> Choice:
        """One of the choices."""
        return next(choice for choice in self.choices if choice.value == value)

    def less_private(self, *, before: str, after: str) -> str:
        """What gets less private by a step from one value to another; empty where nothing does."""
        order = [choice.value for choice in self.choices]
        down = self.changes_what_others_see and order.index(after) > order.index(before)
        return self.choice(after).less if down else ""


@functools.cache
def settings() -> dict[str, Setting]:
    """All settings by key, in the order of the page."""
    return {table["key"]: _setting(table) for table in tomllib.loads(_FILE.read_text())["settings"]}


def _setting(table: dict[str, Any]) -> Setting:
    choices = [Choice(**choice) for choice in table["choices"]]
    findings = [Finding(**finding) for finding in table["findings"]]
    return Setting(**{**table, "choices": choices, "findings": findings})
