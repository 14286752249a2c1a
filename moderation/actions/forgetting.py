"""Forgetting: what cases keep of people goes when they ask, and by itself when nothing can be undone any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import QuerySet

from core import clock, ids, ledger
from moderation.acts import UNDO_DAYS
from moderation.enums import CaseState
from moderation.models import Appeal, Case, Notice, Report, Strike


@transaction.atomic
def forget_copies(pks: Collection[int]) -> None:
    """Empty the copies of what was reported. What is still to be decided keeps its copy until then: taking one's words
    away does not take the case away."""
    rows = Case.objects.filter(pk__in=pks, state=CaseState.DECIDED).exclude(text="", context=[])
    ledger.note_all(kind="reported copy", refs=map(str, rows.values_list("pk", flat=True)))
    rows.update(text="", context=[])
    Appeal.objects.filter(case__in=pks).update(words="")


@transaction.atomic
def forget_reports(rows: QuerySet[Report]) -> None:
    """Empty reports: that somebody reported stays with the case, their words and their key do not."""
    ledger.note_all(kind="report", refs=map(str, rows.values_list("pk", flat=True)))
    for found in rows:
        Report.objects.filter(pk=found.pk).update(note="", answer="", key=ids.new_secret())


@transaction.atomic
def forget_notices(pks: Collection[int]) -> None:
    """Empty notices and untie them from whoever they were for."""
    ledger.note_all(kind="notice", refs=map(str, pks))
    for pk in pks:
        Notice.objects.filter(pk=pk).update(message="", key=ids.new_secret())


def forget_person(owner_tag: bytes) -> None:
    """The account is gone for good: its earlier problems go with it."""
    Strike.objects.filter(owner_tag=owner_tag).delete()


# --- for a replay of the ledger: the same, by the key of a row ------------------------------------------------------
def copies_there() -> Iterable[str]:
    return map(str, Case.objects.exclude(text="", context=[]).values_list("pk", flat=True).iterator())


def forget_copy_again(ref: str) -> None:
    Case.objects.filter(pk=int(ref)).update(text="", context=[])
    Appeal.objects.filter(case=int(ref)).update(words="")


def reports_there() -> Iterable[str]:
    return map(str, Report.objects.values_list("pk", flat=True).iterator())


def forget_report_again(ref: str) -> None:
    forget_reports(Report.objects.filter(pk=int(ref)))


def notices_there() -> Iterable[str]:
    return map(str, Notice.objects.exclude(message="").values_list("pk", flat=True).iterator())


def forget_notice_again(ref: str) -> None:
    forget_notices([int(ref)])


# --- due work -------------------------------------------------------------------------------------------------------
def forget_old() -> None:
    """What is past undoing keeps no copy; notices that no decision needs go; what has faded is gone."""
    end = clock.today() - dt.timedelta(days=UNDO_DAYS)
    old = Case.objects.filter(closed_on__lt=end).exclude(text="", context=[])
    forget_copies(list(old.values_list("pk", flat=True)))
    Notice.objects.filter(sent_on__lt=end, decision=None).delete()
    Strike.objects.filter(fades_on__lte=clock.today()).delete()
