"""Whether the team wrote to somebody, or asks them something: for a quiet line that they alone see."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Value

from community.selectors.here import Here
from core import clock, keyring
from core.prepared import Prepared
from core.registries.subjects import KeyOf
from moderation import parties
from moderation.acts import UNDO_DAYS
from moderation.enums import CaseState
from moderation.models import Notice, Report, Worry
from moderation.selectors.reports import KIND
from moderation.selectors.worries import OF_ONESELF

NOTE, ASKED, DECIDED, WORRY = range(4)  # what there is for somebody
BY_TAG = {NOTE, WORRY}  # known by one's own tag, the others by one's own key


@dataclass(frozen=True, kw_only=True)
class News:
    """How many notes from the team are unread, whether the team has a question about a report, whether something
    became of one, and whether the team has them in its care."""

    notes: int
    is_asked: bool
    is_decided: bool
    is_worried_about: bool


def news(*, here: Here, key_of: KeyOf) -> News:
    """What waits for this person here. One query; without the key ring there is no news, and the page is there."""
    tags = {here.member.group_id: bytes(here.member.owner_tag)}
    return _news([kind for _, kind in _mine(tags, key_of)])


def in_groups(*, tags: Mapping[int, bytes], key_of: KeyOf) -> dict[int, News]:
    """Group key -> what waits, where anything does, of the groups for which one's own tags are given: in one query."""
    kinds = dict[int, list[int]]()
    for group, kind in _mine(tags, key_of):
        kinds.setdefault(group, []).append(kind)
    return {group: _news(found) for group, found in kinds.items()}


def _news(kinds: Sequence[int]) -> News:
    return News(
        notes=kinds.count(NOTE),
        is_asked=ASKED in kinds,
        is_decided=DECIDED in kinds,
        is_worried_about=WORRY in kinds,
    )


def _mine(tags: Mapping[int, bytes], key_of: KeyOf) -> Iterator[tuple[int, int]]:
    """(group, what) of all that is for this person."""
    with contextlib.suppress(keyring.RingAway):
        makers = dict[int, Callable[[str], bytes]]()
        since = clock.today() - dt.timedelta(days=UNDO_DAYS)
        for group, ref, key, kind in _all(groups=list(tags), since=since):
            if kind in BY_TAG and group not in makers:
                makers[group] = parties.keys_of(owner_tag=tags[group])
            if bytes(key) == (makers[group](ref) if kind in BY_TAG else key_of(KIND, ref)):
                yield group, kind


def _rows(groups: Any, since: Any) -> QuerySet[Any, Any]:
    """(group, public id, key, what) of all there is in these groups, for whomever it is."""
    notes = Notice.objects.filter(group__pk__in=groups, is_read=False, sent_on__gte=since)
    reports = Report.objects.filter(case__group__pk__in=groups).annotate(
        group=F("case__group"), public_id=F("case__public_id")
    )
    asked = reports.filter(case__state=CaseState.OPEN, answer="").exclude(question="")
    decided = reports.filter(Q(is_new=True) & (Q(case__closed_on=None) | Q(case__closed_on__gte=since)))
    cares = Worry.objects.filter(
        case__group__pk__in=groups, case__state=CaseState.OPEN, case__reason__in=OF_ONESELF
    )
    cares = cares.annotate(group=F("case__group"), public_id=F("case__public_id"), key=F("case__author_key"))
    parts = [
        rows.order_by().annotate(kind=Value(kind, output_field=IntegerField()))
        for kind, rows in ((NOTE, notes), (ASKED, asked), (DECIDED, decided), (WORRY, cares))
    ]
    first, *rest = [rows.values_list("group", "public_id", "key", "kind") for rows in parts]
    return first.union(*rest, all=True)


_all = Prepared(_rows)
