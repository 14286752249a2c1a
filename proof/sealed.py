"""Sealing: what is sealed opens with the right key in the right place and form, and with nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from accounts.actions import accounts, locks
from accounts.models import Lock
from accounts.models.locks import LockKind
from core import clock, ids, sealing
from core.sealing import AESGCM
from proof.harness import Defence, Result, none_found, swapped

VALUES = {"small": 20, "full": 400}
PEOPLE = {"small": 6, "full": 60}
PASSPHRASE = "seven quiet boats at noon"
PLACES = ["facts|1", "facts|2", "session|payload", "lock|1|words|inner", "due|2026-11", "alias|x"]


def prove(size: str) -> Iterator[Result]:
    """Wrong keys, places and forms; what a rotation writes; what an old backup opens after its time."""
    yield _fails_closed(VALUES[size])
    made = [
        accounts.create(name=f"sealed-otter-{number}", passphrase=PASSPHRASE)
        for number in range(PEOPLE[size])
    ]
    later = dt.datetime.combine(clock.this_month(), dt.time(), tzinfo=dt.UTC) + dt.timedelta(days=32)
    backup = list(Lock.objects.all())
    with clock.held_at(later):
        yield _rotates_only_wrapped_keys()
    yield from _old_backup(made, backup, later)


def _fails_closed(values: int) -> Result:
    tried = opened = 0
    for number in range(values):
        key, place = ids.new_secret(), PLACES[number % len(PLACES)]
        sealed = sealing.seal(key=key, value=ids.new_secret(size=number % 70), place=place)
        wrong = [(ids.new_secret(), sealed, place)]
        wrong += [(key, sealed, other) for other in PLACES if other != place]
        wrong += [(key, bytes([format_]) + sealed[1:], place) for format_ in (0, 2, 255)]
        wrong += [(key, sealed[:cut], place) for cut in (0, 1, 13, len(sealed) - 1)]
        wrong += [(key, _flip(sealed, at), place) for at in range(1, len(sealed), 7)]
        tried += len(wrong)
        opened += sum(_opens(*attempt) for attempt in wrong)
    return none_found(
        "a sealed value opens with no wrong key, place or form",
        tried=tried,
        found=opened,
        part="fails closed",
    )


def _flip(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def _opens(key: bytes, sealed: bytes, place: str) -> bool:
    try:
        sealing.unseal(key=key, sealed=sealed, place=place)
    except sealing.SealBroken:
        return False
    return True


def _rows() -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (model._meta.label, row["id"]): row
        for model in apps.get_models()
        for row in model._default_manager.values()
        if "id" in row
    }


def _rotates_only_wrapped_keys() -> Result:
    before = _rows()
    locks.relock_all()
    after = _rows()
    changed = [
        (key, column)
        for key in before.keys() | after.keys()
        for column in before.get(key, {}).keys() | after.get(key, {}).keys()
        if before.get(key, {}).get(column) != after.get(key, {}).get(column)
    ]
    beyond = [
        found for found in changed if found[0][0] != "accounts.Lock" or found[1] not in {"sealed", "epoch"}
    ]
    assert changed, "the control: locks do move to the new month's key"
    return none_found(
        "rotating the ring writes nothing but wrapped keys",
        tried=len(before),
        found=len(beyond),
        part="rotation",
    )


def _old_backup(made: list[accounts.Opened], backup: list[Lock], later: dt.datetime) -> Iterator[Result]:
    assert all(_unlocks(opened, backup) for opened in made), "the control: today the backup opens"
    with clock.held_at(later + dt.timedelta(days=locks.KEPT_DAYS + 1)):
        locks.relock_all()
        locks.destroy_old_keys()
        assert all(
            locks.unlock(account=opened.account, kind=LockKind.PASSPHRASE, phrase=PASSPHRASE)
            for opened in made
        ), "the living still open"
        found = sum(_unlocks(opened, backup) for opened in made)
    yield none_found(
        "after 35 days of epochs an old backup opens nothing, with the right passphrase and today's ring",
        tried=len(made), found=found, part="old backup",
    )  # fmt: skip


def _unlocks(opened: accounts.Opened, backup: list[Lock]) -> bool:
    """Whether the passphrase opens the account's row as it was in the backup."""
    [row] = [row for row in backup if row.account_id == opened.account.pk and row.kind == LockKind.PASSPHRASE]
    now = Lock.objects.get(pk=row.pk)
    Lock.objects.filter(pk=row.pk).update(sealed=row.sealed, epoch=row.epoch, salt=row.salt)
    try:
        return locks.unlock(account=opened.account, kind=LockKind.PASSPHRASE, phrase=PASSPHRASE) is not None
    finally:
        Lock.objects.filter(pk=row.pk).update(sealed=now.sealed, epoch=now.epoch, salt=now.salt)


class _BindsNothing:
    """AES-GCM as before, but what is sealed anywhere opens everywhere."""

    def __init__(self, key: bytes) -> None:
        self._real = AESGCM(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        return self._real.encrypt(nonce, data, None)

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        return self._real.decrypt(nonce, data, None)


DEFENCES = [
    Defence(name="what is sealed names its place", off=swapped(sealing, "AESGCM", _BindsNothing)),
    Defence(name="old months' keys are destroyed", off=swapped(locks, "destroy_old_keys", lambda: None)),
]
