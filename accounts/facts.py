"""The fact sheet: what a person noted about themselves and how they like Kith to be, sealed under a key derived
from S, always of one size."""

from __future__ import annotations

import json
from typing import Any

from accounts import keys
from accounts.errors import SheetFull
from accounts.models import Account, FactSheet
from core import sealing
from core.prepared import Prepared

# Bytes, always as many, so that the row does not tell how much somebody noted. Sealed it still fits on one page of
# SQLite: what spills over lies on pages of its own, in order of arrival.
SIZE = 3968
Sheet = dict[str, Any]
NOTES_LEAVING = "notes_leaving"  # a setting: this account is no older than the notes of who left a group


def new() -> Sheet:
    """The sheet of an account that is made now."""
    return {"settings": {NOTES_LEAVING: True}}


def write(*, account: Account, secret: bytes, sheet: Sheet) -> None:
    """Replace the fact sheet. Raises SheetFull."""
    plain = json.dumps(sheet, ensure_ascii=False).encode()
    if len(plain) > SIZE:
        raise SheetFull
    sealed = sealing.seal(key=keys.fact_key(secret), value=plain.ljust(SIZE), place=_place(account))
    FactSheet.objects.update_or_create(account_id=account.pk, defaults={"sealed": sealed})


_of = Prepared(lambda account: FactSheet.objects.filter(account_id=account))


def read(*, account: Account, secret: bytes) -> Sheet:
    """What the sheet says; empty if nothing was noted yet."""
    row = _of.first(account=account.pk)
    if row is None:
        return {}
    plain = sealing.unseal(key=keys.fact_key(secret), sealed=bytes(row.sealed), place=_place(account))
    sheet: Sheet = json.loads(plain)
    return sheet


def _place(account: Account) -> str:
    return f"facts|{account.pk}"
