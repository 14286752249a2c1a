"""Locking S with something a person has, and opening it again."""

from __future__ import annotations

import contextlib
import datetime as dt

from django.db import transaction

from accounts.models import Account, Lock
from accounts.models.locks import LockKind
from core import clock, ids, keyring, sealing

SALT_SIZE = 16
KEPT_DAYS = 35


def make(*, account: Account, kind: LockKind, secret: bytes, phrase: str) -> Lock:
    """S locked under a phrase and the current month's key, not yet stored: stretching is slow, and nobody
    should wait for it inside a transaction."""
    salt = ids.new_secret(size=SALT_SIZE)
    inner = sealing.seal(
        key=sealing.stretch(secret=phrase, salt=salt), value=secret, place=_place(account, kind, "inner")
    )
    epoch = keyring.current_epoch()
    outer = sealing.seal(
        key=keyring.key_of(epoch=epoch), value=inner, place=_place(account, kind, f"outer|{epoch}")
    )
    return Lock(account=account, kind=kind, salt=salt, epoch=epoch, sealed=outer)


def put(*, row: Lock) -> None:
    """Store a lock from `make`. An older lock of the kind is replaced."""
    Lock.objects.update_or_create(
        account_id=row.account_id,
        kind=row.kind,
        defaults={"salt": row.salt, "epoch": row.epoch, "sealed": row.sealed},
    )


def lock(*, account: Account, kind: LockKind, secret: bytes, phrase: str) -> None:
    """Lock S under a phrase, and store the lock."""
    put(row=make(account=account, kind=kind, secret=secret, phrase=phrase))


def unlock(*, account: Account | None, kind: LockKind, phrase: str) -> bytes | None:
    """S, or None if the phrase does not open the lock. A missing account or lock costs the same work."""
    row = Lock.objects.filter(account_id=account.pk if account else 0, kind=kind).first()
    salt = bytes(row.salt) if row else bytes(SALT_SIZE)
    key = sealing.stretch(secret=phrase, salt=salt)
    if row is None or account is None:
        return None
    try:
        inner = _open_outer(account, row)
        return sealing.unseal(key=key, sealed=inner, place=_place(account, kind, "inner"))
    except (sealing.SealBroken, keyring.KeyGone):
        return None


def relock(*, row: Lock) -> None:
    """Put a lock's outer layer under the current month's key. Needs nothing from the person."""
    epoch = keyring.current_epoch()
    if row.epoch == epoch:
        return
    inner = _open_outer(row.account, row)
    place = _place(row.account, LockKind(row.kind), f"outer|{epoch}")
    sealed = sealing.seal(key=keyring.key_of(epoch=epoch), value=inner, place=place)
    # Only over what was read: a new passphrase may have replaced the lock meanwhile.
    Lock.objects.filter(pk=row.pk, sealed=row.sealed).update(sealed=sealed, epoch=epoch)


def relock_all() -> None:
    """Move every lock to the current month's key, one by one."""
    for row in Lock.objects.exclude(epoch=keyring.current_epoch()).select_related("account").iterator():
        with contextlib.suppress(keyring.KeyGone, sealing.SealBroken):  # one lost lock must not cost the rest
            relock(row=row)


def confirm_next_words(*, account: Account, phrase: str) -> bool:
    """Let the waiting words take the place of the old ones, if this phrase opens them. False otherwise."""
    shown = Lock.objects.filter(account=account, kind=LockKind.NEXT_WORDS).first()
    if shown is None or unlock(account=account, kind=LockKind.NEXT_WORDS, phrase=phrase) is None:
        return False
    with transaction.atomic():
        # Only what was opened: another browser may have made new words meanwhile.
        same = Lock.objects.filter(pk=shown.pk, salt=shown.salt, kind=LockKind.NEXT_WORDS)
        if not same.update(kind=LockKind.NEXT_WORDS):
            return False
        waiting = same.get()
        inner = _open_outer(account, waiting)
        Lock.objects.filter(account=account, kind=LockKind.WORDS).delete()
        waiting.kind = LockKind.WORDS
        epoch = keyring.current_epoch()
        waiting.sealed = sealing.seal(
            key=keyring.key_of(epoch=epoch),
            value=inner,
            place=_place(account, LockKind.WORDS, f"outer|{epoch}"),
        )
        waiting.epoch = epoch
        waiting.save(update_fields=["kind", "sealed", "epoch"])
    return True


def destroy_old_keys() -> None:
    """Destroy the keys of months that ended over 35 days ago and lock nothing any more: from then on a backup
    from such a month opens nothing, whatever is guessed."""
    in_use = set(Lock.objects.values_list("epoch", flat=True))
    for epoch in keyring.epochs():
        if epoch not in in_use and clock.today() >= destroyed_on(epoch=epoch):
            keyring.destroy(epoch=epoch)


def destroyed_on(*, epoch: str) -> dt.date:
    """The day on which a month's key is destroyed: 35 days after the month is over."""
    year, month = (int(part) for part in epoch.split("-"))
    return dt.date(year + month // 12, month % 12 + 1, 1) + dt.timedelta(days=KEPT_DAYS)


def drop_next_words(*, account: Account) -> None:
    """Forget words that were shown but not confirmed: the old ones hold."""
    Lock.objects.filter(account=account, kind=LockKind.NEXT_WORDS).delete()


def _open_outer(account: Account, row: Lock) -> bytes:
    place = _place(account, LockKind(row.kind), f"outer|{row.epoch}")
    return sealing.unseal(key=keyring.key_of(epoch=row.epoch), sealed=bytes(row.sealed), place=place)


def _place(account: Account, kind: LockKind, layer: str) -> str:
    # The next words become the words without being typed again, so that both share the inner place.
    inner_kind = "words" if kind in {LockKind.WORDS, LockKind.NEXT_WORDS} and layer == "inner" else kind.value
    return f"lock|{account.pk}|{inner_kind}|{layer}"
