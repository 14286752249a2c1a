"""The numbers of the model, from one table: each with its plausible range and where it comes from."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent / "parameters.toml"
Values = Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One number. `source` begins with "assumption" where nobody measured it."""

    name: str
    value: float
    low: float
    high: float
    about: str
    source: str

    @property
    def is_assumed(self) -> bool:
        """Whether nobody measured it."""
        return self.source.startswith("assumption")

    @property
    def is_whole(self) -> bool:
        """Whether it counts something, so that only whole numbers make sense."""
        return isinstance(self.value, int)

    def at(self, share: float) -> float:
        """The number so far along its range: 0 is the low end, 1 the high one."""
        found = self.low + share * (self.high - self.low)
        return round(found) if self.is_whole else found


@functools.cache
def table() -> dict[str, Parameter]:
    """All parameters by name, in the order of the table."""
    raw = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {name: Parameter(name=name, **row) for name, row in raw.items()}


def middle() -> dict[str, float]:
    """Every parameter at its value."""
    return {name: one.value for name, one in table().items()}


def changed(**some: float) -> dict[str, float]:
    """Every parameter at its value, but for some. Raises KeyError for what is not in the table."""
    if unknown := some.keys() - table().keys():
        raise KeyError(sorted(unknown)[0])
    return middle() | some


def markdown() -> str:
    """The table as docs/simulation.md shows it."""
    lines = ["| parameter | value | range | what it is | source |", "|---|---|---|---|---|"]
    lines += [
        f"| `{one.name}` | {one.value:g} | {one.low:g} to {one.high:g} | {one.about} | {one.source} |"
        for one in table().values()
    ]
    return "\n".join(lines) + "\n"
