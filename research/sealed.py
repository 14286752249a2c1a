"""What a study keeps sealed: every study has a key of its own, under the ring's lasting key, outside the database."""

from __future__ import annotations

from core import ids, keyring, sealing
from research.models import Study


def new_key(*, public_id: str) -> bytes:
    """A study's own key, sealed as it is stored."""
    return sealing.seal(key=_ring(), value=ids.new_secret(), place=f"study|{public_id}")


def seal(*, study: Study, value: bytes, place: str) -> bytes:
    """Seal something of a study for one place, such as 'answer|<pid>|<item>'."""
    return sealing.seal(key=_key(study), value=value, place=place)


def unseal(*, study: Study, sealed: bytes, place: str) -> bytes:
    """Open it again. Raises SealBroken."""
    return sealing.unseal(key=_key(study), sealed=bytes(sealed), place=place)


def mark(*, study: Study, of: str) -> bytes:
    """32 bytes that always are the same for this of a study, and say nothing without its key."""
    return sealing.tag(key=_key(study), parts=("mark", of))


def _key(study: Study) -> bytes:
    sealed = bytes(study.sealed_key)
    return sealing.unseal(key=_ring(), sealed=sealed, place=f"study|{study.public_id}")


def _ring() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="study")
