"""The catalogue of fact kinds: what people can tell about themselves, and how roughly.

A value becomes a *path*, from rough to exact: "mood/bipolar/2/", "adult/1980-1989/1988/". A coarser level is the
beginning of it. So two shown paths of one kind contradict each other unless one is the beginning of the other.
"""

from __future__ import annotations

import functools
import itertools
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from core import clock, text

OURS = Path(__file__).parent / "data" / "fact_kinds.toml"
MOST_KINDS = 20
MOST_LEVELS = 4
LONGEST_TEXT = 300
LONGEST_LABEL = 80
BROAD = frozenset({"country", "adult"})  # levels that millions share

_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_FIXED = frozenset({"type", "levels", "bands", "top"})  # stored rows are made of these
_ALLOWED = _FIXED | {
    "name", "asks", "hint", "known_by", "per_group", "values", "youngest", "oldest", "says", "says_band",
}  # fmt: skip


class BadCatalogue(ImproperlyConfigured):
    """A file of fact kinds cannot be used. Says where, and what to change."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """A value at one level: its path up to there, and the words for it."""

    level: str
    path: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of fact. `levels` go from rough to exact."""

    code: str
    name: str
    levels: tuple[str, ...]
    known_by: str
    asks: str = ""  # what the answer is called, where it is not what is shown
    hint: str = ""
    per_group: bool = False
    is_counted = True  # whether the values of two people can be compared

    def noted_as(self, *, gid: str) -> str:
        """Under which key the answer lies in the private world: one for all groups, or one for this group."""
        return f"{self.code}@{gid}" if self.per_group else self.code

    def parts(self, value: str) -> list[str]:
        """A noted value as the parts of its path, rough to exact; none if it is no value of this kind."""
        raise NotImplementedError

    def words(self, path: str) -> str:
        """A path in words."""
        raise NotImplementedError

    def level_of(self, path: str) -> str:
        """How exact a path is; empty for one that the catalogue does not have, or not any more."""
        raise NotImplementedError

    def is_broad(self, path: str, *, topic: str) -> bool:
        """Whether a path says no more than a whole country, that one is grown up, or what a group is named for."""
        return self.level_of(path) in BROAD

    def steps(self, value: str) -> list[Step]:
        """A noted value at each level it has, rough to exact."""
        parts = self.parts(value)
        paths = ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]
        return [
            Step(level=level, path=path, words=self.words(path))
            for level, path in zip(self.levels, paths, strict=False)
        ]


@dataclass(frozen=True, kw_only=True)
class Tree(Kind):
    """Values to pick from; each lies below a rougher one, down to `levels` deep."""

    values: Mapping[str, str]

    def parts(self, value: str) -> list[str]:
        return value.split("/") if value in self.values else []

    def words(self, path: str) -> str:
        return self.values.get(path.removesuffix("/"), "")

    def named_in(self, topic: str) -> list[str]:
        """The values whose words stand in what something is called."""
        return [
            value
            for value, words in self.values.items()
            if re.search(rf"\b{re.escape(words)}\b", topic, re.IGNORECASE)
        ]

    def is_broad(self, path: str, *, topic: str) -> bool:
        return super().is_broad(path, topic=topic) or any(
            f"{value}/".startswith(path) for value in self.named_in(topic)
        )

    def level_of(self, path: str) -> str:
        return self.levels[path.count("/") - 1] if path[-1:] == "/" and path[:-1] in self.values else ""


@dataclass(frozen=True, kw_only=True)
class Year(Kind):
    """A year: shown as it is, as a band of years, and, where there is a `top`, as a word that all share."""

    bands: tuple[int, ...]
    top: str = ""
    youngest: int = 0  # years ago
    oldest: int = 120
    says: str
    says_band: str

    def parts(self, value: str) -> list[str]:
        return self._parts(value) if self._is_year(value) and self._is_possible(int(value)) else []

    def _is_year(self, value: str) -> bool:
        return value.isascii() and value.isdecimal() and len(value) == 4

    def _parts(self, value: str) -> list[str]:
        firsts = [(int(value) - int(value) % width, width) for width in self.bands]
        return [*self._top, *(f"{first}-{first + width - 1}" for first, width in firsts), value]

    @property
    def _top(self) -> tuple[str, ...]:
        return self.levels[:1] if self.top else ()

    def _is_possible(self, year: int) -> bool:
        return clock.today().year - self.oldest <= year <= clock.today().year - self.youngest

    def words(self, path: str) -> str:
        parts = path.removesuffix("/").split("/")
        if self.top and len(parts) == 1:
            return self.top
        first, _, last = parts[-1].partition("-")
        return self.says_band.format(first=first, last=last) if last else self.says.format(year=first)

    def level_of(self, path: str) -> str:
        if path[-1:] != "/":
            return ""
        parts = path[:-1].split("/")
        if tuple(parts) == self._top:
            return self.levels[0]
        first, _, _last = parts[-1].partition("-")
        fits = self._is_year(first) and self._parts(first)[: len(parts)] == parts
        return self.levels[len(parts) - 1] if fits else ""


@dataclass(frozen=True, kw_only=True)
class Text(Kind):
    """A sentence of one's own. Nothing is counted from it."""

    is_counted = False

    def parts(self, value: str) -> list[str]:
        value = text.tidy(value)
        return [value] if 0 < len(value) <= LONGEST_TEXT else []

    def words(self, path: str) -> str:
        return path.removesuffix("/")

    def level_of(self, path: str) -> str:
        return self.levels[0] if path[-1:] == "/" and self.parts(path[:-1]) == [path[:-1]] else ""


def kinds() -> Mapping[str, Kind]:
    """All kinds by code, in the order of the files: ours, and the one that KITH_FACT_KINDS names.

    Raises BadCatalogue, which stops the start.
    """
    return _load(settings.KITH_FACT_KINDS)


@functools.cache
def _load(extra: str) -> Mapping[str, Kind]:
    tables = _read(OURS)
    if extra:
        _merge(tables, _read(Path(extra)), file=extra)
    if len(tables) > MOST_KINDS:
        raise BadCatalogue(f"{extra}: {len(tables)} kinds of details are too many. Keep to {MOST_KINDS}.")
    return {code: _kind(code, table, file=extra or OURS.name) for code, table in tables.items()}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        raise BadCatalogue(f"{path}: this file cannot be read. Check KITH_FACT_KINDS.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCatalogue(f"{path}: this is not TOML: {error}") from None


def _merge(tables: dict[str, Any], more: Mapping[str, Any], *, file: str) -> None:
    for code, table in more.items():
        if not isinstance(table, dict):
            raise BadCatalogue(
                f"{file}: {code} stands alone. Put it below a kind, such as [diagnosis.values]."
            )
        known = tables.setdefault(code, {})
        for key, value in table.items():
            if key == "values" and isinstance(value, dict):
                known["values"] = known.get("values", {}) | value
            elif key in _FIXED and known.get(key, value) != value:
                raise BadCatalogue(
                    f"{file}: [{code}] {key} cannot be changed: what people show is made of it."
                )
            else:
                known[key] = value


def _kind(code: str, table: Mapping[str, Any], *, file: str) -> Kind:
    for problem in _problems(code, table):
        raise BadCatalogue(f"{file}: [{code}] {problem}")
    given = {key: value for key, value in table.items() if key not in {"type", "levels", "bands", "values"}}
    shared = {"code": code, "levels": tuple(table["levels"]), **given}
    if table["type"] == "tree":
        return Tree(values=table["values"], **shared)
    if table["type"] == "year":
        return Year(bands=tuple(table["bands"]), **shared)
    return Text(**shared)


def _problems(code: str, table: Mapping[str, Any]) -> Iterator[str]:
    if not _CODE.fullmatch(code):
        yield "is no good code. Use small letters, numbers, _ and -, up to 40."
    for key in sorted(set(table) - _ALLOWED):
        yield f"has {key!r}, which is not known. Known are: {', '.join(sorted(_ALLOWED))}."
    needed = {"name": str, "known_by": str, "type": str, "levels": list}
    for key, form in needed.items():
        if not isinstance(table.get(key), form) or not table[key]:
            yield f"needs {key}, as a {'list' if form is list else 'text in quotes'}."
    if not isinstance(table.get("per_group", False), bool):
        yield "per_group: write true or false."
    yield from {"tree": _tree_problems, "year": _year_problems, "text": _text_problems}.get(
        table["type"], _no_type
    )(table)


def _tree_problems(table: Mapping[str, Any]) -> Iterator[str]:
    values = table.get("values")
    if not isinstance(values, dict) or not values:
        yield "needs values to pick from, in [….values]."
        return
    if len(table["levels"]) > MOST_LEVELS:
        yield f"has more than {MOST_LEVELS} levels."
    for path, label in values.items():
        parts = path.split("/")
        if not all(_CODE.fullmatch(part) for part in parts):
            yield f"values: {path!r} is no good code. Use small letters, numbers, _ and -, with / between levels."
        if len(parts) > len(table["levels"]):
            yield f"values: {path!r} is {len(parts)} levels deep, but only {len(table['levels'])} are named."
        if len(parts) > 1 and "/".join(parts[:-1]) not in values:
            yield f"values: {path!r} has nothing above it. Add {'/'.join(parts[:-1])!r} first."
        if not isinstance(label, str) or not 0 < len(label) <= LONGEST_LABEL:
            yield f"values: {path!r} needs words of up to {LONGEST_LABEL} letters."


def _year_problems(table: Mapping[str, Any]) -> Iterator[str]:
    bands = table.get("bands", [])
    if not (isinstance(bands, list) and all(isinstance(band, int) and 1 < band <= 100 for band in bands)):
        yield "bands: write how many years each band has, such as [10, 5]."
        return
    if any(wide % narrow for wide, narrow in itertools.pairwise(bands)):
        yield "bands: each must fit whole into the one before, such as [10, 5]."
    if len(table["levels"]) != len(bands) + 1 + bool(table.get("top")):
        yield "levels: name one for top (if there is one), one for each band, and one for the year."
    for key, needed in (("says", {"year"}), ("says_band", {"first", "last"})):
        if set(re.findall(r"{(.*?)}", str(table.get(key, "")))) != needed:
            yield f"{key}: write a sentence with {' and '.join(f'{{{name}}}' for name in sorted(needed))} in it."
    for key in ("youngest", "oldest"):
        if not isinstance(table.get(key, 0), int):
            yield f"{key}: write a number of years."


def _text_problems(table: Mapping[str, Any]) -> Iterator[str]:
    if len(table["levels"]) != 1:
        yield "levels: a text has one."


def _no_type(table: Mapping[str, Any]) -> Iterator[str]:
    yield f"type: {table['type']!r} is not known. Known are: tree, year, text."
