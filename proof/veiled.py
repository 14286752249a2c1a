"""Whose is a one-thread name that is in a study's file? A member of the group who holds it knows every message with its
name and day. They know whose messages in the file are whose, and try to tell which name here wrote under which
one-thread name, which two are one person's, and who never said yes."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from chat.models import Alias, Post, Thread
from community.errors import MayNot
from community.models import Group, Member, Persona
from core import clock, ids
from proof.harness import Defence, Result, none_found, swapped
from research.actions import departing, once
from research.enums import Item, Scope
from research.files import gather
from research.models import Recall, Study
from research.selectors import once as reading

PEOPLE = {"small": 36, "full": 240}
LEAVINGS = {"small": 2, "full": 12}
COUNTS = {
    "small": [(9, 12), (12, 9), (12, 12)],
    "full": [(yes, no) for yes in (1, 9, 10) for no in (1, 9, 10)],
}
SPAN, RUNS, ENDS = 100, 30, 90  # days: how long ago it opened; nobody new; over
SIGMAS = 4.0
ITEMS = [str(Item.ACTIVITY), str(Item.POSTS), str(Item.ALIAS_POSTS)]


@dataclass(eq=False)
class _One:
    """Somebody as they are. `came`: the day of their yes, None for who never gave one; `goes`: when they leave."""

    who: Any
    handle: str
    came: int | None
    goes: int | None
    days: list[int]  # on which they write under their name
    names: dict[int, list[int]] = field(
        default_factory=dict
    )  # talk -> days on which they write there under another

    @property
    def stays(self) -> bool:
        """The reference: they said yes before such names are read, and kept to it."""
        return self.came is not None and self.came < RUNS + 7 and self.goes is None


@dataclass
class _World:
    """A study in one group, on a day on which it is over, and what is known of each message."""

    filing: Any
    group: Group
    people: list[_One]
    days: dict[str, int]  # text -> day
    writer: dict[str, _One]  # text -> who, which nobody who attacks may look at


def prove(size: str) -> Iterator[Result]:
    """One large study whose file an insider attacks; leavings after a file; and studies of few."""
    world = _made(PEOPLE[size], random.Random(5))
    _export, files = world.filing.fetched(once=True, messages=True, last_round=0)
    told = _Told(world, files)
    yield _at_most("a member of the group who holds the file tells whose a one-thread name is no better than by chance "
                   "among those who said yes", told.whose(random.Random(1)), part="whose")  # fmt: skip
    yield _at_most(
        "nor which two one-thread names are one person's", told.pairs(random.Random(2)), part="pairs"
    )
    rows = told.once
    yield none_found("no one-thread name is in a file whose owner did not say yes in time and keep to it, or by halves",
                     tried=len(rows), found=told.wrong(), part="consent")  # fmt: skip
    tried = found = 0
    for one in [one for one in world.people if one.stays and one.names][: LEAVINGS[size]]:
        tried, found = tried + 1, found + _is_told_by_leaving(world, one)
    yield none_found("when somebody takes theirs back after a file, what goes is none or all of the group",
                     tried=tried, found=found, part="taking back")  # fmt: skip
    yield _few(size)


def _at_most(promise: str, told: tuple[int, int, float, float], *, part: str) -> Result:
    tried, right, chance, spread = told
    most = chance + SIGMAS * spread
    return Result(
        promise=promise, tried=tried, found=f"{right} right", goal=f"at most {most:.0f}; chance is {chance:.0f}",
        holds=right <= most and tried > 0, part=part,
    )  # fmt: skip


# --- what the insider tries -----------------------------------------------------------------------------------------
class _Told:
    """What a file says of each number, read beside the days that the group knows."""

    def __init__(self, world: _World, files: dict[str, bytes]) -> None:
        from tests.research.filing import rows_of

        self.world = world
        self.names, self.once = rows_of(files, "messages"), rows_of(files, "messages_once")
        self.of_name, self.of_once = self._by_text(self.names), self._by_text(self.once)

    def _by_text(self, rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        """Rows by their number."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            found[row["number"]].append(row)
        return found

    def _day(self, row: dict[str, Any]) -> int:
        return self.world.days[row["words"]]

    def _first_days(self, rows: Sequence[dict[str, Any]]) -> set[int]:
        """The days from which their weeks can have been counted."""
        ways = [{self._day(row) - 7 * row["week"] - off for off in range(7)} for row in rows]
        return set.intersection(*ways)

    def _likeness(self, one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> float:
        """How well two numbers fit one person: the same number, the same first day, the same version."""
        same = one[0]["number"] == other[0]["number"]
        both = self._first_days(one) & self._first_days(other)
        fits = len(both) / min(len(self._first_days(one)), len(self._first_days(other)))
        version = one[0].get("version")
        return float(10 * same + fits + (version is not None and version == other[0].get("version")))

    def _who(self, rows: Sequence[dict[str, Any]]) -> _One:
        return self.world.writer[rows[0]["words"]]

    def _could_be(self) -> list[str]:
        """Names in the file of which everything is in it that they wrote in these days: others came late or left."""
        return [number for number, rows in self.of_name.items() if self._who(rows).stays]

    def whose(self, dice: random.Random) -> tuple[int, int, float, float]:
        """Tried, guessed right, and what chance and its spread are."""
        names, right, tried = self._could_be(), 0, 0
        for rows in self.of_once.values():
            by = {number: self._likeness(rows, self.of_name[number]) for number in names}
            best = max(by.values())
            guess = dice.choice([number for number, fits in by.items() if fits == best])
            tried, right = tried + 1, right + (self._who(self.of_name[guess]) is self._who(rows))
        chance = 1 / max(len(names), 1)
        return tried, right, tried * chance, (tried * chance * (1 - chance)) ** 0.5

    def pairs(self, dice: random.Random) -> tuple[int, int, float, float]:
        """The same, for the one-thread name that is most like each."""
        numbers, right, chance = list(self.of_once), 0, 0.0
        if len(numbers) < len({self._who(rows) for rows in self.of_once.values()}) + 1:
            return len(self.once), len(self.once), 0.0, 0.0  # names of one person stand under one number
        for number in numbers:
            rows = self.of_once[number]
            by = {other: self._likeness(rows, self.of_once[other]) for other in numbers if other != number}
            best = max(by.values())
            guess = dice.choice([other for other, fits in by.items() if fits == best])
            right += self._who(self.of_once[guess]) is self._who(rows)
            theirs = sum(self._who(self.of_once[other]) is self._who(rows) for other in by)
            chance += theirs / len(by)
        share = chance / len(numbers)
        return len(numbers), right, chance, (len(numbers) * share * (1 - share)) ** 0.5

    def wrong(self) -> int:
        """Rows of who did not say yes in time, or of a name that signed on other days, too."""
        found = 0
        for row in self.once:
            one = self.world.writer[row["words"]]
            (days,) = [
                days for days in one.names.values() if self._day(row) in days and _is_in(days, row, self)
            ]
            found += not one.stays or min(days) < RUNS + 7 or not RUNS + 7 <= self._day(row) < ENDS
        return found


def _is_in(days: list[int], row: dict[str, Any], told: _Told) -> bool:
    return row["words"] in {_text(told.world.writer[row["words"]], talk, day) for talk, some in
                            told.world.writer[row["words"]].names.items() if some is days for day in days}  # fmt: skip


def _is_told_by_leaving(world: _World, one: _One) -> bool:
    """Whether what is called back when somebody leaves is some of a group's names, and not all."""
    from django.db import transaction

    study = world.filing.study
    before = {name.number for name in reading.names(study=study)}
    with transaction.atomic():
        departing.leave(
            group=world.group, sid=study.public_id, scope=Scope.EXCLUDE, key_of=one.who.keyed, together=False
        )
        called = set(Recall.objects.filter(study=study).values_list("pid", flat=True)) & before
        left = {name.number for name in reading.names(study=study)}
        transaction.set_rollback(True)
    return bool(before) and (called != before or bool(left))


def _few(size: str) -> Result:
    """Studies in which few said yes, or nearly all."""
    tried = found = 0
    for nth, (yes, no) in enumerate(COUNTS[size]):
        world = _made(yes + no, random.Random(50 + nth), counts=(yes, no))
        tried += 1
        with suppress(MayNot):
            _export, files = world.filing.fetched(once=True, last_round=0)
            told = _Told(world, files | {"data/messages.jsonl": b""})
            writers = {id(told._who(rows)) for rows in told.of_once.values()}
            found += len(writers) < 10 or no < 10
    return none_found("no file has one-thread names of fewer than ten who said yes, or beside fewer than ten others",
                      tried=tried, found=found, part="few")  # fmt: skip


# --- the made-up study ----------------------------------------------------------------------------------------------
def _made(size: int, dice: random.Random, counts: tuple[int, int] | None = None) -> _World:
    from tests.people import Cast, make_group, make_people, make_thread
    from tests.research.consenting import open_study
    from tests.research.filing import TEAM, Filing
    from tests.research.watchers import works_on

    group, mark = make_group(name=ids.new_public_id()), ids.new_public_id()[:6].lower()
    team = make_people({f"{mark}-{name}": True for name in TEAM})
    start = clock.now() - dt.timedelta(days=SPAN)
    with clock.held_at(start):
        study = open_study(group, items=ITEMS)
        for name, role in TEAM.items():
            works_on(team[f"{mark}-{name}"], study, role=role)
        talks = [make_thread(group) for _ in range(4)]
        people = [_one(nth, group, dice, counts) for nth in range(size)]
    cast: Cast = type("One group", (), {"harbour": group})()
    world = _World(Filing(cast=cast, study=study, people={name: team[f"{mark}-{name}"] for name in TEAM}),
                   group, people, {}, {})  # fmt: skip
    for day in range(SPAN):
        with clock.held_at(start + dt.timedelta(days=day)):
            _live(world, study, talks, day, dice)
    study.refresh_from_db()
    return world


def _one(nth: int, group: Group, dice: random.Random, counts: tuple[int, int] | None) -> _One:
    """Somebody with a member and no account. Of all, some never say yes, some late, and some leave before it is over;
    where `counts` says how many do and do not, nobody leaves."""
    from tests.people import Person

    who = Person(account=None, secret=ids.new_secret(), client=None)  # type: ignore[arg-type]  # nobody signs in
    member = Member.objects.create(group=group, owner_tag=who.tag(group), accepted_version=1)
    handle = f"Veiled Feather {group.pk}-{nth}"
    Persona.objects.create(
        member=member, group=group, handle=handle, handle_key=handle.casefold(), avatar_svg=""
    )
    kind = nth % 6 if counts is None else (0 if nth < counts[0] else 5)
    came = {5: None, 4: dice.randrange(40, 60)}.get(kind, dice.randrange(0, RUNS))
    goes = dice.randrange(55, 80) if kind == 3 else None
    one = _One(who, handle, came, goes, sorted(dice.sample(range(38, ENDS), 5)))
    for talk in dice.sample(range(4), 2):
        first = dice.randrange(RUNS + 8, 70) if counts or dice.random() < 0.85 else dice.randrange(5, RUNS)
        one.names[talk] = sorted({first, *dice.sample(range(first, SPAN - 1), 2)})
    return one


def _live(world: _World, study: Study, talks: Sequence[Thread], day: int, dice: random.Random) -> None:
    from tests.chat.saying import alias_key, send, sign_as_alias
    from tests.research.consenting import say
    from tests.research.naming import ends, runs

    if day in (RUNS, ENDS):
        runs(study) if day == RUNS else ends(study)
    for one in dice.sample(world.people, len(world.people)):
        if one.came == day:
            late = Study.objects.filter(pk=study.pk, state="running").update(state="inviting")
            say(one.who, world.group, study, {Item(item): True for item in ITEMS})
            Study.objects.filter(pk=study.pk).update(state="running") if late else None
        if one.goes == day:
            departing.leave(
                group=world.group, sid=study.public_id, scope=Scope.STOP, key_of=one.who.keyed, together=False
            )
        if day in one.days:
            send(one.who, talks[day % 4], _kept(world, one, _text(one, -1, day), day))
        for talk, days in one.names.items():
            if day in days:
                key = alias_key(one.who, talks[talk])
                if not Alias.objects.filter(key=key).exists():
                    sign_as_alias(one.who, talks[talk], handle=f"Hid {one.handle} {talk}")
                send(one.who, talks[talk], _kept(world, one, _text(one, talk, day), day), key_for_alias=key)
                once.note(one.who.here(world.group), talks[talk].public_id, one.who.keyed)


def _kept(world: _World, one: _One, text: str, day: int) -> str:
    world.days[text], world.writer[text] = day, one
    return text


def _text(one: _One, talk: int, day: int) -> str:
    """Words that no rule takes for anything, and that stand once."""
    number = int(one.handle.rpartition("-")[2]) * 1000 + (talk + 1) * 100 + day
    return "there were " + "".join("oaeiumnrst"[int(digit)] for digit in f"{number:07}")


# --- without a defence ----------------------------------------------------------------------------------------------
def _owner_of(row: Any) -> Any:
    """Whose a row is, as nothing in Kith can tell."""
    opened = reading._opened(row)[0]
    post = Post.objects.filter(byline__alias__key=opened).select_related("byline__alias")[0]
    from chat.actions.bylines import owner_tag_of

    alias = post.byline.alias
    assert alias is not None
    return Member.objects.get(owner_tag=owner_tag_of(alias=alias))


def _their_number(row: Any) -> str:
    from research.models import Source

    return str(Source.objects.get(study=row.study, member=_owner_of(row)).pid)


def _their_day(_days: Any, name: Any) -> dt.date:
    from research.models import Source

    since: dt.date = Source.objects.get(study=name.row.study, member=_owner_of(name.row)).since
    return since


def _nothing(**_: Any) -> None:
    """Whatever there is stays."""


DEFENCES = [
    Defence(name="a number of its own for each name", off=swapped(reading, "number_of", _their_number)),
    Defence(name="weeks from one day for all", off=swapped(gather, "first_day_of", _their_day)),
    Defence(name="who leaves takes theirs out", off=swapped(once, "take_back_own", _nothing)),
    Defence(name="no name by halves", off=swapped(reading, "signed_before", lambda *_: False)),
    Defence(name="all of a group go", off=swapped(reading, "was_asked_for", lambda _: False)),
    Defence(name="ten on either side", off=swapped(reading, "ENOUGH", 1)),
]
