"""The papers that pages speak of, from one data file: whose, where to find them, and how much they can show."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "papers.toml"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper. `how` says in plain words what kind of work it is; `told_in` is where we read of it, if only there."""

    key: str
    short: str
    cite: str
    how: str
    doi: str = ""
    where: str = ""
    told_in: str = ""

    @property
    def address(self) -> str:
        """Where a browser finds it; empty where there is no address that stays."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.where if self.where.startswith("https://") else ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a paper found. Without a paper it says that none did."""

    found: str
    paper: str = ""
    page: str = ""

    @property
    def source(self) -> str:
        """Whose it is, in a few words; empty where no paper found anything."""
        return cited(self) if self.paper else ""


@functools.cache
def papers() -> dict[str, Paper]:
    """All papers by key."""
    return {key: Paper(key=key, **table) for key, table in tomllib.loads(_FILE.read_text()).items()}


def cited(finding: Finding) -> str:
    """A finding's source: "Naslund and others, 2016, page 115, as told in Ortiz, 2021"."""
    paper = papers()[finding.paper]
    page = f", page {finding.page}" if finding.page else ""
    told = f", as told in {papers()[paper.told_in].short}" if paper.told_in else ""
    return f"{paper.short}{page}{told}"
