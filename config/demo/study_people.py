"""Who answers the demo's study, and how: 118 of 244 members say yes, 41 say no, 85 say nothing, and five leave.

Each yes, no and leaving goes through the real actions, and so do demo-member's own answers to questions. Everyone
else's answers are written in bulk: the rows that the actions would write, as a test compares. How many were told of a
study is nowhere kept: the pages of whoever says nothing are the same with and without one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from community.enums import Role
from community.models import Group, Member
from community.selectors.here import Here
from config.demo import cast
from config.demo.study import OPENED, KeyOf, SecretOf, Someone, Telling, at, someone, tables
from core import clock, ids
from research.actions import consent, departing, harm, waves
from research.enums import Item, Missing, Related, Scope, Severity, TaskState
from research.models import Participant, Response, WaveTask
from research.selectors import consent as reading
from research.selectors import harm as reading_harm
from research.selectors import parts
from research.selectors import waves as rounds
from research.selectors.waves import Step

FIRST = ("bipolar", "Grey Willow")  # demo-member: the first to say yes; their second questions wait
QUOTED = ("Rusty Swallow", "Long Meadow")  # there: they come next, and say yes to all, as demo-member does
LATE = (25, 21, 18, 14, 12, 9, 6, 4, 3)  # days ago: their second questions are still to come
ONE_LATE_IN = 13
EARLY_DAYS = 6  # from the opening: everyone else says yes then, and has their second questions open today
LEAVE = {  # the how-manieth to say yes: days ago, and how
    8: (22, Scope.STOP), 29: (17, Scope.STOP), 52: (11, Scope.STOP),
    75: (13, Scope.EXCLUDE), 99: (8, Scope.DELETE),
}  # fmt: skip
DONE, PART_WAY = 64, 9  # of the second questions that are open
ONE_LEFT_OUT_IN = 15  # of the first questions


@dataclass(frozen=True, kw_only=True)
class Answering:
    """Somebody who answers the study: the `nth` to do so, on a day."""

    key: str
    who: Someone
    nth: int
    says_yes: bool
    days_ago: int

    @property
    def here(self) -> Here:
        """Their place in their group."""
        return self.who.here

    @property
    def leaves(self) -> tuple[int, Scope] | None:
        """How many days ago they left, and how."""
        return LEAVE.get(self.nth) if self.says_yes else None


def choose(telling: Telling, *, secret_of: SecretOf) -> list[Answering]:
    """Who answers, group by group."""
    found: list[Answering] = []
    nth, late = 0, iter(LATE)
    for key, group in telling.groups.items():
        said, people = tables()["groups"][key], _members(key, group, secret_of)
        for who in islice(people, said["yes"]):
            day = next(late) if nth % ONE_LATE_IN == 5 else OPENED - nth % EARLY_DAYS
            found.append(Answering(key=key, who=who, nth=nth, says_yes=True, days_ago=day))
            nth += 1
        for number, who in enumerate(islice(people, said["no"])):
            day = OPENED - number % EARLY_DAYS
            found.append(Answering(key=key, who=who, nth=number, says_yes=False, days_ago=day))
    return found


def _members(key: str, group: Group, secret_of: SecretOf) -> Iterator[Someone]:
    """Members in no order but demo-member first; none of a team, and none that a visitor can be elsewhere. Whoever only
    reads has an S that is made up here and kept nowhere."""
    own = secret_of(*FIRST)
    played = {secret_of(*one) for one in cast.PLAYED if one[0] == key} | {own}
    tags = [cast.owner_tag(secret, group.public_id) for secret in played]
    if key == FIRST[0]:
        for named in (FIRST[1], *QUOTED):
            tags.append(cast.owner_tag(secret_of(key, named), group.public_id))
            yield someone(Member.objects.get(group=group, personas__handle=named), secret_of(key, named))
    for member in Member.objects.filter(group=group, role=Role.MEMBER).exclude(owner_tag__in=tags):
        handle = member.personas.values_list("handle", flat=True).first()
        secret = secret_of(key, handle) if handle else ids.new_secret()
        yield someone(member, secret)


def answer(
    telling: Telling,
    people: Sequence[Answering],
    *,
    since: int,
    until: int,
    then: Mapping[int, Callable[[], None]],
) -> None:
    """What people say on the days from `since` to before `until` days ago, and who leaves. What they said is put on the
    study's record a day later, as every day. `then`: what else comes after so many days ago, for the record goes
    forward only."""
    for day in range(since, until, -1):
        with at(day):
            consent.put_on_record()
            for one in people:
                if one.days_ago == day:
                    _says(telling.sid, one)
                if one.leaves and one.leaves[0] == day:
                    departing.leave(
                        group=one.here.group, sid=telling.sid, scope=one.leaves[1], key_of=one.who.key_of
                    )
            for said in tables()["safety"]:
                if said["days_ago"] == day:
                    _goes_badly(telling, said)
        if day in then:
            then[day]()


def _says(sid: str, one: Answering) -> None:
    own = reading.own(sid=sid, group=one.here.group, key_of=one.who.key_of)
    every = {Item.SURVEYS: 1, Item.ACTIVITY: 2, Item.POSTS: 3, Item.ALIAS_POSTS: 6, Item.QUOTES: 6}
    said = {
        code: one.says_yes and code in every and (one.nth <= len(QUOTED) or one.nth % every[Item(code)] == 0)
        for code in own.document.body["items"]
    }
    consent.answer(here=one.here, sid=sid, said=said, version=own.document.version, key_of=one.who.key_of)


def _goes_badly(telling: Telling, said: Mapping[str, str]) -> None:
    """Something for the safety log, and what was done about it."""
    harm.note(
        desk=telling.desk, happened_on=clock.today(), severity=Severity(said["severity"]),
        related=Related(said["related"]), words=said["what"],
    )  # fmt: skip
    open_entry = next(one.entry for one in reading_harm.log(desk=telling.desk) if not one.done)
    harm.handle(desk=telling.desk, eid=open_entry.public_id, done=said["done"])


# --- questions ------------------------------------------------------------------------------------------------------
def answer_questions(telling: Telling, people: Sequence[Answering]) -> None:
    """The first and the second questions, as far as each got."""
    yes = [one for one in people if one.says_yes]
    first, *others = yes
    with at(first.days_ago):
        answer_really(sid=telling.sid, here=first.here, key_of=first.who.key_of, number=1)
    made: list[Response] = []
    for one in others:
        if one.nth % ONE_LEFT_OUT_IN and one.days_ago > min(LATE):
            made += in_bulk(telling.sid, one, number=1, on=one.days_ago - one.nth % 3)
    in_second = [one for one in yes if not one.leaves and one.days_ago not in LATE]
    for place, one in enumerate(in_second):
        if _crosses(place, DONE, len(in_second)):
            made += in_bulk(telling.sid, one, number=2, on=one.nth % 6)
        elif _crosses(place - place * DONE // len(in_second), PART_WAY, len(in_second) - DONE):
            made += in_bulk(telling.sid, one, number=2, on=one.nth % 6, pages=1)
    Response.objects.bulk_create(made)


def _crosses(place: int, some: int, of: int) -> bool:
    """Whether this is one of so many, spread evenly."""
    return (place + 1) * some // of > place * some // of


def answer_really(*, sid: str, here: Here, key_of: KeyOf, number: int, pages: int | None = None) -> None:
    """One round, page by page, as a browser sends it. `pages`: and no further."""
    found = rounds.find(here=here, sid=sid, number=number, key_of=key_of)
    for page, step in islice(enumerate(found.steps), pages):
        if step.questions:
            waves.save(here=here, sid=sid, number=number, key_of=key_of, page=page, given=_given(step))
    if pages is None:
        waves.finish(here=here, sid=sid, number=number, key_of=key_of)


def in_bulk(sid: str, one: Answering, *, number: int, on: int, pages: int | None = None) -> list[Response]:
    """The rows that `answer_really` would write so many days ago, not yet saved; the state of the round is."""
    key = one.who.key_of(parts.PARTICIPANT, parts.ref_of(sid=sid, gid=one.here.group.public_id))
    part = Participant.objects.filter(key=key).first()
    if part is None:  # left with everything
        return []
    task = WaveTask.objects.select_related("wave").get(participant=part, wave__number=number)
    day = clock.today() - dt.timedelta(days=on)
    if task.state == TaskState.CANCELLED and not (part.left_on and day <= part.left_on):
        return []
    task.state, task.done_on = (TaskState.DONE, day) if pages is None else (TaskState.STARTED, None)
    task.save(update_fields=["state", "done_on"])
    study_day = max(0, (day - part.since).days)
    found = []
    for step in islice(rounds.steps(task.wave), pages):
        for code, given in _given(step, turn=one.nth).items():
            row = Response(task=task, instrument=step.definition.code, item=code, study_day=study_day)
            row.value, row.missing = given, Missing.REFUSED if given is None else None
            found.append(row)
    return found


def _given(step: Step, *, turn: int = 0) -> dict[str, int | None]:
    """Made-up answers to one page: low ones, now and then a higher one, and every ninth question is skipped. Words are
    left out."""
    found: dict[str, int | None] = {}
    for place, one in enumerate(step.questions):
        is_skipped = one.is_text or (turn + place) % 9 == 8
        higher = turn % 17 == 4 and place == 1
        found[one.code] = None if is_skipped else sorted(one.values)[2 if higher else (turn + place) % 2]
    return found
