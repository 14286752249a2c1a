"""Talks that ask for a change of the group promise, as one viewer sees them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from chat.models import Post, Proposal, Thread
from chat.policies import Hidden
from chat.selectors import threads
from chat.selectors.hidden import seen
from chat.selectors.reading import KeyOf
from community.errors import NotHere
from community.selectors.here import Here


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A proposal with its talk: without a title where whoever opened it is not seen."""

    proposal: Proposal
    thread: Thread


def asked(*, here: Here, key_of: KeyOf) -> list[Asked]:
    """Those that wait for an answer, then those open for comments, then answered ones."""
    rows = threads.seen_rows(here=here, key_of=key_of, among=Thread.objects.filter(proposal__isnull=False))
    by_thread = {one.thread_id: one for one in Proposal.objects.filter(thread__group=here.group)}
    found = [Asked(proposal=by_thread[row.thread.pk], thread=row.thread) for row in rows]
    return sorted(
        found,
        key=lambda one: (one.proposal.answered_on is not None, one.proposal.is_open, one.proposal.open_until),
    )


def of(*, thread: Thread) -> Proposal:
    """What a talk asks for, or NotHere."""
    found = Proposal.objects.filter(thread=thread).first()
    if found is None:
        raise NotHere
    return found


def open_for(*, here: Here, hidden: Hidden) -> int:
    """How many are not answered yet, of those whose writer one sees: what one does not see takes nobody's turn."""
    earlier = Post.objects.filter(thread=OuterRef("thread"), seq__lt=OuterRef("seq"))
    opened = Post.objects.filter(thread__group=here.group, thread__proposal__answered_on=None)
    there = opened.filter(~Exists(earlier), thread__proposal__isnull=False)
    return seen(there, hidden).count()


def how_many_wait(here: Here) -> int:
    """How many a lead has to answer."""
    rows = Proposal.objects.filter(thread__group=here.group, answered_on=None) if here.is_lead else []
    return sum(one.waits for one in rows)
