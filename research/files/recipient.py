"""The tables of a file for a named recipient: fresh numbers, no words but agreed quotes, and nobody who stands out by
what somebody else may know of them over all of their rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core import ids
from research import sealed
from research.files import reporting, team
from research.files.gather import Answering, Gathered
from research.files.tables import Column, Table
from research.models import Export, Wave
from research.release import lattice
from research.release.lattice import ANY, Chosen, Step
from research.release.risk import Row, Value
from research.selectors import parts

K, L, MOST_RISK = 5, 2, lattice.MOST_RISK
LEFT_OUT = frozenset({"direct", "free_text"})
MISSING = "no value"
COARSE = 4  # choices: from so many on there is a level at which two next to each other are one


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """The tables, what has to hold of them, and how they came about. `numbers` as in a file that was made."""

    tables: list[Table]
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...]
    report: dict[str, Any]
    numbers: Mapping[tuple[str, int], str]
    people: int


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """One question of one round, and where its answers stand."""

    wave: Wave
    code: tuple[str, str]
    column: Column

    @property
    def name(self) -> str:
        return f"round_{self.wave.number}_{self.column.name}"


def hidden(export: Export, found: Gathered) -> Hidden:
    """All of it. Raises lattice.TooFew where somebody would stand out."""
    asked = [_Asked(wave=wave, code=code, column=column)
             for wave in found.waves for code, column in team.columns_of(wave, leave_out=LEFT_OUT)]  # fmt: skip
    quasi = [one for one in asked if one.column.sensitivity == "quasi"]
    told = [one for one in asked if one.column.sensitivity == "sensitive"]
    places, versions = team.places_of(found, salt=export.public_id), team.versions_of(found.study)
    rows = [_row(export, one, asked, places, versions) for one in found.answers]
    steps: dict[str, Sequence[Step]] = {"group": [], **({"version": []} if versions else {})}
    steps |= {one.name: _steps(one.column) for one in quasi}
    chosen = lattice.generalise(rows, steps, [one.name for one in told], k=K, l=L) if rows else _nobody()
    in_order = sorted(chosen.rows, key=lambda row: str(row["number"]))
    numbers = _numbers(export, found, {str(row["number"]) for row in in_order})
    tables = [_people(in_order, list(steps), quasi)] if rows else []
    others = [one for one in asked if one.column.sensitivity != "quasi"]
    tables += [_round(wave, in_order, [one for one in others if one.wave == wave]) for wave in found.waves]
    if found.recipe.quotes:
        fresh = {one.source.pk: fresh_number(export, parts.SOURCE, one.source.pk) for one in found.quotes}
        tables.append(team.quotes(found, fresh))
    return Hidden(
        tables=[table for table in tables if table.name != "people" or rows],
        quasi=tuple(f"people.{name}" for name in steps),
        sensitive=tuple(f"answers_round_{one.wave.number}.{one.column.name}" for one in told),
        report=_report(chosen, steps, told), numbers=numbers, people=len(in_order) or len(found.quotes),
    )  # fmt: skip


def fresh_number(export: Export, kind: str, pk: int) -> str:
    """A number for one file: nobody can tell from two files that it is the same person."""
    return ids.public_id_of(sealed.mark(study=export.study, of=f"release|{export.public_id}|{kind}|{pk}"))


def _row(
    export: Export, one: Answering, asked: Sequence[_Asked], places: Mapping[int, str], versions: Mapping[int, str]
) -> Row:  # fmt: skip
    row: dict[str, Value] = {
        "number": fresh_number(export, parts.PARTICIPANT, one.part.pk), "group": places[one.part.group_id],
        "version": versions.get(one.part.arm_id or 0),
    }  # fmt: skip
    return row | {each.name: one.rounds.get(each.wave.number, {}).get(each.code) for each in asked}


def _steps(column: Column) -> list[Step]:
    """Coarser levels of one question: neighbours together where there are four choices or more."""
    values = [value for value in column.values if isinstance(value, int)]
    if len(values) < COARSE:
        return []
    pairs: dict[Value, Value] = {}
    for nth in range(0, len(values), 2):
        both = values[nth : nth + 2]
        pairs |= dict.fromkeys(both, "-".join(str(one) for one in both))
    return [lambda value: pairs.get(value, MISSING)]


def _people(rows: Sequence[Row], names: list[str], quasi: list[_Asked]) -> Table:
    titles = {"group": "Group, by a letter and number", "version": "Version of the settings"}
    titles |= {one.name: f"Round {one.wave.number}: {one.column.title}" for one in quasi}
    words, asked_of = {one.name: one.column.values for one in quasi}, {one.name: one.column for one in quasi}
    columns = [
        Column(name="number", kind="string", title="The person's number in this file alone", is_needed=True)
    ]
    for name in names:
        there = sorted({str(row[name]) for row in rows if row[name] is not None})
        meant: dict[str, str] = {str(value): label for value, label in words.get(name, {}).items()}
        values: dict[int | str, str] = {one: "any" if one == ANY else meant.get(one, one) for one in there}
        asked = asked_of.get(name)
        columns.append(Column(
            name=name, kind="string", title=titles[name], values=values, sensitivity="quasi",
            asked_in=asked.asked_in if asked else "", before=asked.before if asked else "",
        ))  # fmt: skip
    cells = [
        (row["number"], *(None if row[name] is None else str(row[name]) for name in names)) for row in rows
    ]
    return Table(name="people", title="People in this file, as exactly as may be told", columns=columns, rows=cells,
                 key=("number",))  # fmt: skip


def _round(wave: Wave, rows: Sequence[Row], asked: list[_Asked]) -> Table:
    number = Column(
        name="number", kind="string", title="The person's number in this file alone", is_needed=True
    )
    cells = [(row["number"], *(row[one.name] for one in asked)) for row in rows]
    return Table(
        name=f"answers_round_{wave.number}", title=f"Answers, round {wave.number} (week {wave.week})",
        columns=[number, *(one.column for one in asked)], rows=cells, key=("number",), refs={"number": "people"},
    )  # fmt: skip


def _numbers(export: Export, found: Gathered, kept: set[str]) -> dict[tuple[str, int], str]:
    answers = {(parts.PARTICIPANT, one.part.pk): fresh_number(export, parts.PARTICIPANT, one.part.pk)
               for one in found.answers}  # fmt: skip
    quoted = {(parts.SOURCE, one.source.pk): fresh_number(export, parts.SOURCE, one.source.pk)
              for one in found.quotes}  # fmt: skip
    return {key: number for key, number in answers.items() if number in kept} | quoted


def _report(chosen: Chosen, steps: Mapping[str, Sequence[Step]], told: Sequence[_Asked]) -> dict[str, Any]:
    """What was reached, how exact each column is, who was left out, and every choice that was tried with its risk and
    its loss."""
    sensitive = [one.name for one in told]
    return {
        reporting.SHORT: reporting.of_recipient(chosen, list(steps), sensitive, least=K, differ=L),
        reporting.COLUMNS: reporting.exactness(chosen.levels, steps), reporting.SENSITIVE: sensitive,
        "people left out": len(chosen.suppressed),
        "look alike, at least": K, "different answers among them, at least": L,
        "found on average, at most": str(MOST_RISK),
        "tried": [{"levels": list(one.levels.values()), "risk": f"{one.risk:.4f}", "loss": f"{one.loss:.4f}",
                   "left out": one.suppressed, "may go": one.is_safe} for one in chosen.nodes],
    }  # fmt: skip


def _nobody() -> Chosen:
    return Chosen(rows=[], levels={}, suppressed=[], nodes=())
