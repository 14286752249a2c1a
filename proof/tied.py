"""Whose answers are whose messages? A large made-up study, and a member of its group who holds the file: they know
every message with its name and day, and try everything in the file that could tie a number of answers to a name. And
somebody who knows on which days a person wrote four times. Part of `proof/files.py`."""

from __future__ import annotations

import datetime as dt
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from chat.models import Byline, Post
from community.models import Group, Member, Persona
from core import clock, ids
from proof.harness import Result
from research.actions import exports, waves
from research.enums import Answer, Item, Part
from research.files import gather
from research.models import ConsentDocument, ConsentEvent, Participant, Response, Source, Study, WaveTask

PEOPLE = {"small": 70, "full": 600}
DAYS, FEW = 70, 3  # since when the study runs; people of a second group
ITEMS = ("same", "ask", "alone", "read", "give", "elsewhere")
ROUNDS = [
    {"number": nth, "week": week, "open_days": 14, "instruments": [["brought", "1"]]}
    for nth, week in ((1, 0), (2, 4))
]
SURE = 0.0001


@dataclass
class _One:
    """Somebody as they are: nobody who holds the file knows which row is whose."""

    nth: int
    group: Group
    since: int
    stops: int | None
    days: list[int]
    pid: str = ""
    source: str = ""
    known: Counter[int] = field(default_factory=Counter)


def attacks(size: str) -> Iterator[Result]:
    """The rows of an insider and of somebody who knows days."""
    files, people = _made(PEOPLE[size])
    from tests.research.filing import rows_of

    messages, answers = rows_of(files, "messages"), _answers(files)
    found = [(kind, sure) for kind, sure in _ties(messages, answers, people) if sure < SURE]
    kinds = len(KNOWN) * len(TOLD)
    both = sum(one.pid in answers and one.source in {row["number"] for row in messages} for one in people)
    yield Result(
        promise=f"a member of the group who holds the file ties no answers to a name ({both} people are in both)",
        tried=kinds, found=len(found), goal="0 kinds with p < 0.0001", holds=not found and both > 0, part="insider",
    )  # fmt: skip
    tried, alone = _known_days(messages, people, random.Random(7))
    share = alone / tried
    yield Result(
        promise="four known days of writing find one person in the file", tried=tried, found=f"{share:.1%}",
        goal="at most 1%", holds=share <= 0.01 and tried > 0, part="known days",
    )  # fmt: skip


# --- what the insider tries -----------------------------------------------------------------------------------------
KNOWN = ("first day", "last day", "messages", "place in the file")
TOLD = ("answers", "rounds", "skipped", "place in the file")


def _answers(files: Mapping[str, bytes]) -> dict[str, dict[str, float]]:
    """What the file tells of each number of answers."""
    from tests.research.filing import rows_of

    told: dict[str, dict[str, float]] = {}
    for place, row in enumerate(rows_of(dict(files), "people")):
        told[row["number"]] = {"answers": 0, "rounds": 0, "skipped": 0, "place in the file": place}
    for nth in (1, 2):
        for row in rows_of(dict(files), f"answers_round_{nth}"):
            given = [value for key, value in row.items() if key != "number" and value is not None]
            told[row["number"]]["rounds"] += 1
            told[row["number"]]["answers"] += sum(value >= 0 for value in given)
            told[row["number"]]["skipped"] += sum(value < 0 for value in given)
    return told


def _ties(
    messages: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, float]], people: Sequence[_One]
) -> Iterator[tuple[tuple[str, str], float]]:  # fmt: skip
    """How surely each thing known of a name goes with each thing told of a number, over those who are in both."""
    by_words = {_spelt(one.nth): one for one in people}
    days = {_spelt(day): day for day in range(DAYS)}
    known: dict[int, dict[str, float]] = {}
    for place, row in enumerate(messages):
        _there, _were, who, *_more, when, _end = row["words"].split(" ")
        if who not in by_words or when not in days:  # a rule took it for a name or a place
            continue
        one = by_words[who]
        day = days[when]  # the insider reads it beside the message
        so_far = known.setdefault(
            one.nth, {"first day": day, "last day": day, "messages": 0, "place in the file": place}
        )
        so_far["first day"], so_far["last day"] = min(so_far["first day"], day), max(so_far["last day"], day)
        so_far["messages"] += 1
    both = [one for one in people if one.nth in known and one.pid in answers]
    for mine, theirs in product(KNOWN, TOLD):
        pairs = [(known[one.nth][mine], answers[one.pid][theirs]) for one in both]
        yield (mine, theirs), _chance(pairs)


def _chance(pairs: Sequence[tuple[float, float]]) -> float:
    """How likely so strong a rank correlation is by chance (Spearman, normal approximation)."""
    if len(pairs) < 5:
        return 1.0
    ranks = [_ranks([pair[side] for pair in pairs]) for side in (0, 1)]
    mean = (len(pairs) - 1) / 2
    spread = [math.sqrt(sum((rank - mean) ** 2 for rank in side)) for side in ranks]
    if not all(spread):
        return 1.0
    together = sum((a - mean) * (b - mean) for a, b in zip(*ranks, strict=True))
    rho = together / spread[0] / spread[1]
    return math.erfc(abs(rho) * math.sqrt(len(pairs) - 1) / math.sqrt(2))


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = defaultdict(list)
    for place, value in enumerate(sorted(values)):
        places[value].append(place)
    return [sum(places[value]) / len(places[value]) for value in values]


def _spelt(number: int) -> str:
    """A number in letters that no rule takes for anything."""
    return "".join("oaeiumnrst"[int(digit)] for digit in f"{number:03}")


# --- known days -----------------------------------------------------------------------------------------------------
def _known_days(
    messages: Sequence[Mapping[str, Any]], people: Sequence[_One], dice: random.Random
) -> tuple[int, int]:
    """Of how many people four days of writing were known, and how many of them are then the only one that fits."""
    told: dict[str, set[int]] = defaultdict(set)
    for row in messages:
        told[row["number"]].add(row["week"])
    tried = alone = 0
    for one in people:
        in_file = sorted(one.known)
        if one.source not in told or len(in_file) < 4:
            continue
        days = dice.sample(in_file, 4)
        fits = [number for number, times in told.items() if _fits(days, times)]
        tried, alone = tried + 1, alone + (fits == [one.source])
    return tried, alone


def _fits(days: Sequence[int], times: set[int]) -> bool:
    """Whether somebody who began on any day could have written on these."""
    return any({gather.time_of(day - since) for day in days} <= times for since in range(min(days) + 1))


# --- the made-up study ----------------------------------------------------------------------------------------------
def _made(size: int) -> tuple[dict[str, bytes], list[_One]]:
    from tests.people import make_people
    from tests.research.filing import TEAM, Filing, opened
    from tests.research.questions import asking
    from tests.research.watchers import works_on

    cast, dice = Groups(), random.Random(11)
    now = clock.now()
    team = make_people({f"tied-{name}": True for name in TEAM})
    with clock.held_at(now - dt.timedelta(days=DAYS)):
        study = asking(cast.harbour, cast.meadow, rounds=ROUNDS)
        for name, role in TEAM.items():
            works_on(team[f"tied-{name}"], study, role=role)
        start = clock.today()
    people = [_one(nth, size, cast, dice) for nth in range(size + FEW)]
    _write(study, people, start, dice)
    filing = Filing(cast=cast, study=study, people={name: team[f"tied-{name}"] for name in TEAM})  # type: ignore[arg-type]  # made by a script
    export = filing.let_go(last_round=2, messages=True)
    data = exports.fetch(desk=filing.desk(), fid=export.public_id)
    assert data is not None
    return opened(data), people


class Groups:
    """Two groups with a thread each."""

    def __init__(self) -> None:
        from tests.people import make_group

        self.harbour, self.meadow = make_group(name="tied harbour"), make_group(name="tied meadow")


def _one(nth: int, size: int, cast: Groups, dice: random.Random) -> _One:
    """Half came early; three in ten of them stop in the fourth week. Nothing they write goes with what they answer."""
    is_late = nth % 2 == 1
    since = 45 + dice.randrange(4) if is_late else dice.randrange(4)
    stops = since + 21 + dice.randrange(4) if not is_late and nth % 10 < 3 else None
    last = stops if stops is not None else DAYS - 1
    days = sorted(dice.choices(range(since + 6, last), k=dice.randint(8, 30)))
    group = cast.harbour if nth < size else cast.meadow
    return _One(nth=nth, group=group, since=since, stops=stops, days=days)


def _write(study: Study, people: Sequence[_One], start: dt.date, dice: random.Random) -> None:
    """All rows, as the actions write them one by one."""
    from tests.people import make_thread

    document = ConsentDocument.objects.get(study=study)
    threads = {one.group.pk: make_thread(one.group) for one in (people[0], people[-1])}
    posts, events, seq = list[Post](), list[ConsentEvent](), Counter[int]()
    for one in people:
        part = _part(study, one, start)
        source = _source(study, one, start, dice)
        byline = Byline.objects.create(thread=threads[one.group.pk], persona=source.member.personas.get())
        one.pid, one.source = part.pid, source.pid
        events += _said(document, part.key, Item.SURVEYS, (part.since, part.left_on))
        events += _said(document, source.key, Item.POSTS, (source.since, source.until))
        for day in one.days:
            on = start + dt.timedelta(days=day)
            if on >= source.since and not (source.until and on > source.until):
                one.known[day] += 1
            seq[one.group.pk] += 1
            text = f"there were {_spelt(one.nth)} of them and {_spelt(day)} more"
            place = seq[one.group.pk]
            posts.append(
                Post(thread=byline.thread, byline=byline, seq=place, posted_on=on, text=text, html="")
            )
        waves.begin(participant=part, on=part.since)
    ConsentEvent.objects.bulk_create(events)
    Post.objects.bulk_create(posts)
    Response.objects.bulk_create(_given(study, people, dice))


def _part(study: Study, one: _One, start: dt.date) -> Participant:
    left = start + dt.timedelta(days=one.stops) if one.stops is not None else None
    return Participant.objects.create(
        study=study, group=one.group, key=ids.new_secret(), pid=ids.new_public_id(), left_on=left,
        part=Part.STOPPED if left else Part.IN, since=start + dt.timedelta(days=one.since),
    )  # fmt: skip


def _source(study: Study, one: _One, start: dt.date, dice: random.Random) -> Source:
    member = Member.objects.create(group=one.group, owner_tag=ids.new_secret(), accepted_version=1)
    handle = f"Tied Feather {one.nth}"
    Persona.objects.create(
        member=member, group=one.group, handle=handle, handle_key=handle.casefold(), avatar_svg=""
    )
    until = start + dt.timedelta(days=one.stops - dice.randrange(7)) if one.stops is not None else None
    return Source.objects.create(
        study=study, member=member, key=ids.new_secret(), pid=ids.new_public_id(), until=until,
        part=Part.STOPPED if until else Part.IN, since=start + dt.timedelta(days=one.since + dice.randrange(7)),
    )  # fmt: skip


def _said(
    document: ConsentDocument, key: bytes, item: Item, days: tuple[dt.date, dt.date | None]
) -> list[ConsentEvent]:
    given = {"study": document.study, "key": key, "item": item, "document": document}
    said = zip((1, 2), (Answer.GIVEN, Answer.WITHDRAWN), days, strict=True)
    return [ConsentEvent(**given, nth=nth, answer=answer, on_day=day) for nth, answer, day in said if day]


def _given(study: Study, people: Sequence[_One], dice: random.Random) -> Iterator[Response]:
    """Answers to what was open before they stopped or today came; one in eight is skipped."""
    tasks = {
        (task.participant.pid, task.wave.number): task
        for task in WaveTask.objects.filter(participant__study=study).select_related("participant", "wave")
    }
    for one, nth in product(people, (1, 2)):
        day = (nth - 1) * 28 + dice.randrange(14)
        if (one.stops is not None and one.since + day >= one.stops) or one.since + day >= DAYS:
            continue
        for item in ITEMS:
            is_skipped = dice.random() < 0.125
            value = None if is_skipped else dice.randrange(2)
            yield Response(task=tasks[one.pid, nth], instrument="brought", item=item, value=value,
                           missing=-1 if is_skipped else None, study_day=day)  # fmt: skip
