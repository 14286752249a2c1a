"""Folding something while nobody of the team is here, and what ends that: a decision, or the time."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from community.actions import leaving
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here
from core import clock, ids
from core.registries.subjects import KeyOf, subjects
from moderation import parties
from moderation.actions import notices, queue, reports
from moderation.actions.reports import Told
from moderation.enums import URGENCY, WORRIES, Reason
from moderation.models import Case, Fold, Report
from moderation.selectors import folds
from moderation.selectors import reports as mine

HOURS = 72  # at most, whether the team looked or not
BARRED = dt.timedelta(days=30)
FIRST = URGENCY.index(Reason.GIVES_AWAY)  # after worries: what is folded waits for nobody's free evening
FOLDED = gettext_noop(
    "Someone asked us to look at a message of yours. Until we have, it is folded: one press opens it, for everyone "
    "here. Nobody has judged it, and it leaves no mark. If we cannot look within three days, it opens by itself."
)
OPENED = gettext_noop("Your message that was folded is open again.")


@transaction.atomic
def fold(*, here: Here, told: Told, key_of: KeyOf, is_about_me: bool) -> Fold:
    """Fold something until the team has looked, and put it before them. One at a time, and only while nobody of the
    team is here; what is not about oneself is for peer leaders. Raises NotHere or MayNot."""
    queue.lock(group=here.group)
    leaving.keep_in(here=here)
    here = places.again(here)
    subject = folds.subject_for(here=here, key_of=key_of, kind=told.kind, subject_id=told.subject_id)
    may = folds.may_about_me(here) if is_about_me else folds.may_for_others(here)
    if told.reason in WORRIES or not may:
        raise NotHere
    if why_not := folds.in_the_way(group=here.group, key_of=key_of):
        raise MayNot(why_not)
    if not subject.fold(public_id=told.subject_id):
        raise NotHere
    case = _before_the_team(here, told, key_of)
    over = Fold.objects.filter(case=case, until=None, barred_until=None)
    over.delete()
    until = clock.this_hour() + dt.timedelta(hours=HOURS)
    key = key_of(folds.KIND, here.group.public_id)
    made, _ = Fold.objects.update_or_create(
        key=key, defaults={"case": case, "until": until, "barred_until": None}
    )
    author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
    notices.send(group=here.group, owner_tag=author, message=gettext(FOLDED))
    role = "member" if is_about_me else "peer leader"
    queue.record(group=here.group, act="fold", role=role, ref=case.public_id, payload={"hours": HOURS})
    return made


def _before_the_team(here: Here, told: Told, key_of: KeyOf) -> Case:
    """The case about what is folded, which it joins or opens, reported by whoever folds it."""
    case = reports.open_case(here.group, subjects()[told.kind], told)
    if not Report.objects.filter(key=key_of(mine.KIND, case.public_id)).exists():
        reports.join(here=here, case=case, told=told, key_of=key_of)
    if case.urgency > FIRST:
        case.urgency = FIRST
        case.save(update_fields=["urgency"])
    return case


def end(*, case: Case, author: bytes, opens: bool, unfounded: bool) -> dict[str, str]:
    """A case is decided: what was folded is open, unless what is decided takes its place, and nobody folds these words
    again. `unfounded`: whoever folded it folds nothing for a while. Returns what the record says of it. The queue is
    locked."""
    if case.is_worry:
        return {}
    now = Fold.objects.filter(case__subject_kind=case.subject_kind, case__subject_id=case.subject_id)
    if not now.exclude(case=case).filter(until__isnull=False).exists():
        subjects()[case.subject_kind].unfold(public_id=case.subject_id)
    rows = now.filter(case=case, barred_until=None)
    if opens and rows.filter(until__isnull=False).exists():
        notices.send(group=case.group, owner_tag=author, message=gettext(OPENED))
    if unfounded:
        found = rows.update(until=None, barred_until=clock.today() + BARRED)
    else:
        found, _ = rows.delete()
    return {"fold": "unfounded" if unfounded else "ended"} if found else {}


def lift(*, case: Case) -> None:
    """A decision is taken back: nobody is kept from folding by it. The queue is locked."""
    Fold.objects.filter(case=case, barred_until__isnull=False).delete()


def end_due() -> None:
    """Open what nobody looked at in time, and forget what bars nobody any more. Due work."""
    for fold_ in Fold.objects.select_related("case__group").filter(until__lte=clock.now()):
        _time_is_over(fold_)
    Fold.objects.filter(barred_until__lte=clock.today()).delete()


@transaction.atomic
def _time_is_over(fold_: Fold) -> None:
    case = fold_.case
    queue.lock(group=case.group)
    if not Fold.objects.filter(pk=fold_.pk, until__lte=clock.now()).update(until=None):
        return
    subjects()[case.subject_kind].unfold(public_id=case.subject_id)
    author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
    notices.send(group=case.group, owner_tag=author, message=gettext(OPENED))
    queue.tell(case=case)
    queue.record(group=case.group, act="fold over", role=queue.TIME, ref=case.public_id)


def forget(ref: str) -> None:
    """The account is gone for good: nobody is barred by it, and what it folded is nobody's until the team has
    looked."""
    Fold.objects.filter(pk=int(ref), barred_until__isnull=False).delete()
    Fold.objects.filter(pk=int(ref)).update(key=ids.new_secret())
