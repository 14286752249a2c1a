"""Asking for a change of the group promise, and the leads' answer."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext

from chat.actions import activity
from chat.actions import posts as posting
from chat.enums import Outcome
from chat.models import Proposal, Thread
from chat.policies import Act, Face, may
from chat.selectors import posts as reading
from chat.selectors import proposals as selectors
from community.actions import leaving
from community.errors import MayNot, NotHere
from core import clock
from moderation.actions import queue

OPEN = dt.timedelta(days=14)
MOST = 3  # open or unanswered in one group: each is to be answered


def propose(*, face: Face, thread: Thread) -> None:
    """Make a talk ask for a change of the promise. Whoever opened it says so, once. Raises NotHere or MayNot."""
    with transaction.atomic():
        leaving.keep_in(here=face.here)
        posting.lock(thread)
        activity.lock(group_id=thread.group_id)
        now = Face(here=posting.look_again(face.here), alias_key=face.alias_key)
        first = reading.to_show().filter(thread=thread).order_by("seq").first()
        if not may(Act.PROPOSE, face=now, post=first):
            raise NotHere
        if Proposal.objects.filter(thread=thread).exists():
            return
        if selectors.open_for(here=now.here, hidden=face.hidden) >= MOST:
            raise MayNot(
                gettext("Three changes of the promise wait for an answer already. Ask again after that.")
            )
        Proposal.objects.create(thread=thread, open_until=clock.today() + OPEN)
        queue.record(group=thread.group, act="promise change asked", role="member", ref=thread.public_id)


def answer(*, face: Face, thread: Thread, outcome: Outcome, text: str) -> None:
    """Say what becomes of it, with reasons, after the time for comments. Raises NotHere, MayNot or Refused."""
    ready = posting.prepare(group_id=thread.group_id, raw=text)
    with transaction.atomic():
        posting.lock(thread)
        if not may(Act.ANSWER_PROPOSAL, face=Face(here=posting.look_again(face.here)), thread=thread):
            raise NotHere
        proposal = Proposal.objects.filter(thread=thread).first()
        if proposal is None:
            raise NotHere
        if not proposal.waits:
            raise MayNot(
                gettext("People can still comment. Answer when that time is over.")
                if proposal.is_open
                else gettext("This was answered just now.")
            )
        Proposal.objects.filter(pk=proposal.pk).update(
            outcome=outcome, answer=ready.text, answered_on=clock.today(),
            answered_over=selectors.version_over(group=thread.group, proposal=proposal),
        )  # fmt: skip
        queue.record(
            group=thread.group, act="promise change answered", role="group lead", ref=thread.public_id,
            payload={"outcome": str(outcome)},
        )  # fmt: skip
