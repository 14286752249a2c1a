"""What a moderator has seen of the queue, and what they leave for the next."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext

from community.errors import NotHere
from core import clock
from moderation.actions import queue
from moderation.errors import Conflict
from moderation.models import GroupCare, Queue, Visit
from moderation.policies import Judge
from moderation.selectors import console

STEP = dt.timedelta(minutes=5)  # no finer than this is it noted that a page is open
OPEN = 2 * STEP  # an open page says so about every four minutes, while somebody can see it


@transaction.atomic
def seen(*, judge: Judge, seq: int) -> None:
    """What came up to here is not new to this moderator any more. It never goes back."""
    if judge.member is None:
        raise NotHere
    queue.lock(group=judge.group)
    upto = min(seq, Queue.objects.get(group=judge.group).last_seq)
    visit, _ = Visit.objects.get_or_create(member=judge.member)
    Visit.objects.filter(pk=visit.pk, seq__lt=upto).update(seq=upto)


@transaction.atomic
def hand_over(*, judge: Judge, note: str, before: str) -> None:
    """Leave a note for whoever of the team comes next, in place of the one that was read, by its mark. Raises NotHere,
    or Conflict where somebody left another one meanwhile."""
    if judge.member is None:
        raise NotHere
    queue.lock_for(judge)
    care, _ = GroupCare.objects.get_or_create(group=judge.group)
    if care.handover != note and console.mark_of(care.handover) != before:
        raise Conflict(
            gettext("Someone left another note while you wrote. Yours is not saved yet. Put both together.")
        )
    GroupCare.objects.filter(pk=care.pk).update(handover=note)


def prefer(*, judge: Judge, shows: bool, keys: bool) -> None:
    """How somebody of the team likes to work in this group: messages shown at once, keys."""
    if judge.member is None:
        raise NotHere
    Visit.objects.update_or_create(member=judge.member, defaults={"shows": shows, "keys": keys})


def open_page(*, judge: Judge) -> None:
    """A page of the team's is open before somebody: for their colleagues, who see that, and not who it is."""
    if judge.member is None:
        return
    now = clock.now()
    until = now + OPEN + STEP - (now - dt.datetime.min.replace(tzinfo=dt.UTC)) % STEP
    if not Visit.objects.filter(member=judge.member, open_until=until).exists():
        Visit.objects.update_or_create(member=judge.member, defaults={"open_until": until})


def forget_open_pages() -> None:
    """Nothing stays of when somebody had a page open."""
    Visit.objects.filter(open_until__lte=clock.now()).update(open_until=None)
