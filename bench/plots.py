"""Pictures of the rows, as SVG: one for each part of what was measured, a bar for each ratio, on one scale of tens.

A bar that reaches into the shaded side says that Kith is ahead; the mark on it is the goal."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

WIDTH, LABEL, RIGHT, LINE, TOP = 880, 420, 110, 24, 54
COLOURS = {True: "#1b7f5c", False: "#b3402a", None: "#5b6b7a"}
WORDS = "how many times as good as the other, or as the budget asks"
LEGEND = f"{WORDS}: on the shaded side Kith is ahead; the thick line is the goal"


def draw(rows: Sequence[Mapping[str, Any]], *, folder: Path) -> list[str]:
    """Write the pictures and return their names."""
    parts: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        parts.setdefault(row["name"].split(",")[0].split(":")[0], []).append(row)
    names = []
    for part, found in sorted(parts.items()):
        name = part.replace(" ", "-") + ".svg"
        (folder / name).write_text(picture(part, found))
        names.append(name)
    return names


def gain(row: Mapping[str, Any]) -> float:
    """How many times as good as the other Kith is, whichever way is better; 1 is the same."""
    return float(row["ratio"] if row["more"] else 1 / row["ratio"])


def _goal(row: Mapping[str, Any]) -> float | None:
    if not row["goal"]:
        return None
    return float(row["goal"] if row["more"] else 1 / row["goal"])


def picture(part: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """One part's bars."""
    rows = [row for row in rows if row["ratio"]]
    found = [number for row in rows for number in (gain(row), _goal(row)) if number]
    low = min(-1, math.floor(math.log10(min(found, default=1))))
    high = max(1, math.ceil(math.log10(max(found, default=1))))
    height, room = TOP + LINE * len(rows) + 30, WIDTH - LABEL - RIGHT

    def at(number: float) -> float:
        return LABEL + (math.log10(number) - low) / (high - low) * room

    bottom = height - 26
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif"'
        f' font-size="12"><title>{escape(part)}: {WORDS}</title>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(part)}</text>',
        f'<text x="12" y="40" fill="#444">{LEGEND}</text>',
        f'<rect x="{at(1):.1f}" y="{TOP}" width="{at(10**high) - at(1):.1f}" height="{bottom - TOP}" fill="#eef4f1"/>',
    ]
    for power in range(low, high + 1):
        x = at(10**power)
        lines.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="#ccc"/>')
        lines.append(
            f'<text x="{x:.1f}" y="{height - 10}" text-anchor="middle" fill="#444">{10**power:g}</text>'
        )
    for nth, row in enumerate(rows):
        lines += _bar(row, TOP + LINE * nth, at)
    return "\n".join([*lines, "</svg>", ""])


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def _bar(row: Mapping[str, Any], y: float, at: Any) -> list[str]:
    number, goal = gain(row), _goal(row)
    left, right = sorted((at(1), at(number)))
    said = f"{_short(row['ratio'])} of budget" if row["budget"] else _short(number)
    label = row["name"].partition(row["name"].split(",")[0].split(":")[0])[2].lstrip(",: ")
    lines = [
        f'<text x="{LABEL - 10}" y="{y + 16}" text-anchor="end">{escape(label)}</text>',
        f'<rect x="{left:.1f}" y="{y + 4}" width="{max(1.0, right - left):.1f}" height="{LINE - 8}"'
        f' fill="{COLOURS[row["holds"]]}"/>',
        f'<text x="{max(right, at(goal or 1)) + 6:.1f}" y="{y + 16}">{said}</text>',
    ]
    if goal:
        x = at(goal)
        lines.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{y + 1}" y2="{y + LINE - 1}" stroke="#111" stroke-width="2"/>'
        )
    return lines
