"""Forgetting: what cases keep of people goes when they ask, and by itself when nothing can be undone any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from community.actions import erasing
from community.models import Group
from core import clock, ids, ledger
from moderation import parties
from moderation.actions import queue
from moderation.acts import UNDO_DAYS
from moderation.enums import Act, CaseState
from moderation.models import Appeal, Case, Notice, Report, Strike

AROUND = "words around"  # in the ledger: a byline whose words around reported ones are gone
WHOSE = "whose it was"  # a case that does not say any more whose it was
# A copy, or what was said to ask for another look: that has words of its own where the first copy was gone.
HOLDS_WORDS = ~Q(text="", context=[]) | Q(appeal__words__gt="")


@transaction.atomic
def forget_copy(ref: str) -> None:
    """Empty the copy of what was reported, by the key of its case, with that of whoever asked for another look, also if
    they do so from now on. What is still to be decided keeps its copy until then: taking one's words away does not take
    the case away."""
    rows = Case.objects.filter(Q(pk=int(ref)) | Q(appeal__decision__case=int(ref)))
    rows = Case.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    rows.update(is_to_forget=True)
    _empty(rows.filter(state=CaseState.DECIDED))
    waiting = rows.exclude(state=CaseState.DECIDED).values_list("pk", flat=True)
    ledger.note_all(kind="copy to go", refs=map(str, waiting))


def forget_if_asked(*, case: Case) -> None:
    """A case was closed: its copy goes now, if it was to go. The queue is locked."""
    _empty(Case.objects.filter(pk=case.pk, is_to_forget=True))


def _empty(rows: QuerySet[Case]) -> None:
    full = list(rows.filter(HOLDS_WORDS).values_list("pk", flat=True))
    ledger.note_all(kind="reported copy", refs=map(str, full))
    Case.objects.filter(pk__in=full).update(text="", context=[])
    Appeal.objects.filter(case__in=full).update(words="")


@transaction.atomic
def forget_around(*, group: Group, bylines: Collection[str]) -> None:
    """Take away what these bylines said around what was reported in a group. What the byline of the reported words
    said beside them goes with the copy."""
    queue.lock(group=group)
    ledger.note_all(kind=AROUND, refs=bylines)
    _without(Case.objects.filter(group=group), bylines)


@transaction.atomic
def forget_about(*, group: Group, kind: str, public_ids: Iterable[str]) -> None:
    """Their writer had these things erased: empty the copies from reports that came while that waited. Those from
    before go at moments of their own."""
    queue.lock(group=group)
    rows = Case.objects.filter(group=group, subject_kind=kind, subject_id__in=public_ids)
    refs = {str(pk) for pk in rows.values_list("pk", flat=True)}
    for ref in refs - erasing.waiting(Case._meta.label):
        forget_copy(ref)


@transaction.atomic
def forget_author(ref: str) -> None:
    """The account is gone for good: a case no longer says whose it was, and what is decided about it is written down
    about nobody."""
    ledger.note(kind=WHOSE, ref=ref)
    for case in Case.objects.filter(pk=int(ref)):
        lead = parties.unseal(ref=case.public_id, sealed=case.sealed_author).get("lead", False)
        nobody = parties.seal(ref=case.public_id, value={"tag": "", "lead": lead})
        Case.objects.filter(pk=case.pk).update(sealed_author=nobody, author_key=ids.new_secret())


def _without(cases: QuerySet[Case], bylines: Collection[str]) -> None:
    for case in cases.exclude(context=[]):
        subject = {line["by"] for line in case.context if line["is_subject"]}
        kept = [line for line in case.context if line["by"] in subject or line["by"] not in bylines]
        if len(kept) < len(case.context):
            Case.objects.filter(pk=case.pk).update(context=kept)


@transaction.atomic
def forget_report(ref: str) -> None:
    """Empty a report: that somebody reported stays with the case, their words and their key do not."""
    ledger.note(kind="report", ref=ref)
    Report.objects.filter(pk=int(ref)).update(note="", answer="", key=ids.new_secret())


@transaction.atomic
def forget_notice(ref: str) -> None:
    """Empty a notice and untie it from whoever it was for."""
    ledger.note(kind="notice", ref=ref)
    Notice.objects.filter(pk=int(ref)).update(message="", key=ids.new_secret())


def forget_strike(ref: str) -> None:
    """The account is gone for good: its earlier problems go with it."""
    Strike.objects.filter(pk=int(ref)).delete()


# --- for a replay of the ledger -------------------------------------------------------------------------------------
def copies_there() -> Iterable[str]:
    return map(str, Case.objects.filter(HOLDS_WORDS).values_list("pk", flat=True).iterator())


def forget_copy_again(ref: str) -> None:
    Case.objects.filter(pk=int(ref)).update(text="", context=[], is_to_forget=True)
    Appeal.objects.filter(case=int(ref)).update(words="")


def cases_there() -> Iterable[str]:
    return map(str, Case.objects.values_list("pk", flat=True).iterator())


def around_there() -> Iterable[str]:
    contexts = Case.objects.exclude(context=[]).values_list("context", flat=True)
    return {line["by"] for lines in contexts for line in lines}


def forget_around_again(ref: str) -> None:
    _without(Case.objects.all(), {ref})


def reports_there() -> Iterable[str]:
    return map(str, Report.objects.values_list("pk", flat=True).iterator())


def notices_there() -> Iterable[str]:
    return map(str, Notice.objects.exclude(message="").values_list("pk", flat=True).iterator())


# --- due work -------------------------------------------------------------------------------------------------------
def forget_old() -> None:
    """What is past undoing keeps no copy; notices that no decision needs go; what has faded is gone."""
    end = clock.today() - dt.timedelta(days=UNDO_DAYS)
    _empty(Case.objects.filter(closed_on__lt=end))
    old = Notice.objects.filter(sent_on__lt=end)
    old.filter(decision=None).delete()
    for pk in old.filter(decision__act=Act.NOTE).exclude(message="").values_list("pk", flat=True):
        forget_notice(str(pk))  # its decision stays, and limits nobody
    Strike.objects.filter(fades_on__lte=clock.today()).delete()
