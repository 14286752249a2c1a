"""What each choice about names protects and costs: a page for each setting of a group and for what none can change.

The words are in `data/trade_offs.toml`, the figures in `data/measured.json`, which `python -m proof.told` makes.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from community.name_settings import Setting, settings
from community.papers import Finding, Paper, papers

FILE = Path(__file__).parent / "data" / "trade_offs.toml"
MEASURED = Path(__file__).parent / "data" / "measured.json"
AGAINST = ("member", "offline", "searcher", "team", "operator")  # who might want to know who you are


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What an attack on Kith's own code found: a row of the proofs, and a sentence with its figures. `is_drawn`: what
    was tried is a sample."""

    row: str
    says: str
    is_drawn: bool = True

    @property
    def told(self) -> str:
        """The sentence with the figures of the row in it, and what none found can still mean."""
        figures = measured()[self.row]
        return f"{self.says.format(**figures)} {self._up_to(figures)}".strip()

    def _up_to(self, figures: Mapping[str, int]) -> str:
        """The upper end at 95 %: of none in n tries 3 in n (the rule of three); of a share that was rounded to none, 1
        in 100 for the sizes that are told."""
        if not self.is_drawn:
            return ""
        if figures.get("share") == 0 and figures["tried"] >= 1000:
            return _("None is rounded: up to 1 of 100 would fit it as well.")
        if figures.get("found") == 0:
            return _("None is not never: 1 in %(some)s would fit it as well.") % {
                "some": figures["tried"] // 3
            }
        return ""


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page. `setting` is the key of a group's setting; without one, no group can change what it is about."""

    slug: str
    title: str
    lead: str
    against: Mapping[str, str]  # one of AGAINST → what it does against them
    costs: Sequence[str]
    can_do: Sequence[str]
    unknown: str
    related: Sequence[str]  # slugs
    setting: str = ""
    measured: Sequence[Measured] = ()
    own_findings: Sequence[Finding] = field(default=())

    @property
    def chosen_from(self) -> Setting | None:
        """The setting with its choices, where a group has one."""
        return settings()[self.setting] if self.setting else None

    @property
    def findings(self) -> Sequence[Finding]:
        """What papers found: those of the setting, and those of this page."""
        chosen = self.chosen_from
        return [*(chosen.findings if chosen else ()), *self.own_findings]

    @property
    def cited(self) -> Sequence[Paper]:
        """The papers of the findings, and those in which we read of them; each once, in the order of the page."""
        keys = [finding.paper for finding in self.findings if finding.paper]
        keys += [told for key in keys if (told := papers()[key].told_in)]
        return [papers()[key] for key in dict.fromkeys(keys)]


@functools.cache
def pages() -> dict[str, Page]:
    """All pages by slug, in the order of the list."""
    return {table["slug"]: _page(table) for table in tomllib.loads(FILE.read_text())["pages"]}


@functools.cache
def whole() -> Sequence[Finding]:
    """What papers found about such groups as a whole: for the page that lists the others."""
    return [Finding(**finding) for finding in tomllib.loads(FILE.read_text())["findings"]]


@functools.cache
def measured() -> dict[str, dict[str, int]]:
    """Row of the proofs → its figures."""
    found: dict[str, dict[str, int]] = json.loads(MEASURED.read_text())
    return found


def of_setting(key: str) -> Page:
    """The page of a group's setting."""
    return next(page for page in pages().values() if page.setting == key)


def _page(table: dict[str, Any]) -> Page:
    rows = [Measured(**row) for row in table.pop("measured", [])]
    found = [Finding(**finding) for finding in table.pop("findings", [])]
    return Page(**table, measured=rows, own_findings=found)
