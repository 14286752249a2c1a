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
from community.models import Group
from community.selectors import charters
from community.selectors.here import Here


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A proposal with its talk: without a title where whoever opened it is not seen. `to_do`: the promise is to be
    changed, and is not yet."""

    proposal: Proposal
    thread: Thread
    to_do: bool


def asked(*, here: Here, key_of: KeyOf) -> list[Asked]:
    """Those that wait for an answer, then those open for comments, then answered ones."""
    rows = threads.seen_rows(here=here, key_of=key_of, among=Thread.objects.filter(proposal__isnull=False))
    by_thread = {one.thread_id: one for one in Proposal.objects.filter(thread__group=here.group)}
    version = here.group.charter_version
    found = [
        Asked(proposal=one, thread=row.thread, to_do=one.is_to_do(version=version))
        for row in rows
        for one in [by_thread[row.thread.pk]]
    ]
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


def is_to_do(*, thread: Thread) -> bool:
    """Whether the promise is still to be changed as a talk asks."""
    proposal = getattr(thread, "proposal", None)
    return proposal is not None and proposal.is_to_do(version=thread.group.charter_version)


def version_over(*, group: Group, proposal: Proposal) -> int:
    """The version of the promise that an answer now is about to change: where a lead changed it first, after the time
    for comments, the one before."""
    charter = charters.current(group=Group.objects.get(pk=group.pk))
    return charter.version - (charter.published_on > proposal.open_until)


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
