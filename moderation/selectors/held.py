"""What is checked before it appears, for the team to read."""

from __future__ import annotations

import datetime as dt
import hmac
from dataclasses import dataclass

from community.actions import due
from community.errors import NotHere
from community.selectors import roles
from core import clock
from core.registries import held as registry
from core.registries.held import Draft
from moderation.models import Held
from moderation.policies import Judge


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One message that waits for a look, and for how long it has."""

    public_id: str
    draft: Draft
    waits: dt.timedelta


def waiting(*, judge: Judge) -> list[Waiting]:
    """What waits in a judge's group, the oldest first, but for their own, where there is somebody else to look."""
    rows = Held.objects.filter(group=judge.group).order_by("since", "public_id")
    return [
        Waiting(public_id=held.public_id, draft=draft, waits=clock.now() - held.since)
        for held in rows
        if (draft := _draft(judge, held)) is not None
    ]


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
