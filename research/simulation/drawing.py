"""A trade-off curve as a picture: what people get against what it risks, a point for each policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from research.simulation.measures import MEASURES
from research.simulation.trials import Summary

STAMP = "Made-up people. A model, not a measurement."
WIDTH, HEIGHT = 760, 520
LEFT, RIGHT, TOP, BOTTOM = 90, 30, 70, 70
INK, SOFT, LINE = "#1D282D", "#3D4B52", "#6F7B80"
COLOURS = ("#0B5560", "#A34B00", "#5B3E8F", "#3F6B1E")
Curve = Mapping[str, Mapping[str, Summary]]  # policy → measure → summary


class Axis:
    """From a measure to places on the picture."""

    def __init__(self, low: float, high: float, *, begin: float, end: float) -> None:
        room = (high - low) * 0.08 or abs(high) * 0.08 or 1.0
        self.low, self.high, self.begin, self.end = low - room, high + room, begin, end

    def at(self, value: float) -> float:
        return self.begin + (value - self.low) / (self.high - self.low) * (self.end - self.begin)

    def ticks(self) -> list[float]:
        return [self.low + share * (self.high - self.low) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]


def trade_off(curve: Curve, *, risk: str, benefit: str) -> str:
    """One SVG: for each policy the mean with twice its standard error, numbered, and its name in a list. A thin line
    shows where the middle nine of ten runs lie."""
    across = _axis([row[risk] for row in curve.values()], begin=LEFT, end=WIDTH - RIGHT)
    up = _axis([row[benefit] for row in curve.values()], begin=HEIGHT - BOTTOM, end=TOP)
    height = HEIGHT + 24 * (len(curve) + 1)
    title = f"{MEASURES[benefit].title} against {MEASURES[risk].title}"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'font-family="sans-serif" font-size="14">',
        f"<title>{escape(title)}. {STAMP}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="#FFFFFF"/>',
        _text(LEFT, 28, STAMP, size=18, weight="bold"),
        _text(LEFT, 50, f"Up: {MEASURES[benefit].title} ({_better(benefit)} is better)", fill=SOFT),
        *_frame(across, up),
        _text(LEFT, HEIGHT - 18, f"Across: {MEASURES[risk].title} ({_better(risk)} is better)", fill=SOFT),
    ]
    for nth, (name, row) in enumerate(curve.items()):
        parts += _point(nth, row[risk], row[benefit], across, up)
        parts.append(_text(LEFT, HEIGHT + 12 + 24 * nth, f"{nth + 1}  {name}"))
    key = "Thick: the mean and twice its standard error. Thin: the middle nine of ten runs."
    parts.append(_text(LEFT, HEIGHT + 12 + 24 * len(curve), key, fill=SOFT))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axis(some: Sequence[Summary], *, begin: float, end: float) -> Axis:
    low = min(min(one.low, one.mean - one.error) for one in some)
    high = max(max(one.high, one.mean + one.error) for one in some)
    return Axis(low, high, begin=begin, end=end)


def _frame(across: Axis, up: Axis) -> list[str]:
    base, side = HEIGHT - BOTTOM, WIDTH - RIGHT
    found = [f'<path d="M{LEFT} {TOP}V{base}H{side}" fill="none" stroke="{LINE}"/>']
    found += [
        _text(across.at(value), base + 20, f"{value:.3g}", anchor="middle", fill=SOFT)
        for value in across.ticks()
    ]
    found += [
        _text(LEFT - 8, up.at(value) + 5, f"{value:.3g}", anchor="end", fill=SOFT) for value in up.ticks()
    ]
    return found


def _point(nth: int, risk: Summary, benefit: Summary, across: Axis, up: Axis) -> list[str]:
    x, y = across.at(risk.mean), up.at(benefit.mean)
    colour, dash = COLOURS[nth % len(COLOURS)], ("none", "5 3", "2 3")[nth // len(COLOURS) % 3]
    found = []
    for weight in (0.75, 3):
        style = f'stroke="{colour}" stroke-width="{weight:g}" stroke-dasharray="{dash}"'
        left, right = (across.at(end) for end in _ends(risk, weight))
        low, high = (up.at(end) for end in _ends(benefit, weight))
        found += [_line((left, y), (right, y), style), _line((x, low), (x, high), style)]
    found.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{colour}"/>')
    found.append(_text(x, y + 4, str(nth + 1), anchor="middle", fill="#FFFFFF", size=11))
    return found


def _ends(one: Summary, weight: float) -> tuple[float, float]:
    """Where a thin line ends, of the runs, and a thick one, of their mean."""
    return (one.low, one.high) if weight < 1 else (one.mean - one.error, one.mean + one.error)


def _line(begin: tuple[float, float], end: tuple[float, float], style: str) -> str:
    (x, y), (to_x, to_y) = begin, end
    return f'<path d="M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" {style}/>'


def _text(
    x: float,
    y: float,
    said: str,
    *,
    anchor: str = "start",
    fill: str = INK,
    size: int = 14,
    weight: str = "normal",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}" font-size="{size}" '
        f'font-weight="{weight}">{escape(said)}</text>'
    )


def _better(measure: str) -> str:
    return "more" if MEASURES[measure].up else "less"
