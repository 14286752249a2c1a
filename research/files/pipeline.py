"""From a recipe to a file that was checked: one way, in stages, each of which says what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from research import sealed
from research.enums import ExportTier
from research.files import recipient, reporting, team, texts, totals
from research.files.gather import Gathered, Once, gather
from research.files.identifiers import Identifiers, identifiers
from research.files.packing import needed, packed
from research.files.recipe import Recipe, of_json
from research.files.tables import Table
from research.files.texts import Prepared, Reading
from research.models import Export
from research.release import lattice, verify
from research.selectors import once, parts
from research.selectors.sheets import FLOOR

MESSAGES, UNDER_ONCE = "data/messages.csv", "data/messages_once.csv"


@dataclass(frozen=True, kw_only=True)
class Made:
    """A file as it would leave now. `numbers`: whose parts are in it, under which number; `quotes`: the asks that go
    out with it; `faults`: what the check found, and it leaves only if that is nothing."""

    data: bytes
    people: int
    trace: Sequence[Mapping[str, Any]]
    report: Mapping[str, Any]  # what it can tell, and which tables it has
    numbers: Mapping[tuple[str, int], str]
    quotes: Sequence[int]
    faults: Sequence[verify.Fault]
    at: Mapping[tuple[str, int], int] = field(
        default_factory=dict
    )  # file and line -> message, as they are read, from 1

    @property
    def digest(self) -> str:
        """What it is known by: SHA-256 over all of it."""
        return sha256(self.data).hexdigest()


class TooFew(Exception):
    """Answers of fewer than five people would be in a file, or somebody would stand out in it, or no total is large
    enough."""


class TooFewNames(Exception):
    """No one-thread name may leave: somebody would be one of few."""


class Empty(Exception):
    """Nothing is left of what may be used: whoever read the messages left out every one."""


class Unread(Exception):
    """Somebody has to read a message first."""


@dataclass(frozen=True, kw_only=True)
class _Laid:
    """The tables of a file, what it can tell, and what more the check has to find in it."""

    tables: Sequence[Table]
    report: Mapping[str, Any]
    numbers: Mapping[tuple[str, int], str]
    people: int
    more: Mapping[str, Any]


def to_read(export: Export) -> list[Prepared]:
    """The messages that somebody has to read before the file leaves, talk by talk."""
    found = gather(study=export.study, recipe=of_json(export.recipe))
    return list(texts.prepared(found, identifiers(study=export.study)))


def left_to_read(export: Export) -> int:
    """How many messages somebody still has to read, as they are now."""
    reading = reading_of(export)
    return sum(not texts.is_read(one, reading) for one in to_read(export))


def make(export: Export, *, reading: Mapping[str, Reading]) -> Made:
    """Write it, and have it checked. Raises TooFew, TooFewNames, Empty; and Unread while a message was not read as it
    is now."""
    study, recipe = export.study, of_json(export.recipe)
    if recipe.tier == ExportTier.T3:
        return _totals(export, recipe)
    found, shown = gather(study=study, recipe=recipe), identifiers(study=study)
    if recipe.once and not found.once:
        raise TooFewNames
    said = texts.prepared(found, shown) if recipe.reads else iter(())
    read = list(_all_read(said, reading))
    messages = list(texts.final(read, reading))
    _settle(found, messages)
    if recipe.last_round and len(found.answers) < FLOOR:
        raise TooFew
    if recipe.reads and not (found.answers or found.sources or found.quotes or found.once):
        raise Empty
    made = _written(export, found, _LAYS[recipe.tier](export, found, messages), shown)
    return replace(made, at=dict(_places(made.faults, read, messages)))


def _places(
    faults: Sequence[verify.Fault], read: Sequence[Prepared], messages: Sequence[Prepared]
) -> Iterator[tuple[tuple[str, int], int]]:
    """Which message each fault in messages is about, by its place among those that are read: they stand in two
    tables."""
    nth = {one.said.mid: n for n, one in enumerate(read, start=1)}
    tables: dict[str, list[Prepared]] = {MESSAGES: [], UNDER_ONCE: []}
    for one in messages:
        tables[UNDER_ONCE if isinstance(one.source, Once) else MESSAGES].append(one)
    for fault in faults:
        there = texts.message_at(fault.line, tables.get(fault.file, []))
        if there is not None:
            yield (fault.file, fault.line), nth[there.said.mid]


def _all_read(said: Iterable[Prepared], reading: Mapping[str, Reading]) -> Iterator[Prepared]:
    for one in said:
        if not texts.is_read(one, reading):
            raise Unread
        yield one


def _totals(export: Export, recipe: Recipe) -> Made:
    """Totals rest on what was counted already: no answer and no message is looked at."""
    found = Gathered(study=export.study, recipe=recipe, waves=[])
    counted = totals.totals(found)
    if counted is None:
        raise TooFew
    laid = _Laid(
        tables=[counted.table], report=counted.report, numbers=counted.numbers, people=counted.people,
        more={"is_dateless": True, "counts": totals.NAME},
    )  # fmt: skip
    return _written(export, found, laid, identifiers(study=export.study))


def _written(export: Export, found: Gathered, laid: _Laid, shown: Identifiers) -> Made:
    data = packed(export, found, laid.tables, laid.report)
    must = needed(found.recipe.tier)
    expected = verify.Expected(names=shown.names, ids=shown.ids, needed=must, **laid.more)
    return Made(
        data=data, people=laid.people, trace=found.trace,
        report={**laid.report, "tables": reporting.shape(laid.tables)}, numbers=laid.numbers,
        quotes=[one.ask for one in found.quotes], faults=verify.verify(data, expected),
    )  # fmt: skip


def _settle(found: Gathered, messages: Sequence[Prepared]) -> None:
    """What was left out while it was read is not in it. And no stage tells a small count."""
    if found.recipe.reads:
        found.trace.append({"stage": "messages that were read and stay in", "rows": len(messages)})
        found.trace.append({"stage": "words replaced", "rows": sum(one.replaced for one in messages)})
    there = {one.source.pk for one in messages}
    found.said = {pk: said for pk, said in found.said.items() if pk in there}
    kept = there | set(found.counted)
    found.sources = {pk: one for pk, one in found.sources.items() if pk in kept}
    found.once = {pk: one for pk, one in found.once.items() if pk in there}
    for stage in found.trace:
        few = {key for key, value in stage.items() if isinstance(value, int) and 0 < value < FLOOR}
        stage.update(dict.fromkeys(few, f"fewer than {FLOOR}"))


def _for_team(_export: Export, found: Gathered, messages: Sequence[Prepared]) -> _Laid:
    report = {
        reporting.SHORT: reporting.of_team(found, team.known(found)),
        "people": len(found.answers), "writers of messages": len(found.writers),
        "linked people": len(found.linked), "one-thread names": len(found.once),
        "hidden how": "Nobody is hidden in a study-team file: words can be found in the group by whoever is in it."
        " Answers and messages are under two numbers that nothing here joins, but for who said yes to that.",
    }  # fmt: skip
    numbers = {
        **{(parts.PARTICIPANT, one.part.pk): one.part.pid for one in found.answers},
        **{(parts.SOURCE, pk): one.pid for pk, one in found.sources.items()},
        **{(parts.SOURCE, one.source.pk): one.source.pid for one in found.quotes},
        **{(once.KIND, pk): one.pid for pk, one in found.once.items()},
    }
    quoted, names = {one.source.pk for one in found.quotes}, sum(one.is_first for one in found.once.values())
    people = len(found.answers) or len(found.sources) or len(quoted) or names
    return _Laid(tables=team.tables(found, messages), report=report, numbers=numbers, people=people, more={})


def _for_recipient(export: Export, found: Gathered, _messages: Sequence[Prepared]) -> _Laid:
    try:
        hidden = recipient.hidden(export, found)
    except lattice.TooFew:
        raise TooFew from None
    more: dict[str, Any] = {"is_dateless": True}
    if found.answers:
        names = [table.name for table in hidden.tables if table.name != "quotes"]
        more |= {"quasi": hidden.quasi, "sensitive": hidden.sensitive, "tables": tuple(names), "k": recipient.K,
                 "l": recipient.L, "most_risk": recipient.MOST_RISK}  # fmt: skip
    return _Laid(
        tables=hidden.tables, report=hidden.report, numbers=hidden.numbers, people=hidden.people, more=more
    )


_LAYS = {ExportTier.T0: _for_team, ExportTier.T1: _for_recipient}


def place_of(fid: str) -> str:
    """What somebody's reading of a file is sealed for."""
    return f"reading|{fid}"


def reading_of(export: Export) -> dict[str, Reading]:
    """What was done to which message while it was read."""
    if export.sealed_reading is None:
        return {}
    opened = sealed.unseal(
        study=export.study, sealed=bytes(export.sealed_reading), place=place_of(export.public_id)
    )
    return texts.readings(opened)
