"""What `make bench` says: one row for each comparison, and the page made of them."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench import plots

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of Kith's beside another's, both medians over rounds of one run. `ratio` is kith / other. `goal` is
    what it should not go over, or under where `more` is better; None where nothing was promised."""

    name: str
    baseline: str
    metric: str
    kith: float
    other: float
    ratio: float
    goal: float | None
    holds: bool | None
    rounds: int
    spread: str  # the smallest and the greatest ratio of one round

    @property
    def line(self) -> str:
        """As a process of its own prints it: databases.rows_on_both reads it again."""
        return json.dumps(asdict(self))

    def __str__(self) -> str:
        held = {True: "holds", False: "DOES NOT HOLD", None: "no goal"}[self.holds]
        beside = f"{self.kith} beside {self.other}"
        return f"{self.name}: {beside}: {self.ratio} ({self.spread}), goal {self.goal}: {held}"


def row(
    *, name: str, baseline: str, metric: str, kith: Sequence[float], other: Sequence[float],
    at_most: float | None = None, at_least: float | None = None,
) -> Row:  # fmt: skip
    """A row out of both sides' figures, round by round."""
    ours, theirs = statistics.median(kith), statistics.median(other)
    ratio = ours / theirs
    each = sorted(mine / his for mine, his in zip(kith, other, strict=True))
    goal = at_most if at_most is not None else at_least
    holds = None if goal is None else (ratio <= goal if at_most is not None else ratio >= goal)
    return Row(
        name=name, baseline=baseline, metric=metric, kith=_short(ours), other=_short(theirs), ratio=_short(ratio),
        goal=goal, holds=holds, rounds=len(kith), spread=f"{_short(each[0])} to {_short(each[-1])}",
    )  # fmt: skip


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def keep(rows: Sequence[Row]) -> None:
    """Put rows in the place of those that were measured before under their names."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "latest.json"
    before = json.loads(path.read_text()) if path.exists() else []
    names = {found.name for found in rows}
    kept = [old for old in before if old["name"] not in names] + [asdict(found) for found in rows]
    kept.sort(key=lambda found: found["name"])
    path.write_text(json.dumps(kept, indent=2) + "\n")
    (RESULTS / "README.md").write_text(_page(kept, pictures=plots.draw(kept, folder=RESULTS)))


def _page(rows: Sequence[dict[str, Any]], *, pictures: Sequence[str]) -> str:
    held = {True: "yes", False: "**no**", None: "none"}
    lines = [
        "# Measured",
        "",
        "Made by `make bench`: medians of rounds that take turns, all in one run on one machine. The ratios count:",
        "the figures themselves differ from machine to machine. How each was measured, and what cannot be compared, is",
        "said in [docs/measuring.md](../../docs/measuring.md).",
        "",
        *(
            f"![{name.removesuffix('.svg')}: how many times as good as the other]({name})\n"
            for name in pictures
        ),
        "| what | beside | metric | Kith | other | ratio | goal | holds | rounds | spread |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for found in rows:
        goal = "none" if found["goal"] is None else found["goal"]
        lines.append(
            f"| {found['name']} | {found['baseline']} | {found['metric']} | {found['kith']} | {found['other']} | "
            f"{found['ratio']} | {goal} | {held[found['holds']]} | {found['rounds']} | {found['spread']} |"
        )
    return "\n".join([*lines, ""])
