"""Checked before it appears: kept for a look, let appear, or sent back with kind words."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from community.actions import due
from community.errors import NotHere
from community.models import DueAct, Group
from core import clock
from moderation.actions import notices, queue
from moderation.errors import Conflict, Incomplete
from moderation.models import Held
from moderation.policies import Judge
from moderation.selectors import held as helds

CAME_BACK = gettext_noop(
    "We sent a message back to you. It did not appear. You find it below the talk it was for, or where you start a "
    "talk. There you can change it and send it again."
)
SETTLED = "Someone has dealt with this already, or it was taken back."


def add(*, group: Group, act: int) -> Held:
    """Keep an act for a look. The queue is locked."""
    held = Held.objects.create(group=group, act_id=act, since=clock.this_hour())
    queue.tell_held(held=held)
    return held


@transaction.atomic
def add_due(*, group: Group, act: int) -> None:
    """Keep an act for a look whose moment has come, unless its owner took it back meanwhile. The act is locked first,
    as by whoever does it."""
    if not DueAct.objects.select_for_update().filter(pk=act, due_at__isnull=False).exists():
        return
    queue.lock(group=group)
    if DueAct.objects.filter(pk=act, due_at__isnull=False).update(due_at=None):
        add(group=group, act=act)


@transaction.atomic
def forget(*, act: int) -> None:
    """Its owner takes it back: nobody has to look any more. Harmless where nobody had to."""
    for held in Held.objects.select_related("group").filter(act=act):
        queue.lock(group=held.group)
        held.delete()
        queue.tell_held(held=held)


@transaction.atomic
def let_appear(*, judge: Judge, public_id: str) -> None:
    """Have it appear, if its writer may still write. Raises Conflict."""
    held = _still_held(judge, public_id)
    due.let_go(pk=held.act_id, checked=True)
    _settle(held, act="let a message appear")


@transaction.atomic
def send_back(*, judge: Judge, public_id: str, words: str) -> None:
    """Send it back to its writer, who reads why. Raises Incomplete or Conflict."""
    if not words.strip():
        raise Incomplete(gettext("Write a kind sentence that says why. They will read it."))
    held = _still_held(judge, public_id)
    notices.send(
        group=held.group, owner_tag=helds.author_tag(held), message=f"{gettext(CAME_BACK)}\n\n{words.strip()}"
    )
    due.refuse(pk=held.act_id, reason=words.strip(), sent_back=True)
    _settle(held, act="send a message back")


def _still_held(judge: Judge, public_id: str) -> Held:
    queue.lock(group=judge.group)
    try:
        return helds.find(judge=judge, public_id=public_id)
    except NotHere:
        raise Conflict(gettext(SETTLED)) from None


def _settle(held: Held, *, act: str) -> None:
    group = held.group
    held.delete()
    queue.tell_held(held=held)
    queue.record(group=group, act=act, ref=held.public_id)
