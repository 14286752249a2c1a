"""Files of a study: as its team sees them, as members see those that they are in, and as everybody reads of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Q

from chat.models import Post
from community.errors import NotHere
from core import clock
from research import policies
from research.digests import digest
from research.enums import ExportState, ExportTier, Part, StudyState
from research.models import (
    Colleague,
    ConsentEvent,
    Export,
    ExportSubject,
    OnceName,
    Participant,
    QuoteAsk,
    Source,
    Study,
)
from research.policies import Desk, studies
from research.selectors.consent import Own
from research.selectors.sheets import FLOOR


@dataclass(frozen=True, kw_only=True)
class File:
    """One file, who asked and who decided by the names that they chose, and what this desk may do with it now."""

    export: Export
    asked_by: str
    decided_by: str
    is_mine: bool
    may: Mapping[str, bool]

    @property
    def is_over(self) -> bool:
        """Whether its days to be fetched are over."""
        until = self.export.until
        return self.export.state == ExportState.APPROVED and until is not None and until < clock.today()


REPORT = "report"  # the last of what is kept of a file's stages: what it can tell, and which tables it has
LARGE = ("sealed_reading", "sealed_made")


def of_study(*, desk: Desk) -> list[File]:
    """All files, the newest first. Raises NotHere."""
    policies.require("see_files", desk)
    rows = Export.objects.filter(study=desk.study).defer(*LARGE).order_by("-asked_on", "id")
    names = _names(desk.study)
    return [_file(desk, row, names) for row in rows]


def find(*, desk: Desk, fid: str) -> File:
    """One of them. Raises NotHere."""
    policies.require("see_files", desk)
    row = (
        Export.objects.select_related("study")
        .defer("sealed_made")
        .filter(study=desk.study, public_id=fid)
        .first()
    )
    if row is None:
        raise NotHere
    return _file(desk, row, _names(desk.study))


def why_not(study: Study) -> str:
    """Why no file may be made, decided on or fetched now, by its kind; empty if one may."""
    if study.data_gone_on:
        return "gone"
    if study.opened_on is None or study.state not in {*studies.OPEN, StudyState.CLOSED}:
        return "not open"
    if study.is_paused:
        return "paused"
    is_covered = study.ethics_until is not None and study.ethics_until >= clock.today()
    return "" if is_covered else "ethics"


def standing(study: Study) -> str:
    """What changes when anything is said, taken back or left: whatever was read before and after is one whole only if
    this was the same."""
    of = {"study": study}
    rows: list[list[Any]] = [
        list(Study.objects.filter(pk=study.pk).values_list("state", "is_paused", "consent_version", "ethics_until")),
        sorted(Participant.objects.filter(**of).values_list("pk", "part")),
        sorted(Source.objects.filter(**of).values_list("pk", "part", "since", "participant")),
        sorted(ConsentEvent.objects.filter(**of).values_list("pk", flat=True)),
        sorted(QuoteAsk.objects.filter(**of).values_list("pk", "answer")),
        sorted(study.hosts.values_list("pk", "state")),
        sorted(OnceName.objects.filter(**of).values_list("pk", flat=True)),
    ]  # fmt: skip
    return digest([list(map(str, one)) for one in rows])


def rests_on(export: Export) -> str:
    """The same for one file that was made: also every message of who takes part, and its words, where any are in it."""
    study, is_once = export.study, bool(export.recipe.get("once"))
    if not (export.recipe["messages"] or export.recipe["quotes"] or is_once):
        return standing(study)
    members = Source.objects.filter(study=study, member__isnull=False).values("member")
    read = Q(byline__persona__member__in=members)
    if is_once and study.closed_on:
        groups = study.hosts.values("group")
        read |= Q(byline__alias__isnull=False, thread__group__in=groups, posted_on__lt=study.closed_on)
    rows = Post.objects.filter(read).order_by("pk")
    found = sha256(standing(study).encode())
    for row in rows.values_list("pk", "state", "text").iterator():
        found.update(repr(row).encode())
    return found.hexdigest()


def latest(study: Study, *, last_round: int, until: dt.date) -> dt.date:
    """The last first day that a file up to this round takes: the round is over for them. Two files of one study never
    differ by the answers of fewer than five people because these came later: whoever holds both would know when they
    came. Then the earlier of both days holds for both."""
    waves = study.waves.filter(number__lte=last_round).values_list("week", "open_days")
    day = until - dt.timedelta(days=max((week * 7 + days - 1 for week, days in waves), default=0))
    if not last_round:
        return day
    told = (
        Export.objects.filter(study=study)
        .exclude(Q(recipe__last_round=0) | Q(tier=ExportTier.T3))  # totals rest on no day of their own
        .values_list("recipe__latest", flat=True)
    )
    before = {dt.date.fromisoformat(one) for one in told}
    came = list(_days_they_came(study))
    lower = max((one for one in before if one <= day), default=dt.date.min)
    if 0 < sum(lower < one <= day for one in came) < FLOOR:
        return lower
    upper = min((one for one in before if one > day), default=day)
    while 0 < sum(day < one <= upper for one in came) < FLOOR and any(one <= day for one in came):
        day = max(one for one in came if one <= day) - dt.timedelta(days=1)
    return day


def _days_they_came(study: Study) -> list[dt.date]:
    """The first day of everybody who answered."""
    rows = Participant.objects.filter(study=study, part__in=[Part.IN, Part.STOPPED])
    return [
        since
        for _pk, since in rows.filter(tasks__responses__isnull=False).distinct().values_list("pk", "since")
    ]


@dataclass(frozen=True, kw_only=True)
class Included:
    """A file that one is in, under which number; none in totals."""

    export: Export
    numbers: Sequence[str]


def own(*, part: Own, names: Sequence[OnceName] = ()) -> list[Included]:
    """The files that left with something of one's own, or with one's one-thread names, the newest first."""
    mine = Q(participant=part.participant) if part.participant else Q(pk=None)
    if part.source:
        mine |= Q(source=part.source)
    if names:
        mine |= Q(once__in=[row.pk for row in names])
    rows = ExportSubject.objects.select_related("export").filter(mine, export__fetched_on__isnull=False)
    found: dict[int, Included] = {}
    for row in rows.order_by("-export__fetched_on", "number"):
        before = found[row.export_id].numbers if row.export_id in found else ()
        numbers = [*before, *filter(None, [row.number])]  # totals have no number of anybody
        found[row.export_id] = Included(export=row.export, numbers=numbers)
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class Left:
    """That a file left, for everybody: whom it is for, and about how many people are in it."""

    on: dt.date
    tier: ExportTier
    recipient: str
    at_least: int  # people, down to a whole five; 0: fewer than five


def left(study: Study) -> list[Left]:
    """Every file that left, the newest first."""
    rows = Export.objects.filter(study=study, fetched_on__isnull=False).order_by("-fetched_on", "id")
    return [
        Left(on=row.fetched_on, tier=ExportTier(row.tier), recipient=row.recipient,
             at_least=row.people // FLOOR * FLOOR)
        for row in rows if row.fetched_on
    ]  # fmt: skip


def _names(study: Study) -> dict[bytes, str]:
    return {
        bytes(key): label for key, label in Colleague.objects.filter(study=study).values_list("key", "label")
    }


def _file(desk: Desk, row: Export, names: Mapping[bytes, str]) -> File:
    key = bytes(desk.colleague.key)
    is_mine = bytes(row.asked_by) == key
    meets, now = policies.permits("ask_files", desk), clock.today()
    is_made = row.made_until is not None and row.made_until > clock.now()
    is_read = bool(row.recipe["messages"] or row.recipe.get("once"))
    is_open = row.state in {ExportState.READING, ExportState.REFUSED}
    is_ready = row.state == ExportState.APPROVED and row.until is not None and row.until >= now
    may = {
        "read": meets and is_read and row.state in {*_BEFORE, ExportState.WAITING},
        "mark": meets and is_mine and is_open and is_read,
        "check": meets and is_mine and is_open,
        "decide": policies.permits("decide_files", desk) and not is_mine and row.state == ExportState.WAITING,
        "take_back": meets and (is_mine or desk.is_lead) and not row.fetched_on
        and row.state in {*_BEFORE, ExportState.WAITING, ExportState.APPROVED},
        "fetch": policies.permits("fetch_files", desk) and is_ready,
        "take": policies.permits("fetch_files", desk) and is_ready and is_made,
        "again": meets and (row.state in OVER or (row.state == ExportState.APPROVED and not is_ready)),
        "forget": meets and row.fetched_on is not None and row.gone_on is None,
    }  # fmt: skip
    decided = names.get(bytes(row.decided_by), "") if row.decided_by else ""
    return File(
        export=row, asked_by=names.get(bytes(row.asked_by), ""), decided_by=decided, is_mine=is_mine, may=may
    )


OVER = frozenset({ExportState.STALE, ExportState.TURNED_DOWN, ExportState.TAKEN_BACK})
_BEFORE = frozenset({ExportState.READING, ExportState.REFUSED})
