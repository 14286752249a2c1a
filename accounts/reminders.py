"""What a reminder keeps sealed: its address and its stop link, under the lasting key of the key ring. The worker
sends, and has nobody's secret."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from core import keyring, sealing

SIZE = 512  # bytes, so that the row does not tell how long an address is


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Where a reminder goes, and the token of the link that stops it."""

    address: str
    stop: str


def seal(*, account_id: int, address: str, stop: str) -> bytes:
    """Both, for one account's row."""
    plain = json.dumps(asdict(Kept(address=address, stop=stop))).encode().ljust(SIZE)
    return sealing.seal(key=_key(), value=plain, place=_place(account_id))


def unseal(*, account_id: int, sealed: bytes) -> Kept:
    """What was sealed for this account's row."""
    return Kept(**json.loads(sealing.unseal(key=_key(), sealed=sealed, place=_place(account_id))))


def code_tag(*, account_id: int, code: str) -> bytes:
    """How a code is stored: six digits alone would be found by trying them all."""
    return sealing.tag(key=_key(), parts=("code", str(account_id), code))


def _key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="reminder")


def _place(account_id: int) -> str:
    return f"reminder|{account_id}"
