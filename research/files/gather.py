"""The first stages: what may be used now, held still at a day; and whose it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from chat.models import Post
from research import sealed
from research.enums import Answer, Item, Part
from research.files.recipe import Recipe
from research.models import ConsentEvent, Participant, QuoteAsk, Source, Study, Wave, WaveTask
from research.selectors import consent, once, outside, parts, quotes, studies, usable
from research.selectors.once import Name, Window
from research.selectors.usable import Given, Written

Value = int | str  # a choice or why there is none, or words
Question = tuple[str, str]  # set, item
UNTOLD = {"rows": "not told"}  # a person has so many a round: rows would tell how many people they are of


@dataclass(frozen=True, kw_only=True)
class Answering:
    """One person's answers in one group: by round, then by set and question."""

    part: Participant
    rounds: Mapping[int, Mapping[Question, Value]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One message: where it stands, and in which week of its writer's part."""

    mid: str
    talk: int
    seq: int
    byline: int
    week: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Once:
    """A one-thread name: its own number, and nothing of whose it is."""

    pk: int
    pid: str
    group_id: int
    is_first: bool


Writer = Source | Once


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """Words that may be quoted."""

    source: Source
    words: str
    is_reworded: bool
    ask: int


@dataclass(kw_only=True)
class Gathered:
    """Everything that a recipe asks for and that may be used. `linked`: the source's key -> the participant's, for who
    said that both may be put together. `trace`: what each stage did, in counts."""

    study: Study
    recipe: Recipe
    waves: Sequence[Wave]
    answers: list[Answering] = field(default_factory=list)
    sources: dict[int, Source] = field(default_factory=dict)
    said: dict[int, list[Said]] = field(default_factory=dict)
    counted: dict[int, dict[int, int]] = field(default_factory=dict)  # source -> week -> messages
    quotes: list[Quoted] = field(default_factory=list)
    linked: dict[int, int] = field(default_factory=dict)
    once: dict[int, Once] = field(default_factory=dict)  # what these say is in `said`, too
    trace: list[dict[str, Any]] = field(default_factory=list)

    @property
    def writers(self) -> set[int]:
        """The sources of those whose messages are in it: one-thread names are no people, and nobody's."""
        return self.said.keys() - self.once.keys()


def gather(*, study: Study, recipe: Recipe) -> Gathered:
    """All of it, held at the recipe's last day."""
    waves = list(Wave.objects.filter(study=study, number__lte=recipe.last_round).order_by("number"))
    found = Gathered(study=study, recipe=recipe, waves=waves)
    latest = latest_start(recipe)
    if waves:
        _answers(found, latest)
    if recipe.messages or recipe.activity:
        _messages(found, latest)
    if recipe.once:
        _once(found)
    if recipe.quotes:
        _quotes(found)
    found.linked = _linked(found) if found.answers else {}
    return found


def has_answers(*, study: Study, recipe: Recipe, least: int) -> bool:
    """Whether so many people have answers that would be in it. It stops at the last of them."""
    tasks = set(
        WaveTask.objects.filter(wave__study=study, wave__number__lte=recipe.last_round).values_list(
            "pk", flat=True
        )
    )
    people = set[int]()
    for one in usable.answers(study=study, recipient=recipe.outside):
        if isinstance(one.row, Given) and one.row.task_id in tasks and one.part.since <= recipe.latest:
            people.add(one.part.pk)
            if len(people) >= least:
                return True
    return False


def has_messages(*, study: Study, recipe: Recipe) -> bool:
    """Whether any message would be in it."""
    has_answers_too = Item.SURVEYS in studies.settings_of(study)["items"]
    for one in usable.messages(study=study):
        part, row = one.part, one.row
        assert isinstance(part, Source) and isinstance(row, Written)
        if (
            row.posted_on <= recipe.until
            and part.since <= recipe.latest
            and (not has_answers_too or _has_both(part))
        ):
            return True
    return False


def latest_start(recipe: Recipe) -> dt.date:
    """Who came later is not in the file at all: answers that are not there yet would tell when somebody came, and
    messages tell that, too."""
    return recipe.latest


def time_of(day: int) -> int:
    """What is told of a day of somebody's part: its week. Days keep the distances between them, and four known ones
    find one person."""
    return day // 7


def _has_both(source: Source) -> bool:
    """Whether messages of this part may stand beside answers: where they end tells when somebody stopped, and so whose
    answers end there."""
    return source.part != Part.STOPPED


def _answers(found: Gathered, latest: dt.date) -> None:
    tasks = WaveTask.objects.filter(wave__in=found.waves).values_list("pk", "wave__number")
    number_of, free = dict(tasks), _may_hold_words(found)
    by_part: dict[int, dict[int, dict[Question, Value]]] = {}
    people: dict[int, Participant] = {}
    questions: dict[Question, Question] = {}  # each is kept once, whoever answered it
    rows = 0
    for one in usable.answers(study=found.study, recipient=found.recipe.outside):
        part, row = one.part, one.row
        assert isinstance(part, Participant) and isinstance(row, Given)
        if row.task_id not in number_of or part.since > latest:
            continue
        value = _value(found.study, part, row, with_words=free(part))
        if value is not None:
            people[part.pk] = part
            given = by_part.setdefault(part.pk, {}).setdefault(number_of[row.task_id], {})
            question = (row.instrument, row.item)
            given[questions.setdefault(question, question)] = value
            rows += 1
    in_order = sorted(by_part, key=lambda pk: (people[pk].pid, people[pk].group_id))
    found.answers = [Answering(part=people[pk], rounds=by_part[pk]) for pk in in_order]
    found.trace.append({"stage": "answers that may be used", "people": len(people), "rows": rows})
    found.trace.append({"stage": "answers of who came later, left out", **UNTOLD})


def _value(study: Study, part: Participant, row: Given, *, with_words: bool) -> Value | None:
    if row.sealed is None:
        return row.value if row.value is not None else row.missing
    if not with_words:
        return None
    place = parts.place_of(part.pid, row)
    return sealed.unseal(study=study, sealed=bytes(row.sealed), place=place).decode()


def _may_hold_words(found: Gathered) -> Any:
    """Whose free answers may be in it. Beside somebody's messages their own words would tell whose answers these are:
    where a study reads messages, only those of who said that both may be put together."""
    reads = set(studies.settings_of(found.study)["items"]) & {Item.POSTS, Item.ALIAS_POSTS}
    both = _who_link(found.study) if reads else set()
    return lambda part: not reads or bytes(part.key) in both


def _messages(found: Gathered, latest: dt.date) -> None:
    recipe = found.recipe
    has_answers = Item.SURVEYS in studies.settings_of(found.study)["items"]
    counts = {"messages": 0, "counted": 0}
    wanted = [Item.POSTS] * recipe.messages + [Item.ACTIVITY] * recipe.activity
    for one, items in usable.messages_for(study=found.study, items=wanted):
        source, row = one.part, one.row
        assert isinstance(source, Source) and isinstance(row, Written)
        is_later = row.posted_on > recipe.until or source.since > latest
        if is_later or (has_answers and not _has_both(source)):
            continue
        for item in items:
            found.sources[source.pk] = source
            _keep(found, source, row, time_of(one.day), item)
            counts["messages" if item == Item.POSTS else "counted"] += 1
    found.trace.append({"stage": "messages that may be read", "rows": counts["messages"]})
    found.trace.append({"stage": "messages that may be counted", "rows": counts["counted"]})
    found.trace.append({"stage": "messages of who came later or stopped, left out", **UNTOLD})


def _keep(found: Gathered, source: Source, row: Written, week: int, item: Item) -> None:
    if item == Item.ACTIVITY:
        weeks = found.counted.setdefault(source.pk, {})
        weeks[week] = weeks.get(week, 0) + 1
        return
    found.said.setdefault(source.pk, []).append(_said(row, week))


def _said(row: Post | Written, week: int) -> Said:
    return Said(mid=row.public_id, talk=row.thread_id, seq=row.seq, byline=row.byline_id, week=week)


def first_day_of(days: Window, _name: Name) -> dt.date:
    """The day from which its weeks are counted: everybody's."""
    return days.start


def _once(found: Gathered) -> None:
    """One-thread names, each by its own number: the first day is everybody's, and none has a version."""
    days = once.window(found.study)
    for name in once.names(study=found.study):
        row = name.row
        found.once[row.pk] = Once(pk=row.pk, pid=name.number, group_id=row.group_id, is_first=name.is_first)
        assert days is not None
        first = first_day_of(days, name)
        found.said[row.pk] = [_said(post, time_of((post.posted_on - first).days)) for post in name.posts]
    there = sum(len(found.said[pk]) for pk in found.once)
    found.trace.append(
        {"stage": "one-thread names that may be read", "names": len(found.once), "rows": there}
    )


def _quotes(found: Gathered) -> None:
    sources = Source.objects.filter(study=found.study, part=Part.IN).order_by("pid")
    may_leave = partial(_may_leave, found.recipe.outside)
    for one in quotes.of_sources(sources=sources):
        row = one.ask
        if (words := one.quote) and may_leave(row):
            is_reworded = words == one.rewording
            found.quotes.append(Quoted(source=row.source, words=words, is_reworded=is_reworded, ask=row.pk))
    found.quotes.sort(key=lambda one: (one.source.pid, one.words))
    found.trace.append({"stage": "quotes that their writers agreed to", "rows": len(found.quotes)})


def _may_leave(recipient: str, ask: QuoteAsk) -> bool:
    """Whether words may go to somebody outside: their writer had read of them before agreeing to be asked, both when
    they answered and at the last."""
    if not recipient:
        return True
    read = outside.documents(study=ask.study, recipient=recipient)
    said = consent.events(key=bytes(ask.source.key))
    on_day = ask.answered_on or ask.asked_on
    digests = consent.digests_on(study=ask.study, on_day=on_day) & read
    is_covered = consent.covers(events=said, item=Item.QUOTES, on_day=on_day, digests=digests)
    return is_covered and outside.is_in(events=said, item=Item.QUOTES, read=read)


def _linked(found: Gathered) -> dict[int, int]:
    both = _who_link(found.study)
    there = {one.part.pk for one in found.answers if bytes(one.part.key) in both}
    return {pk: one.participant_id for pk, one in found.sources.items() if one.participant_id in there}


def _who_link(study: Study) -> set[bytes]:
    """The keys of parts whose last word about putting both together is yes, to what is promised today."""
    last: dict[bytes, ConsentEvent] = {}
    events = ConsentEvent.objects.select_related("document").filter(study=study, item=Item.LINK)
    for event in events.order_by("nth").iterator():
        last[bytes(event.key)] = event
    digests = consent.digests_today(study=study)
    return {key for key, one in last.items() if one.answer == Answer.GIVEN and one.document.digest in digests}


def each_said(found: Gathered) -> Iterator[tuple[Writer, Said]]:
    """Every message with its writer's part, or with its one-thread name, talk by talk."""
    writers: dict[int, Writer] = {**found.sources, **found.once}
    rows = [(writers[pk], one) for pk, said in found.said.items() for one in said]
    yield from sorted(rows, key=lambda row: (row[1].talk, row[1].seq))
