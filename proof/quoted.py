"""Nobody is quoted, and nothing of a message noted, without its writer's yes: people say yes and no and take it back,
change what they wrote and leave, while a researcher tries to note and to quote all of it; a reference of a few lines
says what may stand where."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from chat.actions.posts import edit_post
from chat.models import Post
from community.errors import MayNot, NotHere
from core import clock
from proof.harness import Defence, Result, none_found, swapped
from research.actions import departing, documents, notes, passages, quotes
from research.actions.notes import Words
from research.enums import Item, NoteKind, QuoteAnswer, Scope
from research.models import Anchor, QuoteAsk, Source
from research.selectors import notes as noted
from research.selectors import passages as places
from research.selectors import quotes as asked
from research.selectors import usable

HISTORIES = {"small": 6, "full": 120}
DAYS = 14
WEEK = dt.timedelta(days=7)  # within which it shows that somebody left
LOT = dt.timedelta(days=6)  # what is said about messages after the first time holds from a day by lot
OTHER = "Something else stands here from now on, and it is as long as before."
ITEMS = (Item.POSTS, Item.QUOTES)
SAID = [
    (QuoteAnswer.VERBATIM, "here are words"),
    (QuoteAnswer.REWORDED, "said otherwise"),
    (QuoteAnswer.NO, ""),
]


@dataclass
class _Life:
    """One person as the reference knows them: what they said to each item, the first and the last day from which it may
    hold, and their answers."""

    who: Any
    said: list[tuple[Item, dt.date, dt.date, bool]] = field(default_factory=list)
    answers: dict[int, str] = field(default_factory=dict)  # the ask -> what may be quoted of it
    changed: set[int] = field(default_factory=set)
    has_left: bool = False
    is_out: bool = False
    shows_on: dt.date | None = None  # that they left: until then the researcher may try, and gets nothing

    def says(self, item: Item, first: dt.date, last: dt.date, is_yes: bool) -> None:
        self.said.append((item, first, last, is_yes))

    def last(self, item: Item) -> bool:
        before = [yes for one, _first, _last, yes in self.said if one == item]
        return bool(before) and before[-1]

    def reads(self, post: Post, source: Source | None) -> set[bool]:
        """The reference: on its day the last answer was yes, within their part, and they did not take all back. Both
        where the lot decides."""
        if source is None or self.is_out:
            return {False}
        if not source.since <= post.posted_on <= (source.until or post.posted_on):
            return {False}
        found = set()
        for item, first, last, is_yes in reversed(self.said):
            if item == Item.POSTS and first <= post.posted_on:
                found.add(is_yes)
                if last <= post.posted_on:
                    return found
        return found | {False}


@dataclass
class _Found:
    tried: int = 0
    wrong: int = 0
    gone: int = 0
    left_over: int = 0
    left: int = 0
    told: int = 0
    went: list[tuple[dt.date, int]] = field(default_factory=list)


def prove(size: str) -> Iterator[Result]:
    """Random histories, held against the reference at the end of every day."""
    from tests.people import make_cast

    cast, dice, found = make_cast(), random.Random(83), _Found()
    for turn in range(HISTORIES[size]):
        _history(cast, turn, dice, found)
    yield none_found(
        "nothing of a message is noted or quoted but what its writer said yes to, as it stands today",
        tried=found.tried, found=found.wrong, part="quoting",
    )  # fmt: skip
    yield none_found(
        "after stop and don't use, and stop and delete, no passage of who left is kept beyond the day by lot",
        tried=found.gone, found=found.left_over, part="leaving",
    )  # fmt: skip
    yield none_found(
        "the team's pages of notes and quotes are the same just before somebody leaves and just after",
        tried=found.left, found=found.told, part="not told",
    )  # fmt: skip


def _history(cast: Any, turn: int, dice: random.Random, found: _Found) -> None:
    from community.models import Member
    from tests.people import make_thread
    from tests.research.consenting import settings
    from tests.research.watchers import in_the_field

    cast.harbour.refresh_from_db()
    the_field, start = in_the_field(cast, name=f"rosa-{turn}", handle=f"Wide Lantern {turn}"), clock.now()
    thread, lives = make_thread(cast.harbour), [_Life(cast.alice), _Life(cast.bob)]
    for day in range(DAYS):
        with clock.held_at(start + dt.timedelta(days=day)):
            the_field.enter(thread)
            for life in lives:
                _live(the_field, thread, life, dice, found)
                _watch(the_field, thread, life, dice, found)
            if day == DAYS - 3 and not lives[0].has_left:  # in every history somebody goes by halves
                for _try in range(3):
                    _watch(the_field, thread, lives[0], dice, found)
                _leave(the_field, lives[0], Scope.EXCLUDE, found)
            if dice.random() < 0.05:
                the_field.study.refresh_from_db()
                more = settings(cast.harbour, why=f"Because of day {day}.", field_notes=True)
                documents.publish(study=the_field.study, settings=more, is_material=True)
                for life, item in product(lives, ITEMS):
                    life.says(item, clock.today(), clock.today(), False)
            departing.let_show()
            _compare(the_field, lives, found)
            _left_over(found)
    with clock.held_at(start + dt.timedelta(days=DAYS) + WEEK):  # also of who left on the last day
        departing.let_show()
        _left_over(found)
    QuoteAsk.objects.all().delete()
    Member.objects.filter(owner_tag=the_field.rosa.tag(cast.harbour)).update(role="member")


def _live(the_field: Any, thread: Any, life: _Life, dice: random.Random, found: _Found) -> None:
    """What one person does on one day: say something to the study, write, change it, answer, leave."""
    from tests.chat.saying import send
    from tests.research.consenting import say

    group, study, turn = the_field.cast.harbour, the_field.study, dice.random()
    if (turn < 0.15 or not life.said) and not life.has_left:
        chosen, before = {item: dice.random() < 0.8 for item in ITEMS}, _source(life, the_field)
        say(life.who, group, study, chosen)
        _hold(life, chosen, before, _source(life, the_field))
    elif turn < 0.2 and life.said:
        for _try in range(3):  # so that there is something to go
            _watch(the_field, thread, life, dice, found)
        _leave(the_field, life, dice.choice([*Scope, Scope.EXCLUDE]), found)
    else:
        send(life.who, thread, f"Now {dice.random()} here are words of mine.")
    for ask in QuoteAsk.objects.filter(source__member=life.who.member(group), answer=QuoteAnswer.WAITING):
        answer, quote = dice.choice(SAID)
        with suppress(MayNot, NotHere):
            quotes.answer(
                group=group, sid=study.public_id, qid=ask.public_id, answer=answer, key_of=life.who.keyed
            )
            life.answers[ask.pk] = quote


def _hold(life: _Life, chosen: dict[Item, bool], before: Source | None, now: Source | None) -> None:
    """What was said, by the reference: at first from the day by lot on which messages begin; later a yes holds from a
    day to come and a no from one that is over."""
    today = clock.today()
    for item, is_yes in chosen.items():
        if before is None or now is None:
            day = now.since if now else today
            life.says(item, day, day, is_yes)
        elif is_yes:
            life.says(item, max(now.since, today), max(now.since, today + LOT), is_yes)
        else:
            life.says(item, today - LOT, today, is_yes)


def _watch(the_field: Any, thread: Any, life: _Life, dice: random.Random, found: _Found) -> None:
    """The researcher tries to note and to quote one of their messages; later, its writer changes some."""
    from tests.chat.saying import face

    group, rosa = the_field.cast.harbour, the_field.rosa
    posts = list(
        Post.objects.filter(thread=thread, byline__persona__member=life.who.member(group)).order_by("seq")
    )
    if not posts:
        return
    post, source = dice.choice(posts[-4:]), _source(life, the_field)
    given = {
        "here": rosa.here(group),
        "pid": post.public_id,
        "passage": "here are words",
        "key_of": rosa.keyed,
    }
    is_held = life.shows_on is not None and clock.today() < life.shows_on
    may, may_ask = True in life.reads(post, source), life.last(Item.QUOTES) and not life.has_left
    with suppress(MayNot, NotHere):
        words = Words(text="They speak of words.")
        notes.note_on(**given, kind=NoteKind.OBSERVATIONAL, words=words)
        found.tried, found.wrong = found.tried + 1, found.wrong + (not (may or is_held))
    with suppress(MayNot, NotHere):
        quotes.ask(**given, use="In a report.", rewording="said otherwise")
        found.tried, found.wrong = found.tried + 1, found.wrong + (not ((may and may_ask) or is_held))
    if dice.random() < 0.4:
        with suppress(MayNot, NotHere):
            edit_post(face=face(life.who, thread), post=post, text=OTHER)
            life.changed.add(post.pk)


def _compare(the_field: Any, lives: list[_Life], found: _Found) -> None:
    """All that is shown today, against the reference."""
    for life in lives:
        source = _source(life, the_field)
        for anchor in Anchor.objects.filter(source=source).select_related("post__byline__persona"):
            said = places.words(anchor, study=the_field.study)
            _judge(life, anchor.post, source, said=said, due="here are words", found=found)
        is_open = life.last(Item.QUOTES) and not life.has_left
        for one in asked.of_sources(sources=[source] if source else []):
            due = life.answers.get(one.ask.pk, "") if is_open else ""
            _judge(life, one.ask.post, source, said=one.quote, due=due, found=found)


def _judge(life: _Life, post: Post, source: Source | None, *, said: str, due: str, found: _Found) -> None:
    """Nothing but what is due stands where it may, and it does stand where no lot hides it."""
    may = {False} if post.pk in life.changed else life.reads(post, source)
    allowed = {due if yes else "" for yes in may}
    found.tried, found.wrong = found.tried + 1, found.wrong + (said not in allowed)


def _leave(the_field: Any, life: _Life, scope: Scope, found: _Found) -> None:
    group, source = the_field.cast.harbour, _source(life, the_field)
    with suppress(NotHere):
        before = _team(the_field)
        departing.leave(group=group, sid=the_field.sid, scope=scope, key_of=life.who.keyed)
        found.left, found.told = found.left + 1, found.told + (_team(the_field) != before)
        life.has_left, life.is_out = True, life.is_out or scope == Scope.EXCLUDE
        for item in ITEMS:
            life.says(item, clock.today() - LOT, clock.today(), False)
        if scope != Scope.STOP and source is not None:
            found.went.append((clock.today() + WEEK, source.pk))
        life.shows_on = clock.today() + WEEK if source is not None else None
        if scope == Scope.DELETE:
            life.said, life.is_out, life.has_left = [], False, False


def _team(the_field: Any) -> list[Any]:
    """All that the team's pages of quotes and notes tell."""
    quoted = [
        (one.ask.pk, one.ask.answer, one.ask.source.pid, one.seen_words, one.is_seen_open, one.seen_quote)
        for one in asked.of_study(desk=the_field.desk)
    ]
    return [*quoted, *((one.note.pk, one.about) for one in noted.written(desk=the_field.desk))]


def _left_over(found: _Found) -> None:
    """What is still kept of whoever left a week ago and more; a part that somebody stopped and then had deleted too."""
    due = [pk for day, pk in found.went if day <= clock.today()]
    found.went = [one for one in found.went if one[0] > clock.today()]
    for pk in due:
        kept = [model._default_manager.filter(source=pk, source__goes_on=None).exclude(source__part="in").count()
                for model in (Anchor, QuoteAsk)]  # fmt: skip
        found.gone, found.left_over = found.gone + 1, found.left_over + sum(kept)


def _source(life: _Life, the_field: Any) -> Source | None:
    member = life.who.member(the_field.cast.harbour)
    return Source.objects.filter(study=the_field.study, member=member).first()


def _anyone(**given: Any) -> Source | None:
    """Whoever has any part in it."""
    persona = given["post"].byline.persona
    return Source.objects.filter(study=given["study"], member=persona.member_id).first() if persona else None


def _nothing(**_: Any) -> None:
    """Passages stay."""


def _always(_: Source) -> bool:
    """Everybody may be asked."""
    return True


def _the_same(*_: Any) -> bytes:
    """Whatever stands there now."""
    return b"the same"


DEFENCES = [
    Defence(name="only messages of who said yes on that day", off=swapped(usable, "source_of", _anyone)),
    Defence(name="only who lets the study ask", off=swapped(asked, "may_be_asked", _always)),
    Defence(name="a message that was changed says nothing any more", off=swapped(places, "_mark", _the_same)),
    Defence(name="leaving takes every passage along", off=swapped(passages, "forget", _nothing)),
    Defence(name="that somebody left shows on a day by lot", off=swapped(passages, "hold", _nothing)),
]
