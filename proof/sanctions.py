"""Limits follow the person: random lives under limits, and a model that says what must be refused.

Each life mixes what somebody can do to be somebody else here (names put down and taken up, one-thread names, messages
that wait, leaving and coming back, two tabs, an account closed and opened again) with limits, their ends and their
undoing. Whatever appears that the model forbids is an escape. Not one: deleting for good and signing up again. And what
somebody asked for in another group before they were kept from the whole site: nothing in the background can know that
it is theirs, so it appears within its three days.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.test import override_settings

from chat.actions import bylines, later, posts
from chat.actions.gates import AS_SENT, Settled
from chat.enums import PostState
from chat.errors import NeedsCheck, NeedsName, NeedsPromise, Refused
from chat.models import Post, Reaction
from chat.selectors import terms
from community import linkage
from community.actions import deleting, due, leaving, personas
from community.actions.standing import Effect
from community.errors import MayNot, NotHere
from community.models import Member, Standing
from community.selectors import here as places
from community.selectors.here import Here
from core import clock, ratelimit
from proof.crowd import dealt
from proof.harness import Defence, Result, none_found, swapped
from proof.lives import (
    ACTS,
    LIMITS,
    TEAM,
    Life,
    Step,
    Town,
    change,
    close_and_open_again,
    join,
    leave,
    leave_with_everything,
    let,
    limit,
    open_a_talk,
    pass_days,
    publish,
    publish_from_a_stale_tab,
    publish_later,
    publish_once,
    reads,
    send_now,
    stop_a_name,
    take_a_name,
    undo_leaving,
    wait,
)

LIVES = {"small": 25, "daily": 125, "full": 12_000}  # the daily ones are others on each of sixteen days
STEPS = (6, 14)
REFUSED = (
    MayNot, NotHere, NeedsName, NeedsPromise, NeedsCheck, Refused, due.CannotBeDone, deleting.JoinedAgain
)  # fmt: skip


def prove(size: str) -> Iterator[Result]:
    """Random lives, and the two ways out that forums were found to have."""
    with override_settings(KITH_REDIS_URL=""), dealt(random.Random(7)):
        town = Town()
        escapes = attempts = 0
        first = clock.today().toordinal() % 16 * LIVES[size] if size == "daily" else 0
        for number in range(first, first + LIVES[size]):
            found, tried = _live(town, random.Random(number))
            escapes, attempts = escapes + found, attempts + tried
        yield none_found(
            f"nothing somebody does gets round a limit on them ({attempts} steps under a limit)",
            tried=LIVES[size], found=escapes, part="random lives",
        )  # fmt: skip
        for part, ways in (("by another way in", ANOTHER_WAY_IN), ("with another name", WITH_ANOTHER_NAME)):
            found = [_case(town, effect, way) for effect in LIMITS for way in ways]
            yield none_found(
                f"somebody who is silenced does not write {part}",
                tried=len(found),
                found=sum(found),
                part=part,
            )


def _live(town: Town, dice: random.Random) -> tuple[int, int]:
    """One life, undone afterwards. Returns escapes, and steps that were tried under a limit."""
    escapes = tried = 0
    with _undone(town, dice) as life:
        for _ in range(dice.randint(*STEPS)):
            step = dice.choices([one for one, _ in ACTS], [often for _, often in ACTS])[0]
            tried += bool(life.limits) and step not in TEAM
            escapes += _step(life, step)
    return escapes, tried


def _case(town: Town, effect: Effect, way: list[Step]) -> int:
    """One way round one limit, in the first talk: they wrote, then were limited, and then try it."""
    with _undone(town, random.Random(3)) as life:
        life.only = town.threads[0]
        with clock.held_at(life.now):
            publish(life), publish_once(life), publish_later(life)
            limit(life, effect=effect)
        return int(sum(_step(life, step) for step in way) > 0)


@contextlib.contextmanager
def _undone(town: Town, dice: random.Random) -> Iterator[Life]:
    life = Life(town=town, dice=dice)

    def now() -> float:
        return life.now.timestamp()

    stand_in = SimpleNamespace(time=now, monotonic=time.monotonic)
    ratelimit._memory.counts.clear()
    with swapped(ratelimit, "time", stand_in)(), transaction.atomic():
        with clock.held_at(life.now):
            life.here(town.groups[0]), life.here(town.groups[1])  # a tab that stays open
        yield life
        transaction.set_rollback(True)


def _step(life: Life, step: Step) -> int:
    """Do one thing, and say whether something is there now that must not be."""
    before, felt = _readable(life), Reaction.objects.count()
    by_itself = step in {wait, pass_days}
    with clock.held_at(life.now), contextlib.suppress(*REFUSED), transaction.atomic():
        step(life)
    with clock.held_at(life.now):
        new = _readable(life) - before
        escapes = sum(_is_escape(life, one, by_itself=by_itself) for one in new)
        if Reaction.objects.count() > felt:
            silent = [life.is_silent(group, "", by_itself=False) for group in life.town.groups]
            escapes += all(silent)
        escapes += sum(life.is_out(group) and reads(life, group) for group in life.town.groups)
    life.is_let = False
    return int(escapes > 0)


Read = tuple[int, str, int, str]


def _readable(life: Life) -> set[Read]:
    rows = Post.objects.filter(state=PostState.SHOWN).exclude(pk__in=life.town.others)
    return set(rows.values_list("pk", "text", "thread__group_id", "thread__public_id"))


def _is_escape(life: Life, new: Read, *, by_itself: bool) -> bool:
    """Whether words that appeared just now are forbidden by the model."""
    group = next(one for one in life.town.groups if one.pk == new[2])
    if life.is_silent(group, new[3], by_itself=by_itself):
        return True
    if life.is_checked(group) and not (life.is_let or new[1] in let(life)):
        return True
    minutes = life.minutes(group)
    if not minutes or new[1].startswith("Changed"):
        return False
    same_day = group.pk in life.turns and life.turns[group.pk].date() == life.now.date()
    too_soon = same_day and life.now < life.turns[group.pk] and new[1] not in let(life)
    if not too_soon:
        life.turns[group.pk] = min(
            life.now + dt.timedelta(minutes=minutes), life.now.replace(hour=23, minute=59, second=59)
        )
    return too_soon


WRITES: list[Step] = [publish, publish_once, publish_from_a_stale_tab, publish, publish_once]
ANOTHER_WAY_IN: list[list[Step]] = [
    WRITES, [send_now] * 4, [wait, wait, pass_days], [change] * 4, [open_a_talk] * 2,
    [publish_later, publish_later, pass_days],
]  # fmt: skip
WITH_ANOTHER_NAME: list[list[Step]] = [
    [take_a_name, take_a_name, *WRITES], [stop_a_name, stop_a_name, take_a_name, *WRITES],
    [leave, leave, join, take_a_name, *WRITES], [leave_with_everything, leave_with_everything, undo_leaving, *WRITES],
    [leave_with_everything, join, take_a_name, *WRITES], [close_and_open_again, *WRITES, change],
]  # fmt: skip


# --- the defences -----------------------------------------------------------------------------------------------
def _lost_with_the_name(here: Here, **given: Any) -> None:
    Standing.objects.filter(owner_tag=here.member.owner_tag).delete()
    _put_down(here, **given)


def _lost_on_leaving(*, owner_tag: bytes) -> bytes:
    Standing.objects.filter(owner_tag=owner_tag).delete()
    return _forget_member(owner_tag=owner_tag)


class _Asked(Here):
    """A place as it was when something was asked for."""


def _as_it_was_asked(payload: due.Payload) -> Here:
    """What waits is done with no second look."""
    member = Member.objects.select_related("group").get(owner_tag=bytes.fromhex(payload["tag"]))
    persona = member.personas.filter(is_current=True).first()
    return _Asked(
        member=member, group=member.group, persona=persona, may_read=True, may_post=True, strong=False
    )


@contextlib.contextmanager
def _no_second_look() -> Iterator[None]:
    with swapped(later, "_here", _as_it_was_asked)(), swapped(posts, "look_again", _unless_asked)():
        yield


def _unless_asked(here: Here) -> Here:
    return here if isinstance(here, _Asked) else _look_again(here)


def _edit_without_gate(*, settled: Settled = AS_SENT, **given: Any) -> Post:
    return _edit_post(settled=replace(settled, checked=True), **given)


_put_down, _forget_member, _look_again = personas._put_down, leaving.forget_member, posts.look_again
_edit_post = posts.edit_post
DEFENCES = [
    Defence(name="every place is found with its limits", off=swapped(places, "_limits", lambda **_: [])),
    Defence(name="a limit is on the person, not on the name", off=swapped(personas, "_put_down", _lost_with_the_name)),
    Defence(name="a limit outlives leaving", off=swapped(leaving, "forget_member", _lost_on_leaving)),
    Defence(name="a tab that was open is looked at again", off=swapped(posts, "look_again", lambda here: here)),
    Defence(name="what waits is looked at again", off=_no_second_look),
    Defence(
        name="a one-thread name leads a limit to its owner",
        off=swapped(bylines, "owner_tag_of", lambda *, alias: bytes(alias.key)),
    ),
    Defence(
        name="one's own tags are compared with limits of the whole site",
        off=swapped(linkage, "is_kept_out", lambda _: False),
    ),
    Defence(name="all that is written passes one gate", off=swapped(terms, "of", lambda **_: terms.Terms())),
    Defence(name="changed words are checked too", off=swapped(posts, "edit_post", _edit_without_gate)),
]  # fmt: skip
