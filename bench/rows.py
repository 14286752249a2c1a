"""What `make bench` says: one row for each comparison, and the page made of them."""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import platform
import re
import statistics
import subprocess
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from bench import plots

RESULTS = Path(__file__).parent / "results"
ENOUGH = 5  # rounds that both sides have, before a row may hold
FULL = 0.9  # of its core: from here on the load generator may be what bounds a figure
OWN = 0.7  # of a p99: from here on it is for the most part how long the load generator reads one message
TOO_FEW, BOUNDED = "too few rounds", "bounded by the generator"  # why a goal that was reached says nothing
WITHIN = ", within its spread"
PATH = re.compile(r"(/[\w.@+-]+){2,}/?")
WAYS = ("Node ws", "Node ws, joined")  # one server, and the same that joins messages as Kith does


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure of Kith's beside another's, both medians over rounds of one run. `ratio` is kith / other. `goal` is
    what it should not go over, or under where `more` is better; None where nothing was promised. `holds` is None there,
    and where the goal was reached in a way that says nothing: `cannot` says why."""

    name: str
    baseline: str
    metric: str
    kith: float
    other: float
    ratio: float
    goal: float | None
    more: bool
    holds: bool | None
    rounds: int
    spread: str  # the smallest and the greatest ratio of one round
    busy: float | None = None  # the load generator's share of its core, the highest of both sides' rounds
    cannot: str = ""
    budget: bool = False  # the other side is what it may cost, not somebody
    within: bool = False  # the goal lies inside the spread: another run may say otherwise

    @property
    def line(self) -> str:
        """As a process of its own prints it: databases.rows_on_both reads it again."""
        return json.dumps(asdict(self))

    def __str__(self) -> str:
        held = self.cannot or {True: "holds", False: "DOES NOT HOLD", None: "no goal"}[self.holds]
        beside = f"{self.kith} beside {self.other}"
        within = WITHIN if self.within and not self.cannot else ""
        return f"{self.name}: {beside}: {self.ratio} ({self.spread}), goal {_goal(self.goal)}: {held}{within}"


def row(
    *, name: str, baseline: str, metric: str, kith: Sequence[float], other: Sequence[float],
    at_most: float | None = None, at_least: float | None = None, more: bool = False, budget: bool = False,
) -> Row:  # fmt: skip
    """A row out of both sides' figures, round by round. `more` is better, if there is no goal that says so."""
    ours, theirs = statistics.median(kith), statistics.median(other)
    ratio = ours / theirs
    each = sorted(mine / his for mine, his in zip(kith, other, strict=True))
    goal = at_most if at_most is not None else at_least
    holds = None if goal is None else (ratio <= goal if at_most is not None else ratio >= goal)
    return Row(
        name=name, baseline=baseline, metric=metric, kith=_short(ours),
        other=theirs if budget else _short(theirs), ratio=_short(ratio), goal=goal,
        more=more or at_least is not None, holds=holds, rounds=len(kith),
        spread=f"{_short(each[0])} to {_short(each[-1])}", budget=budget,
        within=goal is not None and each[0] < goal < each[-1],
    )  # fmt: skip


def common(
    *, name: str, baseline: str, metric: str, kith: Mapping[int, float], other: Mapping[int, float], rounds: int,
    **goal: Any,
) -> Row | None:  # fmt: skip
    """A row out of the rounds that both sides have, each side's figures by their round; None where they have none
    together. It does not hold where Kith failed a round, and cannot where too few are left to say so."""
    both = sorted(kith.keys() & other.keys())
    if not both:
        return None
    found = row(
        name=name, baseline=baseline, metric=metric, kith=[kith[nth] for nth in both],
        other=[other[nth] for nth in both], **goal,
    )  # fmt: skip
    if found.holds and len(kith) < rounds:
        return replace(found, holds=False, within=False)
    return _reached(found, TOO_FEW) if rounds >= ENOUGH and len(both) < ENOUGH else found


def under_load(found: Row, *, kith: float, other: float, reads: float = 0.0) -> Row:
    """The same row, with how busy the load generator was on each side. Where it was full with the other, that one may
    carry more than it was given, so a goal that was reached says nothing; full with Kith alone, it takes from Kith.
    `reads` is the share of the other's p99 in which the generator reads: that is the same for whoever sends."""
    found = replace(found, busy=_short(max(kith, other)))
    return _reached(found, BOUNDED) if other > FULL or reads > OWN else found


def once(found: Row) -> Row:
    """What varies and was looked at once does not hold."""
    return _reached(found, TOO_FEW)


def _reached(found: Row, cannot: str) -> Row:
    """What was reached is not called so. What was missed stays missed."""
    return replace(found, holds=None, cannot=cannot) if found.holds else found


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def _goal(goal: float | None) -> str:
    return "none" if goal is None else f"{goal:.3g}"


def this_run() -> str:
    """When, on what and from which code: each row says in which run it was measured."""
    version = _told("git", "rev-parse", "--short", "HEAD") or "no version"
    changed = _told("git", "status", "--porcelain", "--", ".", ":!bench/results")
    node = _told("node", "--version").removeprefix("v") or "none"
    return (
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M} UTC, {version}{' with changes' if changed else ''}, "
        f"{len(os.sched_getaffinity(0))} cores at a load of {os.getloadavg()[0]:.1f}, "
        f"a million steps of a loop in {_loop():.2f} s, "
        f"Python {platform.python_version()}, Node {node}"
    )


def _loop() -> float:
    """How fast the machine is at this hour: figures beside a budget hang on it, ratios hardly."""
    began = time.perf_counter()
    sum(n * n for n in range(1_000_000))
    return time.perf_counter() - began


def _told(*command: str) -> str:
    try:
        done = subprocess.run(command, cwd=RESULTS.parent.parent, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def gathered(yielded: Iterable[Row | str]) -> tuple[list[Row], list[str]]:
    """What a part yields, printed as it comes: its rows, and what it says beside them."""
    rows, said = list[Row](), list[str]()
    for found in yielded:
        print(f"  {found}", flush=True)
        if isinstance(found, Row):
            rows.append(found)
        else:
            said.append(found)
    return rows, said


def drop(parts: Collection[str] = ()) -> None:
    """Forget the rows of these parts, or all: what is not measured now is not shown as if it had been."""
    _write([old for old in _kept() if parts and old["part"] not in parts])


def keep(part: str, rows: Sequence[Row], *, run: str, took: float, said: Sequence[str] = ()) -> None:
    """Put one part's rows, which took so many seconds, in the place of those that it had; and what was said beside."""
    about = {"part": part, "run": run, "took": round(took), "said": [_on_a_line(line) for line in said]}
    fresh = [asdict(found) | about for found in rows]
    _write([old for old in _kept() if old["part"] != part] + fresh)


def _on_a_line(said: str) -> str:
    """What was said, in one line, without the paths of this machine that a server's last words may hold."""
    return PATH.sub("…", " ".join(said.split()))


def _kept() -> list[dict[str, Any]]:
    path = RESULTS / "latest.json"
    found: list[dict[str, Any]] = json.loads(path.read_text()) if path.exists() else []
    return found


def _write(rows: list[dict[str, Any]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    rows.sort(key=lambda found: found["name"])
    (RESULTS / "latest.json").write_text(json.dumps(rows, indent=2) + "\n")
    for old in RESULTS.glob("*.svg"):
        old.unlink()
    (RESULTS / "README.md").write_text(_page(rows, pictures=plots.draw(rows, folder=RESULTS)))


def _runs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Which part was measured in which run, and how long it took."""
    parts = {found["part"]: found for found in rows}
    return [f"| {part} | {parts[part]['run']} | {parts[part]['took']} |" for part in sorted(parts)]


def _said(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What each part said beside its rows, such as who was not measured in every round."""
    parts = {found["part"]: found["said"] for found in rows}
    lines = [f"- {part}: {html.escape(line, quote=False)}" for part in sorted(parts) for line in parts[part]]
    return ["Beside its rows, a part said:", "", *lines, ""] if lines else []


def _joining(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a Node server gets that joins messages as Kith does."""
    found = {one["baseline"]: one for one in rows if one["name"].startswith("engine, pressure: ")}
    if any(way not in found for way in WAYS):
        return []
    plain, joined = (found[way] for way in WAYS)
    least = "at least " if plain["cannot"] == BOUNDED else ""
    return [
        "Under pressure joining messages is the gain: `ws` one by one hands out",
        f"{least}{plain['other']:,.0f} a second, a Node server that joins them as Kith does {joined['other']:,.0f},",
        f"and Kith {joined['kith']:,.0f}.",
        "",
    ]


def _page(rows: Sequence[dict[str, Any]], *, pictures: Sequence[str]) -> str:
    held = {True: "yes", False: "**no**", None: "none"}
    lines = [
        "# Measured",
        "",
        "Made by `make bench`: medians of rounds that take turns. Both sides of a row were measured in the same run on",
        "the same machine; rows of different runs say nothing about each other. The ratios count: the figures",
        "themselves differ from machine to machine. How each was measured, and what cannot be compared, is said in",
        "[docs/measuring.md](../../docs/measuring.md).",
        "",
        "| part | measured in | seconds |",
        "|---|---|---|",
        *_runs(rows),
        "",
        *_said(rows),
        *_joining(rows),
        *(f"![{name.removesuffix('.svg')}: {plots.WORDS}]({name})\n" for name in pictures),
        "| what | beside | metric | Kith | other | ratio | goal | holds | rounds | spread "
        "| generator busy (end to end: its core) |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for found in rows:
        verdict = found["cannot"] or held[found["holds"]] + (WITHIN if found.get("within") else "")
        busy = "" if found.get("busy") is None else f"{found['busy']:.0%}"
        lines.append(
            f"| {found['name']} | {found['baseline']} | {found['metric']} | {found['kith']} | {found['other']} | "
            f"{found['ratio']} | {_goal(found['goal'])} | {verdict} | {found['rounds']} | {found['spread']} | {busy} |"
        )
    return "\n".join([*lines, ""])
