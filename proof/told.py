"""`python -m proof.told`: the figures that pages for everybody may say, out of latest.json, at full size only."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from community.trade_offs import MEASURED, pages

LATEST = Path(__file__).parent / "latest.json"
PAIRED = re.compile(r"AUC [\d.]+; [\d.]+% at 1 false in 1,000; (?P<guessed>\d+) first guesses")
RIGHT = re.compile(r"(\d+) right")
SHARE = re.compile(r"(\d+)%(?: right at the first guess)?$")


def figures(row: dict[str, Any]) -> dict[str, int]:
    """The numbers of one row: how many were tried, and what was found; shares of people as so many of 100."""
    found: dict[str, int] = {"tried": row["tried"]}
    if isinstance(row["found"], int):
        return found | {"found": row["found"]}
    if pair := PAIRED.match(row["found"]):
        first = int(pair["guessed"])
        return found | {"first": first, "guessed": round(100 * first / row["tried"])}
    if right := RIGHT.match(row["found"]):
        found["right"] = int(right[1])
    if share := SHARE.match(row["found"]):
        found["share"] = int(share[1])
    return found


def told(rows: list[dict[str, Any]]) -> str:
    """The file of the figures that pages name, by the name of their row. Raises KeyError for a row that is not there,
    or that was not run at full size."""
    known = {row["name"]: row for row in rows if row["size"] == "full"}
    named = sorted({one.row for page in pages().values() for one in page.measured})
    return json.dumps({name: figures(known[name]) for name in named}, indent=2) + "\n"


if __name__ == "__main__":
    MEASURED.write_text(told(json.loads(LATEST.read_text())))
