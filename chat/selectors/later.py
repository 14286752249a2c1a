"""Reading what waits to appear: one's own alone, by keys that nobody else can make."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from chat.models import Thread
from chat.selectors.reading import KeyOf
from community.actions import due
from community.selectors.here import Here
from core import clock
from moderation.selectors import automatic

MOST_TALKS = 20  # under one-thread names that wait at once in a group


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The keys of what one has waiting in a place, apart for each face: a row that goes just when something appears
    would tie two faces if they shared one."""

    name: bytes
    once: list[bytes]

    @property
    def both(self) -> list[bytes]:
        """All, of both kinds of faces."""
        return [self.name, *self.once]


def keys_for(*, key_of: KeyOf, tid: str) -> Keys:
    """The keys of the posts that wait in a thread."""
    name, once = (key_of("due", ref) for ref in refs_for(tid))
    return Keys(name=name, once=[once])


def refs_for(tid: str) -> tuple[str, str]:
    """What those keys are made of: of one's name, and of a one-thread name."""
    return f"publish|name|{tid}", f"publish|once|{tid}"


def keys_to_open(*, key_of: KeyOf, gid: str) -> Keys:
    """The keys of the threads that wait to be opened in a group. Each of them has a one-thread name of its own."""
    once = [key_of("due", f"open|once|{gid}|{number}") for number in range(MOST_TALKS)]
    return Keys(name=key_of("due", f"open|name|{gid}"), once=once)


@dataclass(frozen=True, kw_only=True)
class WaitingPost:
    """A post that waits to appear, or could not. `title` is that of the thread it opens, if it opens one; `reason`
    says why it could not, and is empty while it waits; `before` is the day by which it is there, never the moment,
    and `within` the hours of the window, where they end on the day that it is in the group; else 0.
    `stays`: how many whole days it stays once it is there, or None for good.
    `is_held`: the team looks at it first; `is_sent_back`: it has, and `reason` is what it wrote. `is_change`: it is new
    words for a post that is there. `why` it waits for the team, where automatic help found something. `has_lost_name`:
    the name that was to sign is not its writer's any more, so that it will not appear."""

    pk: int
    title: str
    text: str
    handle: str
    reason: str
    is_once: bool
    before: dt.date | None
    within: int
    stays: int | None
    is_held: bool
    is_sent_back: bool
    is_change: bool
    why: tuple[str, ...]
    has_lost_name: bool


def waiting(*, keys: Keys, time_zone: str = "UTC", here: Here | None = None) -> list[WaitingPost]:
    """What one has waiting in a place: what the team sent back, then the rest in no telling order. `time_zone` is where
    its group is, and `here` the place of who reads, as far as that is known."""
    found = due.waiting(keys=keys.both)
    rows = [
        WaitingPost(
            pk=one.pk,
            title=one.payload.get("title", ""),
            text=one.payload["text"],
            handle=one.payload["handle"],
            reason=one.reason,
            is_once=one.payload.get("as_alias", False),
            before=_day_after(one.payload),
            within=_hours_of_today(one.payload, time_zone=time_zone),
            stays=one.payload.get("stays"),
            is_held=one.due_at is None and not one.reason,
            is_sent_back=one.payload.get("sent_back", False),
            is_change="pid" in one.payload,
            why=tuple(automatic.why_held(one.payload.get("why", ()))),
            has_lost_name=here is not None and not one.reason and _has_lost_name(one.payload, here=here),
        )
        for one in found
    ]
    return sorted(rows, key=lambda row: (not row.is_sent_back, row.pk))


def waits_under_a_name(*, key_of: KeyOf, gid: str) -> bool:
    """Whether something of one's own waits in a group under one's name there, in any talk."""
    tids = Thread.objects.filter(group__public_id=gid).values_list("public_id", flat=True)
    keys = [keys_for(key_of=key_of, tid=tid).name for tid in tids]
    found = due.waiting(keys=[*keys, keys_to_open(key_of=key_of, gid=gid).name])
    return any(not one.reason and "pid" not in one.payload for one in found)


def _has_lost_name(payload: due.Payload, *, here: Here) -> bool:
    """A one-thread name cannot be given up, and new words are signed by the post that has them."""
    if payload.get("as_alias") or "pid" in payload:
        return False
    return here.persona is None or here.persona.handle != payload["handle"]


def _day_after(payload: due.Payload) -> dt.date | None:
    """Not in the past where the server was down; None for what was asked for before this was kept."""
    if "until" not in payload:
        return None
    return max(dt.date.fromisoformat(payload["until"]), clock.today()) + dt.timedelta(days=1)


def _hours_of_today(payload: due.Payload, *, time_zone: str) -> int:
    """None for what the team looked at first: its window began when they had."""
    today = clock.now().astimezone(ZoneInfo(time_zone)).date().isoformat()
    is_today = payload.get("until") == today and "window" not in payload
    return payload["hours"] if is_today and payload["hours"] < 24 else 0


def once_of(found: Sequence[WaitingPost]) -> str:
    """The one-thread name under which something waits to appear in a thread; empty where nothing does. It is one's
    name there before it has signed."""
    return next((one.handle for one in found if one.is_once and not one.reason), "")
