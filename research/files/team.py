"""The tables of a file for the study's own team: data about people who can be recognised, under the study's numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from research import sealed
from research.enums import StudyState
from research.files.gather import Answering, Gathered, Once
from research.files.tables import Cell, Column, Table, answer_columns
from research.files.texts import Prepared
from research.models import Study, Wave
from research.release.risk import Row
from research.selectors import instruments
from research.selectors.progress import letters_of
from research.selectors.sheets import FLOOR

_Kind = TypeVar("_Kind", str, tuple[str, str | None])
FEW = "few"  # stands for a group of which too few are in the file
LEFT_OUT = frozenset({"direct"})
NUMBER = Column(name="number", kind="string", title="The person's number in this study", is_needed=True)
WORDS = Column(name="words", kind="string", title="What they wrote", is_words=True)
WEEK = Column(name="week", kind="integer", title="Week of the person's own part, from 0", is_needed=True)


def tables(found: Gathered, messages: Iterable[Prepared]) -> list[Table]:
    """All of them."""
    places, versions = places_of(found), versions_of(found.study)
    where = cells(found.answers, places, versions)
    shown = [Column(name="group", kind="string", title="Group, by a letter and number",
                    values=_named({*places.values(), FEW}), is_needed=True),
             Column(name="version", kind="string", title=version_title(found.study),
                    values=_named({*versions.values(), FEW}))]  # fmt: skip
    made = [_people(found, where, shown), *_rounds(found, where)] if found.answers else []
    writers = writers_of(found, places, versions)
    made += _messages(found, messages, writers, shown)
    if found.recipe.activity:
        made.append(_activity(found, writers, shown))
    if found.recipe.quotes:
        made.append(quotes(found, {one.source.pk: one.source.pid for one in found.quotes}))
    return made


def places_of(found: Gathered, *, salt: str = "") -> dict[int, str]:
    """What each group is called in a file: in an order that says nothing."""
    groups = {one.part.group_id: one.part.group.public_id for one in found.answers}
    groups |= {
        one.member.group_id: one.member.group.public_id for one in found.sources.values() if one.member
    }
    hosts = found.study.hosts.select_related("group")
    groups |= {host.group_id: host.group.public_id for host in hosts}
    mixed = sorted(groups, key=lambda pk: sealed.mark(study=found.study, of=f"place|{salt}|{groups[pk]}"))
    return {pk: f"G{nth}" for nth, pk in enumerate(mixed, start=1)}


def versions_of(study: Study) -> dict[int, str]:
    """What each version is called: until the study is over by a letter that says nothing, so that whoever counts need
    not know."""
    if study.state == StudyState.CLOSED:
        return {arm.pk: arm.code for arm in study.arms.all()}
    return letters_of(study=study)


def cells(
    answers: Sequence[Answering], places: Mapping[int, str], versions: Mapping[int, str]
) -> list[tuple[str, str | None]]:
    """Group and version of each person who answered. Both stand beside messages, too, whose writers the group knows:
    so no group and version of fewer than five is named here."""
    exact = [(places[one.part.group_id], versions.get(one.part.arm_id or 0)) for one in answers]
    few, blank = _too_few(exact), FEW if versions else None
    return [(FEW, blank) if cell in few else cell for cell in exact]


def known(found: Gathered) -> list[Row]:
    """Of each person who answered, all that others may know: group, version and the answers whose question says so."""
    places, versions = places_of(found), versions_of(found.study)
    where = cells(found.answers, places, versions)
    asked = [(wave.number, code) for wave in found.waves for code, column in columns_of(wave, leave_out=LEFT_OUT)
             if column.sensitivity == "quasi"]  # fmt: skip
    return [
        {
            "group": place,
            "version": version,
            **{f"{n} {code}": one.rounds.get(n, {}).get(code) for n, code in asked},
        }
        for one, (place, version) in zip(found.answers, where, strict=True)
    ]


def version_title(study: Study) -> str:
    """What stands over versions in a table."""
    if study.state == StudyState.CLOSED:
        return "Version of the settings, as the protocol calls it"
    return "Version of the settings, by a letter that says nothing until the study is over"


def writers_of(
    found: Gathered, places: Mapping[int, str], versions: Mapping[int, str]
) -> dict[int, tuple[str, str | None]]:
    """Group and version of each writer. A talk lies in one group, and tells it of all who write there: so a group of
    which fewer than five stand in a table is named in none, and where few of a group have a version, none of its
    versions is."""
    exact = {
        pk: (places[one.member.group_id], versions.get(one.arm_id or 0))
        for pk, one in found.sources.items()
        if one.member
    }
    made = [[exact[pk] for pk in there if pk in exact] for there in (found.said, found.counted)]
    few = set[str]().union(*(_too_few([group for group, _version in cells]) for cells in made))
    no_version = {group for cells in made for (group, _version), n in Counter(cells).items() if n < FLOOR}
    blank = FEW if versions else None
    return {
        pk: (FEW, blank) if group in few else (group, blank if group in no_version else version)
        for pk, (group, version) in exact.items()
    }


def _too_few(each: Sequence[_Kind]) -> set[_Kind]:
    """What fewer than five are, with the next smallest if these alone were few."""
    sizes = Counter(each)
    few = {kind for kind, n in sizes.items() if n < FLOOR}
    while few and sum(sizes[kind] for kind in few) < FLOOR and len(few) < len(sizes):
        few.add(min(set(sizes) - few, key=lambda kind: (sizes[kind], str(kind))))
    return few


def _named(values: set[str]) -> dict[int | str, str]:
    return {one: "fewer than five people" if one == FEW else one for one in sorted(values)}


def _people(found: Gathered, where: list[tuple[str, str | None]], shown: list[Column]) -> Table:
    """One row for each who answered. Their number for messages stands in it where the file counts or holds messages."""
    number_of = {found.linked[pk]: one.pid for pk, one in found.sources.items() if pk in found.linked}
    title = "Their number for messages, for who said that both may be put together"
    has_messages = found.recipe.messages or found.recipe.activity
    joined = [Column(name="number_messages", kind="string", title=title)] if has_messages else []
    columns = [NUMBER, *shown, *joined]
    rows = [
        (one.part.pid, *cell, *([number_of.get(one.part.pk)] if has_messages else []))
        for one, cell in zip(found.answers, where, strict=True)
    ]
    key = ("number", "group") if found.study.joins else ("number",)
    return Table(
        name="people", title="People whose answers are in this file", columns=columns, rows=rows, key=key
    )


def _rounds(found: Gathered, where: list[tuple[str, str | None]]) -> Iterator[Table]:
    for wave in found.waves:
        asked = columns_of(wave, leave_out=LEFT_OUT)
        rows = [
            (one.part.pid, *([place] if found.study.joins else []), *(given.get(code) for code, _ in asked))
            for one, (place, _version) in zip(found.answers, where, strict=True)
            if (given := one.rounds.get(wave.number))
        ]
        key = [NUMBER]
        if found.study.joins:
            key.append(Column(name="group", kind="string", title="Group", is_needed=True))
        yield Table(
            name=f"answers_round_{wave.number}", title=f"Answers, round {wave.number} (week {wave.week})",
            columns=[*key, *(column for _code, column in asked)], rows=rows, key=tuple(one.name for one in key),
            refs={} if found.study.joins else {"number": "people"},
        )  # fmt: skip


def columns_of(wave: Wave, *, leave_out: frozenset[str]) -> list[tuple[tuple[str, str], Column]]:
    """The questions of a round, each with its set and code."""
    found = []
    for code, version, digest in wave.instruments:
        one = instruments.find(code=code, version=version, digest=digest)
        found += [((code, item), column) for item, column in answer_columns(one, leave_out=leave_out)]
    return found


def _messages(
    found: Gathered, messages: Iterable[Prepared], writers: Mapping[int, tuple[str, str | None]], shown: list[Column]
) -> Iterator[Table]:  # fmt: skip
    """Those under a name that stays, and apart from them those under one-thread names, with the places of one talk."""
    talks, rows, once = dict[int, tuple[str, int]](), list[Sequence[Cell]](), list[Sequence[Cell]]()
    unnamed = {
        one.member.group_id for pk, one in found.sources.items() if one.member and writers[pk][0] == FEW
    }
    places = {pk: FEW if pk in unnamed else name for pk, name in places_of(found).items()}
    for one in messages:
        name, count = talks.get(one.said.talk, (f"T{len(talks) + 1}", 0))
        talks[one.said.talk] = name, count + 1
        where, said = (name, count + 1, one.source.pid), (one.said.week, one.text)
        if isinstance(one.source, Once):
            once.append((*where, places[one.source.group_id], *said))
        else:
            rows.append((*where, *writers[one.source.pk], *said))
    if found.recipe.messages:
        columns = [*_where("The writer's number for messages"), *shown, WEEK, WORDS]
        yield Table(name="messages", title="Messages", columns=columns, rows=rows, key=("talk", "place"))
    if found.recipe.once:
        week = Column(
            name="week", kind="integer", title="Week since such names are read, from 0", is_needed=True
        )
        columns = [*_where("The number of this one-thread name alone"), shown[0], week, WORDS]
        title = "Messages under one-thread names, each apart from all else"
        yield Table(name="messages_once", title=title, columns=columns, rows=once, key=("talk", "place"))


def _where(title: str) -> list[Column]:
    place = "Place among the messages of this file in the talk"
    return [
        Column(name="talk", kind="string", title="Talk", is_needed=True),
        Column(name="place", kind="integer", title=place, is_needed=True),
        Column(name="number", kind="string", title=title, is_needed=True),
    ]


def _activity(found: Gathered, writers: Mapping[int, tuple[str, str | None]], shown: list[Column]) -> Table:
    by_number = sorted(found.counted, key=lambda pk: found.sources[pk].pid)
    rows = [
        (found.sources[pk].pid, *writers[pk], week, count)
        for pk in by_number
        for week, count in sorted(found.counted[pk].items())
    ]
    columns = [
        Column(name="number", kind="string", title="The writer's number for messages", is_needed=True), *shown, WEEK,
        Column(name="messages", kind="integer", title="How many messages they wrote", is_needed=True),
    ]  # fmt: skip
    title = "How many messages people wrote, by week; weeks without one are not in it"
    return Table(name="activity", title=title, columns=columns, rows=rows, key=("number", "week"))


def quotes(found: Gathered, number_of: Mapping[int, str]) -> Table:
    """Words that their writers agreed to be quoted with."""
    columns = [
        Column(name="number", kind="string", title="The writer's number for messages", is_needed=True),
        Column(name="how", kind="string", title="How it may be quoted", is_needed=True,
               values={"as written": "word for word", "reworded": "in other words"}),
        Column(name="words", kind="string", title="What may be quoted", is_words=True, is_needed=True),
    ]  # fmt: skip
    rows = sorted(
        (number_of[one.source.pk], "reworded" if one.is_reworded else "as written", one.words)
        for one in found.quotes
    )
    return Table(name="quotes", title="Quotes, agreed to by their writers", columns=columns, rows=rows)
