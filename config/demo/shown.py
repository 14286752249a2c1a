"""What the demo's people show of themselves, read from `shown.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from community import fact_kinds
from community.enums import Audience
from community.selectors.disclosures import Detail

FILE = Path(__file__).with_name("shown.toml")


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def noted(gids: Mapping[str, str]) -> dict[str, str]:
    """What demo-member noted, just for themselves, as the private world keeps it. `gids` is group key -> public id."""
    kinds, tables = fact_kinds.kinds(), _tables()
    facts: dict[str, str] = dict(tables["noted"])
    for key, answers in tables["noted_in"].items():
        facts |= {kinds[code].noted_as(gid=gids[key]): answer for code, answer in answers.items()}
    return facts


def people(group_key: str) -> dict[str, list[Detail]]:
    """Handle -> what they show in one group."""
    return {
        handle: [_detail(kind, *written.rsplit(" ", 1)) for kind, written in table.items()]
        for handle, table in _tables()[group_key].items()
    }


def _detail(code: str, path: str, audience: str) -> Detail:
    level = fact_kinds.kinds()[code].level_of(f"{path}/")
    return Detail(kind=code, level=level, audience=Audience(audience), path=f"{path}/")
