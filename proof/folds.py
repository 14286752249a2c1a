"""People fold, report, write and decide in any order, by day and by night: nobody has two folds open, nobody folds who
may not, no number of reports folds anything, and all that is folded is on the record, and ends."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import Error, transaction

from audit.models import AuditEntry
from chat.actions import hiding
from chat.actions.posts import edit_post
from chat.enums import Folding
from chat.models import Byline, Post
from chat.policies import Face
from chat.selectors import terms
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Standing
from community.selectors.here import Here
from core import clock
from moderation.actions import folds as folding
from moderation.actions import queue, reports
from moderation.actions.reports import Told
from moderation.enums import Act, CaseState, Reason
from moderation.models import Case, Fold
from moderation.selectors import folds
from proof.harness import Defence, Result, constraint, none_found, swapped

SIZES = {"small": (30, 6), "full": (10_000, 300)}  # sequences, and reports of one message
STEPS = 8  # in one sequence
POSTS = 3
START = dt.datetime(2026, 11, 27, 22, tzinfo=dt.UTC)  # a Friday evening
FREE, LEADER = ("kim", "leo", "pia"), "pia"  # who may fold, and who may for others
NOT = ("newcomer", "muted", "banned", "blocked", "weak leader", "moderator")
SHIFTS = ((5, 10, 20), (0, 18, 22))  # weekday, from, to: hours when the moderator is here


@dataclass
class _Scene:
    """The same people and group for every sequence: what a sequence did is rolled back."""

    people: dict[str, Any]
    places: dict[str, Here]
    group: Any
    byline: Byline


@dataclass
class _Model:
    """What should be, in a few lines: who has what folded since when, who may fold again when, which words were
    looked at."""

    open: dict[str, tuple[int, dt.datetime]] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    barred: dict[str, dt.date] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    folds: int = 0
    ended: int = 0

    @property
    def folded(self) -> set[int]:
        return {number for number, _ in self.open.values()}

    def may(self, who: str, number: int, *, about_me: bool) -> bool:
        is_one = who in FREE and (about_me or who == LEADER)
        is_free = who not in self.open and self.barred.get(who, clock.today()) <= clock.today()
        return is_one and is_free and number not in self.folded | self.done and not _is_watched()

    def fold(self, who: str, number: int) -> None:
        self.open[who] = number, clock.this_hour() + dt.timedelta(hours=72)
        self.last[who] = number
        self.folds += 1

    def end(self, number: int, *, unfounded: bool) -> None:
        self.done.add(number)
        for who in [one for one, of in self.last.items() if of == number]:
            self.ended += self.open.pop(who, None) is not None
            del self.last[who]
            if unfounded:
                self.barred[who] = clock.today() + dt.timedelta(days=30)

    def pass_time(self) -> None:
        for who, (number, until) in list(self.open.items()):
            if until <= clock.now():
                del self.open[who]
                self.done.add(number)
                self.ended += 1


def _is_watched() -> bool:
    now = clock.now()
    return any(now.weekday() == day and start <= now.hour < end for day, start, end in SHIFTS)


@dataclass
class _Run:
    """One sequence. `wrong` counts what is not as the model says."""

    scene: _Scene
    dice: random.Random
    tried: Counter[str]
    wrong: Counter[str]
    model: _Model = field(default_factory=_Model)
    moment: dt.datetime = START
    posts: list[Post] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)

    def go(self) -> None:
        thread = self.scene.group.threads.create(title="A thread", ask="advice_welcome")
        byline = Byline.objects.create(thread=thread, persona=self.scene.byline.persona)
        for number in range(POSTS):
            text = f"Message {number}."
            self.posts.append(Post(thread=thread, byline=byline, seq=number + 1, text=text, html=text))
        Post.objects.bulk_create(self.posts)
        self._say_published(thread)
        before = AuditEntry.objects.count()
        steps = [*[self.fold] * 4, *[self.decide] * 2, self.report, self.wait, self.change]
        for _ in range(STEPS):
            with clock.held_at(self.moment):
                self.dice.choice(steps)()
                self.compare()
        self.tried["record"] += self.model.folds
        self.wrong["record"] += self.missing() + (
            AuditEntry.objects.count() == before and self.model.folds > 0
        )

    def _say_published(self, thread: Any) -> None:
        from chat.enums import EventKind
        from chat.models import Thread, ThreadEvent

        ThreadEvent.objects.bulk_create(
            ThreadEvent(stream=thread, seq=post.seq, kind=EventKind.POST_PUBLISHED, ref=post.public_id)
            for post in self.posts
        )
        Thread.objects.filter(pk=thread.pk).update(last_seq=POSTS)

    # --- steps
    def fold(self) -> None:
        who, number, about_me = self.drawn(), self.number(), self.dice.random() < 0.7
        may = self.model.may(who, number, about_me=about_me)
        reason = Reason.GIVES_AWAY if about_me else Reason.UNKIND
        try:
            with transaction.atomic():
                folding.fold(
                    here=self.scene.places[who],
                    told=Told(kind="post", subject_id=self.posts[number].public_id, reason=reason),
                    key_of=self.scene.people[who].keyed,
                    is_about_me=about_me,
                )
            did = True
        except (MayNot, NotHere):
            did = False
        self.tried["who"] += 1
        self.wrong["who"] += did != may
        if did:
            self.model.fold(who, number)
            self.folders.append(who)

    def drawn(self) -> str:
        """Who tries: often somebody who did it before, or who is kept from it."""
        if self.model.barred and self.dice.random() < 0.6:
            return self.dice.choice(sorted(self.model.barred))
        if self.folders and self.dice.random() < 0.6:
            return self.folders[-1]
        return self.dice.choice((*FREE, *FREE, *NOT))

    def number(self) -> int:
        """Which message: often one that was looked at."""
        is_old = self.model.done and self.dice.random() < 0.3
        return self.dice.choice(sorted(self.model.done)) if is_old else self.dice.randrange(POSTS)

    def report(self) -> None:
        from tests.moderation.judging import report

        post, who = self.dice.choice(self.posts), self.dice.choice(("kim", "leo", "pia", "newcomer", "muted"))
        report(self.scene.people[who], post, reason=self.dice.choice((Reason.GIVES_AWAY, Reason.UNKIND)))
        self.tried["count"] += 1
        self.wrong["count"] += self.is_folded() != self.model.folded

    def decide(self) -> None:
        from tests.moderation.judging import decide

        number = self.dice.choice(sorted(self.model.folded) or range(POSTS))
        thing = self.posts[number].public_id
        case = Case.objects.filter(subject_id=thing, state=CaseState.OPEN).select_related("group").first()
        if case is None:
            return
        unfounded = self.dice.random() < 0.7
        act = Act.NOTHING if unfounded or self.dice.random() < 0.5 else Act.NOTE
        with suppress(NotHere):  # the judge reported it
            decide(self.scene.people["lead"], case, act, unfounded=unfounded)
            self.model.end(number, unfounded=unfounded)

    def wait(self) -> None:
        self.moment += dt.timedelta(hours=self.dice.choice((1, 14, 73)))
        with clock.held_at(self.moment):
            folding.end_due()
            self.model.pass_time()

    def change(self) -> None:
        number = self.dice.randrange(POSTS)
        author = Face(here=self.scene.places["author"])
        with suppress(MayNot):
            edit_post(face=author, post=self.posts[number], text=f"Other words, {self.dice.random()}.")
            self.model.done.discard(number)

    # --- what should be
    def is_folded(self) -> set[int]:
        now = {post.pk: number for number, post in enumerate(self.posts)}
        rows = Post.objects.filter(pk__in=now, folding=Folding.FOLDED).values_list("pk", flat=True)
        return {now[pk] for pk in rows}

    def compare(self) -> None:
        keys = list(Fold.objects.filter(until__isnull=False).values_list("key", flat=True))
        self.tried["ends"] += 1
        self.wrong["ends"] += self.is_folded() != self.model.folded
        self.wrong["who"] += len(keys) != len(set(map(bytes, keys))) or len(keys) > len(self.model.open)

    def missing(self) -> int:
        """Folds, and ends of folds, that the record does not have."""
        rows = AuditEntry.objects.filter(chain__scope=self.scene.group.public_id)
        ends = rows.filter(act="fold over").count() + rows.filter(kept__payload__contains='"fold":').count()
        over = self.model.ended - ends if ends < self.model.ended else 0
        return abs(rows.filter(act="fold").count() - self.model.folds) + over


# --- the proof ----------------------------------------------------------------------------------------------------
def prove(size: str) -> Iterator[Result]:
    """Sequences drawn at random, each from the same beginning, held against a model of a few lines."""
    sequences, crowd = SIZES[size]
    scene, tried, wrong = _scene(), Counter[str](), Counter[str]()
    for number in range(sequences):
        with transaction.atomic():
            _Run(scene=scene, dice=random.Random(number), tried=tried, wrong=wrong).go()
            transaction.set_rollback(True)
    wrong["count"] += _by_a_crowd(scene, crowd)
    tried["count"] += crowd
    rows = {
        "who": f"one open fold each, and none by whoever may not: {sequences} sequences of {STEPS} steps",
        "count": f"no number of reports folds a message, {crowd} of one neither",
        "ends": "what is folded is what was, until a decision or for 72 hours",
        "record": "each fold, and the end of each, is on the record",
    }
    for part, promise in rows.items():
        yield none_found(promise, tried=tried[part], found=wrong[part], part=part)
    yield none_found(
        "the database takes no second fold of one person",
        tried=1,
        found=_second(scene),
        part="past the actions",
    )


def _by_a_crowd(scene: _Scene, size: int) -> int:
    """Everybody reports one message: whether it is folded by that."""
    from tests.chat.saying import send
    from tests.moderation.judging import report

    with clock.held_at(START), transaction.atomic():
        post = send(scene.people["author"], scene.byline.thread, "One of many.")
        for person in _crowd(scene, size):
            report(person, post, reason=Reason.GIVES_AWAY)
        folded = Post.objects.filter(pk=post.pk, folding=Folding.FOLDED).count() + Fold.objects.count()
        transaction.set_rollback(True)
    return folded


def _crowd(scene: _Scene, size: int) -> list[Any]:
    from accounts.models import Account
    from core import ids
    from tests.people import Person, add_all

    some = scene.people["kim"].client
    crowd = [Person(account=Account(), secret=ids.new_secret(), client=some) for _ in range(size)]
    add_all([(person, scene.group, "", Role.MEMBER) for person in crowd])
    return crowd


def _second(scene: _Scene) -> int:
    """A second row of one person, as a fault in the actions would write it."""
    from tests.chat.saying import send
    from tests.moderation.folding import fold
    from tests.moderation.judging import report

    people, taken = scene.people, 0
    with clock.held_at(START), transaction.atomic():
        first, second = (send(people["author"], scene.byline.thread, text) for text in ("One.", "Two."))
        made, other = fold(people["kim"], first), report(people["leo"], second).case
        with suppress(Error), transaction.atomic():
            Fold.objects.create(key=made.key, case=other, until=made.until)
            taken = 1
        transaction.set_rollback(True)
    return taken


def _scene() -> _Scene:
    from tests.chat.hiding import block
    from tests.chat.saying import fill, send
    from tests.community.test_strip import shift
    from tests.moderation.judging import report
    from tests.people import add_all, make_group, make_people, make_thread

    group = make_group(name="night")
    roles = {LEADER: Role.PEER_LEADER, "weak leader": Role.PEER_LEADER}
    roles |= {"moderator": Role.MODERATOR, "lead": Role.LEAD}
    names = ("author", *FREE, *NOT, "lead")
    people = make_people({name: name in {LEADER, "moderator", "lead"} for name in names})
    add_all([(people[name], group, f"Name {name}", roles.get(name, Role.MEMBER)) for name in names])
    thread = make_thread(group)
    for name in (*FREE, "muted", "banned", "blocked"):
        fill(people[name], thread, ["One.", "Two."])
    first = send(people["author"], thread, "Hello.")
    for weekday, start, end in SHIFTS:
        shift(people["moderator"].member(group), weekday, f"{start}:00", f"{end}:00")
    block(people["blocked"], people["author"], group)
    places = {name: people[name].here(group) for name in names}
    report(people["kim"], first)  # the record and the queue are there
    for name, may_read in (("muted", True), ("banned", False)):
        tag = people[name].tag(group)
        Standing.objects.create(group=group, owner_tag=tag, may_read=may_read, may_post=False)
    return _Scene(people=people, places=places, group=group, byline=first.byline)


# --- the defences -------------------------------------------------------------------------------------------------
def _folds_by_count(case: Case, told: Any) -> None:
    _settle(case, told)
    if case.reports.count() > 2:
        Post.objects.filter(public_id=case.subject_id).update(folding=Folding.FOLDED)


def _in_the_way_but_ones_own(**given: Any) -> str:
    found = folds.own(**given)
    return (
        "" if found and found.until and not folds.is_watched(group=given["group"]) else _in_the_way(**given)
    )


def _unfold_for_another(*, public_id: str) -> None:
    _unfold(public_id=public_id)
    Post.objects.filter(public_id=public_id).update(folding=Folding.NOT)


def _record_without(act: str) -> Any:
    return lambda **given: None if given["act"] == act else _record(**given)


def _silent_end(**given: Any) -> dict[str, str]:
    _end(**given)
    return {}


_settle, _in_the_way, _unfold = reports._settle, folds.in_the_way, hiding.unfold
_record, _end = queue.record, folding.end
DEFENCES = [
    Defence(name="one at a time", off=swapped(folds, "in_the_way", _in_the_way_but_ones_own)),
    Defence(name="only while nobody is here", off=swapped(folds, "is_watched", lambda **_: False)),
    Defence(name="no newcomers", off=swapped(terms, "is_new", lambda *_: False)),
    Defence(name="peer leaders alone fold for others", off=swapped(folds, "may_for_others", lambda _: True)),
    Defence(name="what was looked at stays open", off=swapped(hiding, "unfold", _unfold_for_another)),
    Defence(name="misuse bars", off=swapped(folding, "BARRED", dt.timedelta(0))),
    Defence(name="only people fold", off=swapped(reports, "_settle", _folds_by_count)),
    Defence(name="a decision ends it", off=swapped(folding, "end", lambda **_: {})),
    Defence(name="the time is over", off=swapped(folding, "end_due", lambda: None)),
    Defence(name="a fold is on the record", off=swapped(queue, "record", _record_without("fold"))),
    Defence(name="its end is on the record", off=swapped(folding, "end", _silent_end)),
    constraint(Fold, "one_fold_a_person"),
]
