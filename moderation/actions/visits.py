"""What a moderator has seen of the queue, and what they leave for the next."""

from __future__ import annotations

from django.db import transaction

from community.errors import NotHere
from moderation.actions import queue
from moderation.models import GroupCare, Queue, Visit
from moderation.policies import Judge


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
def hand_over(*, judge: Judge, note: str) -> None:
    """Leave a note for whoever of the team comes next, in place of the one that was there."""
    if judge.member is None:
        raise NotHere
    queue.lock(group=judge.group)
    care, _ = GroupCare.objects.get_or_create(group=judge.group)
    GroupCare.objects.filter(pk=care.pk).update(handover=note)


def prefer(*, judge: Judge, shows: bool, keys: bool) -> None:
    """How somebody of the team likes to work in this group: messages shown at once, keys."""
    if judge.member is None:
        raise NotHere
    Visit.objects.update_or_create(member=judge.member, defaults={"shows": shows, "keys": keys})
