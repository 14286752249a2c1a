"""What is checked before it appears, for the team to read."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from community.actions import due
from community.errors import NotHere
from community.selectors import roles
from core import clock
from core.prepared import Prepared
from core.registries import held as registry
from core.registries.held import Draft
from moderation.automatic.worry import Level, worried
from moderation.models import Held
from moderation.policies import Judge


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One message that waits for a look, for how long it has, and how worried whoever reads it should be."""

    public_id: str
    draft: Draft
    waits: dt.timedelta
    worry: Level

    @property
    def in_danger(self) -> bool:
        """Whether its words say that somebody is in danger."""
        return self.worry == Level.IN_DANGER


_rows = Prepared(lambda group: Held.objects.filter(group=group).order_by("since", "public_id"))


def waiting(*, judge: Judge) -> list[Waiting]:
    """What waits in a judge's group, words of worry first and then the oldest, but for their own, where there is
    somebody else to look. Whether the group has these words noticed or not: nobody waits longer by it."""
    found = [
        Waiting(
            public_id=held.public_id, draft=draft, waits=clock.now() - held.since,
            worry=worried(f"{draft.title}\n{draft.text}" if draft.opens else draft.text),
        )
        for held in _rows(group=judge.group.pk)
        if (draft := _draft(judge, held)) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: -one.worry)


def how_many_wait(*, judge: Judge) -> int:
    """How many of `waiting` there are."""
    return sum(_draft(judge, held) is not None for held in _rows(group=judge.group.pk))


def find(*, judge: Judge, public_id: str) -> Held:
    """One of them, or NotHere."""
    held = Held.objects.select_related("group").filter(group=judge.group, public_id=public_id).first()
    if held is None or _draft(judge, held) is None:
        raise NotHere
    return held


def author_tag(held: Held) -> bytes:
    """Whose it is, to tell them something."""
    found = due.read(pk=held.act_id)
    return registry.reader(found.act).author_tag(found.payload)


def _draft(judge: Judge, held: Held) -> Draft | None:
    """What it says; None for whoever wrote it and is not alone."""
    found = due.read(pk=held.act_id)
    reader = registry.reader(found.act)
    is_own = hmac.compare_digest(reader.author_tag(found.payload), judge.tag)
    if is_own and not roles.is_alone(group=judge.group, owner_tag=judge.tag):
        return None
    return reader.read(found.payload)
