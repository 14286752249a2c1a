"""What of a study may be used now: the one way by which answers and messages leave. Whoever wants nothing used is not
in it, and nothing is without a yes to its item on its day, under what was promised then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from chat.enums import PostState
from chat.models import Post
from core.prepared import Prepared
from research.enums import Agreement, Item, Part
from research.models import ConsentEvent, Participant, Response, Source, Study
from research.selectors import consent, outside, studies

USED = [Part.IN, Part.STOPPED]


class Given(NamedTuple):
    """One answer, as a `Response` holds it. There are many: a row of a model costs three times as much."""

    task_id: int
    instrument: str
    item: str
    value: int | None
    missing: int | None
    sealed: bytes | None
    study_day: int


class Written(NamedTuple):
    """Where one message stands, as a `Post` holds it. Its words are read where they are needed."""

    pk: int
    public_id: str
    thread_id: int
    byline_id: int
    seq: int
    posted_on: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Usable:
    """One thing that may be used: by whom, in their own number, and on which day of their part."""

    part: Participant | Source
    day: int
    row: Given | Written

    @property
    def pid(self) -> str:
        """Their number in the study."""
        return self.part.pid


_given = Prepared(
    lambda participant: (
        Response.objects.filter(task__participant=participant)
        .order_by("study_day", "instrument", "item")
        .values_list(*Given._fields)
    )
)


def answers(*, study: Study, recipient: str = "") -> Iterator[Usable]:
    """Every answer that may be used; `recipient`: by these outside the team, of whom their owners read
    before they said yes, both when they gave it and at the last."""
    allowed = _Documents(study, recipient)
    known = Participant.objects.filter(study=study, part__in=USED).select_related("group", "arm")
    for participant in known.order_by("pid").iterator():
        events = consent.events(key=bytes(participant.key))
        if not allowed.holds(events, Item.SURVEYS):
            continue
        covered = partial(consent.covers, events=events, item=Item.SURVEYS)
        days = dict[int, bool]()
        for row in map(Given._make, _given(participant=participant.pk)):
            if row.study_day not in days:
                on_day = participant.since + dt.timedelta(days=row.study_day)
                days[row.study_day] = covered(on_day=on_day, digests=allowed.on(on_day))
            if days[row.study_day]:
                yield Usable(part=participant, day=row.study_day, row=row)


def messages(*, study: Study, item: Item = Item.POSTS) -> Iterator[Usable]:
    """Every message under a name that stays, for its words (`POSTS`) or for being counted (`ACTIVITY`)."""
    return (one for one, _items in messages_for(study=study, items=(item,)))


def messages_for(*, study: Study, items: Sequence[Item]) -> Iterator[tuple[Usable, Sequence[Item]]]:
    """Every message that may be used for any of these, with all that it may be used for."""
    allowed, days = _Documents(study), Days(study)
    known = Source.objects.filter(study=study, part__in=USED, member__isnull=False)  # nobody is not everybody
    for source in known.select_related("member__group", "arm").order_by("pid").iterator():
        covered = partial(consent.covers, events=consent.events(key=bytes(source.key)))
        rows = Post.objects.filter(
            byline__persona__member=source.member_id, state=PostState.SHOWN, posted_on__gte=source.since
        )
        if source.until:
            rows = rows.filter(posted_on__lte=source.until)
        known_days = dict[dt.date, Sequence[Item]]()
        in_order = rows.order_by("posted_on", "seq").values_list(*Written._fields)
        for row in map(Written._make, in_order.iterator()):
            on_day = row.posted_on
            if on_day not in known_days:
                there = items if days.hold(source, on_day) else ()
                digests = allowed.on(on_day)
                known_days[on_day] = [
                    item for item in there if covered(item=item, on_day=on_day, digests=digests)
                ]
            if known_days[on_day]:
                yield Usable(part=source, day=(on_day - source.since).days, row=row), known_days[on_day]


def source_of(*, study: Study, post: Post, item: Item = Item.POSTS) -> Source | None:
    """Whose part one message is, if it may be used as in `messages`; else None."""
    writer = post.byline.persona.member_id if post.byline.persona else None
    source = Source.objects.filter(study=study, part__in=USED, member=writer, member__isnull=False).first()
    if source is None or post.state != PostState.SHOWN:
        return None
    if not source.since <= post.posted_on <= (source.until or post.posted_on):
        return None
    digests = consent.digests_on(study=study, on_day=post.posted_on)
    events = consent.events(key=bytes(source.key))
    is_covered = consent.covers(events=events, item=item, on_day=post.posted_on, digests=digests)
    return source if is_covered and Days(study).hold(source, post.posted_on) else None


def days_read(*, source: Source, item: Item = Item.POSTS) -> list[list[str | None]]:
    """The first and the last day of each stretch of days on which what somebody wrote may be used, as far as what they
    said goes. A stretch without a last day is not over."""
    study, allowed = source.study, _Documents(source.study)
    said = consent.events(key=bytes(source.key))
    days = {source.since, *(event.on_day for event in said if event.item == item)}
    days |= set(study.documents.values_list("published_on", flat=True))
    last = source.until
    starts = sorted(day for day in days if source.since <= day <= (last or day))
    found: list[list[str | None]] = []
    for day, after in pairwise([*starts, None]):
        assert day
        if not consent.covers(events=said, item=item, on_day=day, digests=allowed.on(day)):
            continue
        end = after - dt.timedelta(days=1) if after else last
        if found and found[-1][1] == (day - dt.timedelta(days=1)).isoformat():
            found[-1][1] = end.isoformat() if end else None
        else:
            found.append([day.isoformat(), end.isoformat() if end else None])
    return found


def present(*, study: Study, item: Item, spans: Sequence[tuple[int, int]]) -> list[set[str]]:
    """For each span of days of a part (first, last), the numbers of those whose messages could have been used on all of
    them but days of a pause: who said yes later, left or took it back in it is not among them."""
    held, found = Days(study), [set[str]() for _span in spans]
    known = Source.objects.filter(study=study, part__in=USED, member__isnull=False)
    for source in known.select_related("study", "member").order_by("pid").iterator():
        assert source.member is not None
        stretches = days_read(source=source, item=item)
        for span, there in zip(spans, found, strict=True):
            first, last = (source.since + dt.timedelta(days=day) for day in span)
            is_covered = any(
                start is not None and start <= first.isoformat() and (end is None or last.isoformat() <= end)
                for start, end in stretches
            )
            if is_covered and held.run(source.member.group_id, first, last):
                there.add(source.pid)
    return found


def is_on_a_day_of_the_study(*, study: Study, group_id: int, day: dt.date) -> bool:
    """Whether a study reads on this day in this group: it was neither paused, nor over, nor ended there."""
    return Days(study).are(group_id, day)


class _Documents:
    """The documents that a yes may rest on, asked once for each day; of somebody outside those alone that name them."""

    def __init__(self, study: Study, recipient: str = "") -> None:
        self.study, self.known = study, dict[dt.date, frozenset[str]]()
        self.read = outside.documents(study=study, recipient=recipient) if recipient else None

    def holds(self, events: Sequence[ConsentEvent], item: Item) -> bool:
        return self.read is None or outside.is_in(events=events, item=item, read=self.read)

    def on(self, day: dt.date) -> frozenset[str]:
        if day not in self.known:
            found = consent.digests_on(study=self.study, on_day=day)
            self.known[day] = found if self.read is None else found & self.read
        return self.known[day]


class Days:
    """The days of a study on which messages are read: none of a pause, none since it ended, or ended in a group."""

    def __init__(self, study: Study) -> None:
        self.over, self.pauses = study.closed_on, studies.pauses(study)
        self.ended = dict(study.hosts.filter(state=Agreement.ENDED).values_list("group", "answered_on"))

    def hold(self, source: Source, day: dt.date) -> bool:
        return self.are(source.member.group_id if source.member else None, day)

    def run(self, group_id: int, first: dt.date, last: dt.date) -> bool:
        """Whether it goes on from one day to another: neither over nor ended in them, nor paused on all of them."""
        ends = [self.over, self.ended.get(group_id)]
        days = (first + dt.timedelta(days=nth) for nth in range((last - first).days + 1))
        return all(end is None or last < end for end in ends) and any(self.are(group_id, day) for day in days)

    def are(self, group_id: int | None, day: dt.date) -> bool:
        ends = [self.over, self.ended.get(group_id) if group_id else None]
        is_paused = any(first <= day <= last for first, last in self.pauses)
        return not is_paused and all(end is None or day < end for end in ends)
