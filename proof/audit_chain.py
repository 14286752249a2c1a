"""The record of acts: every way of tampering is found, nothing else is, and no act is without its entry."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace
from typing import Any

from django.db import DatabaseError, connection, connections, transaction
from django.db.models.query import QuerySet

from audit import actions, checkpoints, verification
from audit.models import AuditEntry, Chain
from core import clock, ids
from proof import tampering
from proof.harness import Defence, Result, none_found, swapped

# Chains, and signed entries of each; one more is not signed yet. Their product is the places for each way.
SHAPES = {"small": (10, 8), "full": (50, 20)}
CLEAN = {"small": 20, "full": 1000}
KILLS = {"small": 14, "full": 500}
together = transaction.atomic  # an act and its entry


def prove(size: str) -> Iterator[Result]:
    """Tampering, clean chains, ordinary statements, and kills."""
    dice = random.Random(19)
    chains, signed = SHAPES[size]
    scopes = [_chain(dice, signed) for _ in range(chains)]
    yield _statements(scopes[0])
    with tampering.powers():
        for ways, whose in ((tampering.WAYS, ""), (tampering.WITH_THE_FOLDER, ", by who has the folder too")):
            for name, way in ways.items():
                yield _found(name, whose, way, scopes, dice)
    yield _clean(dice, CLEAN[size])
    yield _kills(dice, KILLS[size])


def _act(scope: str, day: dt.date, dice: random.Random) -> AuditEntry:
    moment = dt.datetime.combine(day, dt.time(), tzinfo=dt.UTC)
    with clock.held_at(moment), transaction.atomic():
        return actions.append(
            scope=scope, act=dice.choice(["hide post", "mute", "answer appeal"]), actor_role="moderator",
            ref=ids.new_public_id(), payload={"rule": dice.randrange(9), "why": "ü" * dice.randrange(30)},
        )  # fmt: skip


@transaction.atomic
def _chain(dice: random.Random, signed: int) -> str:
    scope, day = ids.new_public_id(), clock.today() - dt.timedelta(days=60)
    for seq in range(1, signed + 2):
        day += dt.timedelta(days=dice.randrange(3))
        _act(scope, day, dice)
        if seq == signed or (seq < signed and dice.random() < 0.2):
            actions.sign(scope=scope)
    return scope


def _found(name: str, whose: str, way: Any, scopes: list[str], dice: random.Random) -> Result:
    tried = missed = 0
    key = checkpoints.own_key()
    for scope in scopes:
        before = tampering.take(scope)
        for at in range(1, len(before.rows)):
            held = _again(before)
            way(held, at, dice.random() < 0.5, dice)
            tried += 1
            with transaction.atomic():
                tampering.put(held, before=before)
                missed += verification.verify(scope=scope, key=key).is_sound
                transaction.set_rollback(True)
            if held.lines != before.lines:
                (checkpoints.folder() / "signed" / scope).write_text("".join(f"{x}\n" for x in before.lines))
    return none_found(
        f"tampering with the record is found{whose}: missed", tried=tried, found=missed, part=name
    )


def _again(held: tampering.Held) -> tampering.Held:
    return tampering.Held(held.scope, [*held.rows], held.head, held.signed_seq, [*held.lines])


def _statements(scope: str) -> Result:
    """What whoever can send statements to the database, and no more, can do to the record."""
    entries = AuditEntry.objects.filter(chain__scope=scope)
    attempts = [
        lambda: entries.update(act="nothing done"),
        lambda: QuerySet.update(entries, acted_on=dt.date(2020, 1, 1)),
        lambda: entries.filter(seq=3)._raw_delete("default"),
        lambda: Chain.objects.filter(scope=scope).update(head_seq=3),
        lambda: Chain.objects.filter(scope=scope)._raw_delete("default"),
    ]
    done = 0
    for attempt in attempts:
        try:
            with transaction.atomic():
                done += bool(attempt())
                transaction.set_rollback(True)
        except DatabaseError:
            continue
    return none_found(
        "the database refuses to change the record", tried=len(attempts), found=done, part="triggers"
    )


def _clean(dice: random.Random, count: int) -> Result:
    alarms = 0
    for _ in range(count):
        scope, day = ids.new_public_id(), clock.today() - dt.timedelta(days=30)
        for _ in range(dice.randrange(1, 9)):
            day += dt.timedelta(days=dice.randrange(4))
            entry = _act(scope, day, dice)
            if dice.random() < 0.2:
                actions.erase_words(entry=entry)
            if dice.random() < 0.3:
                actions.sign(scope=scope)
        alarms += not verification.verify(scope=scope).is_sound
    return none_found(
        "no chain that nobody touched raises an alarm", tried=count, found=alarms, part="clean chains"
    )


# --- kills --------------------------------------------------------------------------------------------------------
def _kills(dice: random.Random, count: int) -> Result:
    """A process that acts is killed again and again: before one of its statements, or at any moment."""
    from community.models import Group

    scope = ids.new_public_id()
    for number in range(count):
        kill(scope, seed=dice.random(), at_statement=bool(number % 2), dice=dice)
    acts = set(Group.objects.values_list("public_id", flat=True))
    entries = list(AuditEntry.objects.filter(chain__scope=scope).values_list("ref", flat=True))
    wrong = len(acts ^ set(entries)) + len(entries) - len(set(entries))
    wrong += not verification.verify(scope=scope).is_sound
    promise = f"no act without its entry, no entry without its act, over kills ({connection.vendor})"
    return none_found(promise, tried=count, found=wrong, part="kills")


def kill(scope: str, *, seed: float, at_statement: bool, dice: random.Random) -> None:
    """Start a process that acts, and kill it."""
    connections.close_all()
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _act_until_killed(scope, random.Random(seed), at_statement, tell)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    if not at_statement:
        signal.sigtimedwait([], dice.random() / 20)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _act_until_killed(scope: str, dice: random.Random, at_statement: bool, tell: int) -> None:
    from community.models import Group

    left = dice.randrange(1, 25) if at_statement else 10_000

    def count(execute: Any, *given: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*given)

    try:
        os.write(tell, b"x")
        with connection.execute_wrapper(count):
            while True:
                with together():
                    group = Group.objects.create(name="act", kind="other")
                    actions.append(scope=scope, act="act", actor_role="lead", payload={}, ref=group.public_id)
    finally:
        os._exit(1)


@contextmanager
def _each_by_itself() -> Iterator[None]:
    """Who acts forgot the transaction, and appending does not mind."""
    careless = SimpleNamespace(in_atomic_block=True, vendor=connection.vendor)
    this = sys.modules[__name__]
    with swapped(actions, "connection", careless)(), swapped(this, "together", nullcontext)():
        yield


@contextmanager
def _no_triggers() -> Iterator[None]:
    from tests import emptying

    with connection.cursor() as cursor:
        refusing = emptying.silence(cursor, ["audit_auditentry", "audit_auditpayload", "audit_chain"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            emptying.speak_again(cursor, refusing)


def _without(name: str, check: Any) -> Any:
    return swapped(verification, name, [one for one in getattr(verification, name) if one is not check])


DEFENCES = [
    Defence(name="an entry's own hash", off=_without("CHECKS", verification.own_hash)),
    Defence(name="the hash of the entry before", off=_without("CHECKS", verification.follows)),
    Defence(name="the commitment to words", off=_without("CHECKS", verification.words)),
    Defence(name="days go forward", off=_without("CHECKS", verification.day)),
    Defence(name="what was signed", off=_without("CHECKS", verification.signature)),
    Defence(name="where the chain should end", off=_without("ENDINGS", verification.head)),
    Defence(name="how far it was signed", off=_without("ENDINGS", verification.reach)),
    Defence(name="how far the database knows it signed", off=_without("ENDINGS", verification.known)),
    Defence(name="the key", off=swapped(checkpoints.Checkpoint, "is_by", lambda *_: True)),
    Defence(name="triggers", off=_no_triggers),
    Defence(name="no entry without a transaction", off=_each_by_itself),
]
