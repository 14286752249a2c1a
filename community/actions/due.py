"""Acts that are done later: a post that appears at a random moment, an erasure after its undo time.

The sealed payload lies under the month's key of the key ring, so that a copied database does not say what is
waiting and for whom, and an old backup soon says nothing at all. Acts of several groups are written in
transactions of their own and fall due at moments of their own, far enough apart.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import secrets
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from community.models import DueAct
from core import clock, keyring, ledger, sealing
from core.prepared import Prepared

logger = logging.getLogger("kith.due")

Payload = dict[str, Any]
APART = dt.timedelta(hours=72)  # between what others can see in two groups
SIZES = (1 << 10, 1 << 13, 1 << 16)  # bytes of a sealed payload: the row does not tell how much it holds
KEPT_DAYS = 30
KIND = "due"  # in the ledger
AGAIN = dt.timedelta(hours=1)
STOPPED = dt.timedelta(hours=6)  # nothing waits as long for its turn while a worker runs
GOES = "goes"  # in a payload: an erasure that waits takes this act, known by the row it lay in then


class CannotBeDone(Exception):
    """What was asked for may not be done any more. It stays for its owner to see, with the reason in words."""

    def __init__(self, reason: str) -> None:
        super().__init__("cannot be done")
        self.reason = reason


class NotYet(Exception):
    """It may be done, but not for so many seconds: it is tried again at a random moment in as many more."""

    def __init__(self, seconds: float) -> None:
        super().__init__("not yet")
        self.seconds = seconds


class OnHold(Exception):
    """Somebody has to look first. `hold` is called with the row's key, which waits without a moment then."""

    def __init__(self, hold: Callable[[int], None]) -> None:
        super().__init__("on hold")
        self.hold = hold


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An act as its owner sees it. `reason` is why it could not be done, empty while it waits. Without either reason
    or moment, somebody has to look first."""

    pk: int
    act: str
    payload: Payload
    due_at: dt.datetime | None
    reason: str

    @property
    def is_held(self) -> bool:
        """Whether somebody looks at it first."""
        return self.due_at is None and not self.reason


_executors: dict[str, Callable[[Payload], None]] = {}
_preparers: dict[str, Callable[[Payload], None]] = {}


def register(
    act: str, execute: Callable[[Payload], None], *, prepare: Callable[[Payload], None] | None = None
) -> None:
    """Say how an act is done. `execute` runs in a transaction that also takes the row away; `prepare` before it, for
    what takes long and needs no lock."""
    _executors[act] = execute
    if prepare:
        _preparers[act] = prepare


def later(*, key: bytes, act: str, payload: Payload, due_at: dt.datetime) -> None:
    """Ask for an act at a moment that was drawn at random, so that it does not tell when it was asked for. Not
    within a transaction about another group."""
    DueAct.objects.create(key=key, due_at=due_at, **_sealed(act, payload))


def hold(*, key: bytes, act: str, payload: Payload) -> int:
    """Keep an act until somebody has looked at it: it is done at no moment. Returns the row's key."""
    made: int = DueAct.objects.create(key=key, **_sealed(act, payload)).pk
    return made


def read(*, pk: int) -> Waiting:
    """What waits, for whoever has to look at it."""
    return _opened(DueAct.objects.get(pk=pk))


@transaction.atomic
def let_go(*, pk: int, **more: Any) -> None:
    """Somebody looked: do it, at a random moment in the window that its owner asked for. `more` is kept with it."""
    found = _opened(DueAct.objects.select_for_update().get(pk=pk))
    due_at = within(dt.timedelta(seconds=found.payload.get("window", 0)))
    DueAct.objects.filter(pk=pk).update(due_at=due_at, **_sealed(found.act, found.payload | more))


@transaction.atomic
def refuse(*, pk: int, reason: str, **more: Any) -> None:
    """It is not done: it waits for its owner for some time, with the reason; in a row of its own, so that an older copy
    of the database does not try again."""
    row = DueAct.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        return  # it was just taken back
    found = _opened(row)
    kept = _sealed(found.act, found.payload | more | {"reason": reason})
    if _end(DueAct.objects.filter(pk=pk)):
        drop_on = clock.today() + dt.timedelta(days=KEPT_DAYS)
        DueAct.objects.create(key=row.key, drop_on=drop_on, **kept)


def within(window: dt.timedelta) -> dt.datetime:
    """A random moment from now to the end of a window."""
    return clock.now() + part_of(window)


def part_of(window: dt.timedelta) -> dt.timedelta:
    """A random part of a window, down to the microsecond: moments drawn in one request share nothing."""
    return dt.timedelta(microseconds=secrets.randbelow(max(1, window // dt.timedelta(microseconds=1))))


NOTHING = dt.timedelta(0)


def apart(*, groups: int, start: dt.datetime, lasting: dt.timedelta = NOTHING) -> list[dt.datetime]:
    """A moment for each of one's groups, in random order and at random times, each at least `APART` from the
    next, so that nobody who is in two of them sees both change together. What begins at a moment and goes on for
    a while is over `APART` before the next begins."""
    moments, at = [], start
    for _ in range(groups):
        at += part_of(APART)
        moments.append(at)
        at += APART + lasting
    secrets.SystemRandom().shuffle(moments)
    return moments


_under = Prepared(lambda keys: DueAct.objects.filter(key__in=keys).order_by("due_at", "id"))


def waiting(*, keys: Collection[bytes]) -> list[Waiting]:
    """One's own acts that wait or could not be done, soonest first."""
    return [_opened(row) for row in _under(keys=list(keys))]


_keys = Prepared(lambda: DueAct.objects.values_list("key", flat=True))


def all_keys() -> set[bytes]:
    """The keys of all that waits for anybody: to look through for one's own where those are too many to ask for."""
    return set(map(bytes, _keys()))


def free(*, keys: Collection[bytes]) -> list[Waiting]:
    """One's own acts, locked, but for those that are done or taken back at this moment."""
    rows = DueAct.objects.select_for_update(skip_locked=True).filter(key__in=list(keys))
    return [_opened(row) for row in rows]


def first_free(*, keys: Sequence[bytes]) -> bytes | None:
    """The first of one's own keys under which nothing waits."""
    used = {bytes(key) for key in DueAct.objects.filter(key__in=keys).values_list("key", flat=True)}
    return next((key for key in keys if key not in used), None)


@transaction.atomic
def take_back(*, keys: Collection[bytes], pk: int | None = None) -> int:
    """Take one's own acts back, or one of them. Returns how many were still there."""
    rows = DueAct.objects.filter(key__in=list(keys))
    return _end(rows if pk is None else rows.filter(pk=pk))


def move(*, key: bytes, due_at: dt.datetime, pk: int | None = None) -> int:
    """Have one's own waiting act done at another moment. Returns how many were still there."""
    rows = DueAct.objects.filter(key=key, due_at__isnull=False)
    return (rows if pk is None else rows.filter(pk=pk)).update(due_at=due_at)


@transaction.atomic
def hold_back(*, keys: Collection[bytes]) -> list[tuple[int, bytes]]:
    """Take one's own acts back, but for those that others have in front of them, and that would all be gone for them
    at once. Those are not done any more: returns the row and key of each, by which it goes at a moment of its own."""
    rows = list(DueAct.objects.select_for_update().filter(key__in=list(keys)))
    held = {row.pk: found for row in rows if (found := _opened(row)).is_held}
    _end(DueAct.objects.filter(pk__in=[row.pk for row in rows if row.pk not in held]))
    fresh = [row for row in rows if row.pk in held and GOES not in held[row.pk].payload]
    for row in fresh:
        _change(row, held[row.pk].payload | {GOES: row.pk})
    return [(row.pk, bytes(row.key)) for row in fresh]


@transaction.atomic
def let_be(*, pk: int, key: bytes) -> None:
    """Hold an act back no longer."""
    for row in _held_back(pk=pk, key=key):
        _change(row, {name: value for name, value in _opened(row).payload.items() if name != GOES})


@transaction.atomic
def drop(*, pk: int, key: bytes) -> None:
    """Take back an act that was held back."""
    _end(DueAct.objects.filter(pk__in=[row.pk for row in _held_back(pk=pk, key=key)]))


def _held_back(*, pk: int, key: bytes) -> list[DueAct]:
    """It lies in another row once it was refused."""
    rows = DueAct.objects.select_for_update().filter(key=key)
    return [row for row in rows if pk in {row.pk, _opened(row).payload.get(GOES)}]


def hold_back_only(pks: Collection[int]) -> None:
    """Hold back exactly these: for a replay of the ledger."""
    for row in DueAct.objects.all():
        payload = _opened(row).payload
        was = payload.pop(GOES, None)
        goes = was if was in pks else row.pk if row.pk in pks else None
        if goes != was:
            _change(row, payload | ({GOES: goes} if goes else {}))


def _change(row: DueAct, payload: Payload) -> None:
    found = _opened(row)
    kept = payload | ({"reason": found.reason} if found.reason else {})
    DueAct.objects.filter(pk=row.pk, epoch=row.epoch).update(**_sealed(found.act, kept))


def _end(rows: QuerySet[DueAct]) -> int:
    """Take acts away that are done, or taken back: no older copy of the database does them again."""
    pks = list(rows.values_list("pk", flat=True))
    ledger.note_all(kind=KIND, refs=map(str, pks))
    return rows.filter(pk__in=pks).delete()[0]


def forget(pk: str) -> None:
    """Take an act away: for a replay of the ledger."""
    DueAct.objects.filter(pk=int(pk)).delete()


# --- for the ledger, so that an older copy of the database holds what waits now -------------------------------------
def lines(act: str) -> Iterator[str]:
    """Every act of a kind that waits, sealed as it is."""
    for row in DueAct.objects.filter(due_at__isnull=False):
        if _opened(row).act == act:
            key, sealed = bytes(row.key).hex(), bytes(row.sealed).hex()
            yield f"{row.pk} {row.due_at:%Y-%m-%dT%H:%M:%S%z} {row.epoch} {key} {sealed}"


def payloads(act: str) -> list[Payload]:
    """What every act of a kind that waits holds."""
    found = map(_opened, DueAct.objects.filter(due_at__isnull=False))
    return [one.payload for one in found if one.act == act]


@transaction.atomic
def restore(act: str, found: Collection[str]) -> None:
    """Let exactly these acts of a kind wait."""
    there = [row.pk for row in DueAct.objects.filter(due_at__isnull=False) if _opened(row).act == act]
    DueAct.objects.filter(pk__in=there).delete()
    for line in found:
        pk, due_at, epoch, key, sealed = line.split(" ")
        DueAct.objects.create(
            pk=int(pk),
            due_at=dt.datetime.fromisoformat(due_at),
            epoch=epoch,
            key=bytes.fromhex(key),
            sealed=bytes.fromhex(sealed),
        )


def duty() -> None:
    """What is due, and after a stop with its distances. Due work."""
    go_on()
    do_due()


@transaction.atomic
def go_on() -> None:
    """After a stop all that waits moves on by as long as it lasted. Else what was to reach one person's groups days
    apart would reach them in the minute of the start."""
    first = _due().first()
    if first is None or first.due_at is None or (late := clock.now() - first.due_at) <= STOPPED:
        return
    DueAct.objects.filter(due_at__isnull=False).update(due_at=F("due_at") + late)
    ledger.waiting_changed()


def do_due() -> None:
    """Do what is due, also what that asks for. Due work: each act is one transaction, and one that breaks is tried
    again in an hour."""
    tried = set[int]()
    while rows := [row for row in _due() if row.pk not in tried]:
        tried.update(row.pk for row in rows)
        for row in rows:
            try:
                _do(row)
            except Exception as error:  # the type alone is safe to log
                logger.error("a due act ended with %s", type(error).__name__)
                DueAct.objects.filter(pk=row.pk).update(due_at=clock.now() + AGAIN)
    DueAct.objects.filter(drop_on__lte=clock.today()).delete()


def _due() -> QuerySet[DueAct]:
    return DueAct.objects.filter(due_at__lte=clock.now()).order_by("due_at", "id")


def _do(row: DueAct) -> None:
    before = _opened(row)
    if before.act in _preparers:
        _preparers[before.act](before.payload)
    rows = DueAct.objects.filter(pk=row.pk, due_at=row.due_at)
    try:
        with transaction.atomic():
            found = next(map(_opened, rows.select_for_update()), None)
            if found is None:
                return  # it was just taken back
            if GOES in found.payload:
                raise NotYet(AGAIN.total_seconds())  # its owner may still undo that
            _end(rows)
            _executors[found.act](found.payload)
    except CannotBeDone as refusal:
        refuse(pk=row.pk, reason=refusal.reason)
    except NotYet as wait:
        seconds = dt.timedelta(seconds=wait.seconds)
        DueAct.objects.filter(pk=row.pk).update(due_at=within(seconds) + seconds)
    except OnHold as look:
        look.hold(row.pk)


def reseal_all() -> None:
    """Move what waits to the current month's key, so that older keys can be destroyed. Due work."""
    for row in DueAct.objects.exclude(epoch=keyring.current_epoch()).iterator():
        _change(row, _opened(row).payload)
    ledger.keep_waiting()


def _sealed(act: str, payload: Payload) -> dict[str, Any]:
    plain = json.dumps(payload | {"act": act}, ensure_ascii=False).encode()
    size = next(size for size in SIZES if len(plain) <= size)
    epoch = keyring.current_epoch()
    return {
        "epoch": epoch,
        "sealed": sealing.seal(key=_key(epoch), value=plain.ljust(size), place=f"due|{epoch}"),
    }


def _opened(row: DueAct) -> Waiting:
    plain = sealing.unseal(key=_key(row.epoch), sealed=bytes(row.sealed), place=f"due|{row.epoch}")
    payload: Payload = json.loads(plain)
    act, reason = payload.pop("act"), payload.pop("reason", "")
    return Waiting(pk=row.pk, act=act, payload=payload, due_at=row.due_at, reason=reason)


def _key(epoch: str) -> bytes:
    return sealing.derive(key=keyring.key_of(epoch=epoch), purpose="due")
