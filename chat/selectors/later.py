"""Reading what waits to appear: one's own alone, by keys that nobody else can make."""

from __future__ import annotations

from dataclasses import dataclass

from chat.selectors.reading import KeyOf
from community.actions import due


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of one's own waiting posts in one thread, one for each face: a row that goes just when a post
    appears would tie the two faces if they shared one."""

    name: bytes
    once: bytes

    @property
    def both(self) -> list[bytes]:
        """Both."""
        return [self.name, self.once]


def keys_for(*, key_of: KeyOf, tid: str) -> Keys:
    """The keys of what waits in a thread."""
    return Keys(name=key_of("due", f"publish|name|{tid}"), once=key_of("due", f"publish|once|{tid}"))


@dataclass(frozen=True, kw_only=True)
class WaitingPost:
    """A post that waits to appear, or could not. `reason` says why, and is empty while it waits."""

    pk: int
    text: str
    handle: str
    reason: str


def waiting(*, keys: Keys) -> list[WaitingPost]:
    """One's own posts that wait in a thread, in no telling order."""
    found = due.waiting(keys=keys.both)
    rows = [
        WaitingPost(pk=one.pk, text=one.payload["text"], handle=one.payload["handle"], reason=one.reason)
        for one in found
    ]
    return sorted(rows, key=lambda row: row.pk)
