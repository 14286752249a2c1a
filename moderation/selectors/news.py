"""Whether the team wrote to somebody, or asks them something: for a quiet line that they alone see."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass

from django.db.models import BooleanField, Value

from community.selectors.here import Here
from core import clock, keyring
from core.registries.subjects import KeyOf
from moderation import parties
from moderation.acts import UNDO_DAYS
from moderation.enums import CaseState
from moderation.models import Notice, Report
from moderation.selectors.reports import KIND


@dataclass(frozen=True, kw_only=True)
class News:
    """How many notes from the team are unread, and whether the team has a question about a report."""

    notes: int
    is_asked: bool


def news(*, here: Here, key_of: KeyOf) -> News:
    """What waits for this person here. One query; without the key ring there is no news, and the page is there."""
    since = clock.today() - dt.timedelta(days=UNDO_DAYS)
    notes = Notice.objects.filter(group=here.group, is_read=False, sent_on__gte=since).order_by()
    asked = Report.objects.filter(case__group=here.group, case__state=CaseState.OPEN, answer="").order_by()
    rows = (
        notes.annotate(is_note=_flag(True))
        .values_list("public_id", "key", "is_note")
        .union(
            asked.exclude(question="")
            .annotate(is_note=_flag(False))
            .values_list("case__public_id", "key", "is_note"),
            all=True,
        )
    )
    told, is_asked = 0, False
    with contextlib.suppress(keyring.RingAway):
        key_for = None
        for ref, key, is_note in rows:
            if is_note:
                key_for = key_for or parties.keys_of(owner_tag=bytes(here.member.owner_tag))
                told += bytes(key) == key_for(ref)
            else:
                is_asked = is_asked or bytes(key) == key_of(KIND, ref)
    return News(notes=told, is_asked=is_asked)


def _flag(value: bool) -> Value:
    return Value(value, output_field=BooleanField())
