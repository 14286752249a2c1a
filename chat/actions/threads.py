"""Opening threads."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext

from chat.actions import activity, gates, posts
from chat.actions import bylines as signing
from chat.actions.bylines import OWN, Signature, Voice
from chat.enums import Ask
from chat.errors import Refused
from chat.models import Thread
from chat.policies import Act, Face, may
from community.actions import leaving
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from core import text as texts
from moderation.actions import automatic, queue

TITLE_LENGTH = 120
PINNED = 5  # talks at the top of a group: more would push away who waits


def open_thread(
    *,
    here: Here,
    tid: str,
    title: str,
    ask: Ask,
    heads_ups: Sequence[str],
    text: str,
    client_id: str,
    signature: Signature = OWN,
    stays: int | None = None,
    voice: Voice = posts.SILENT,
    settled: gates.Settled = gates.AS_SENT,
) -> Thread:
    """Open a thread with its first post, in one transaction. `tid` is the public id it gets, made first, so that an
    alias can be keyed by it; the same one again returns the same thread.

    Raises Refused, NeedsName, NeedsPromise, NeedsCheck, MayNot (TooSoon) or NotHere, and then nothing has changed.
    """
    heading = " ".join(texts.tidy(title).split())[:TITLE_LENGTH]
    if not heading:
        raise Refused([gettext("Give it a title first.")])
    posts.screen(group_id=here.group.pk, raw=heading)
    ready = posts.prepare(group_id=here.group.pk, raw=text)
    written = f"{heading}\n{ready.text}"
    found = gates.look(here=here, tid=tid, text=written, settled=settled, signature=signature)
    with transaction.atomic():
        automatic.lock_to_flag(group=here.group, found=found)
        if not settled.is_due:
            leaving.keep_in(here=here)
        signing.take_up(here=here, voice=voice)
        activity.lock(group_id=here.group.pk)
        now = posts.look_again(here)
        earlier = Thread.objects.filter(group=now.group, public_id=tid).first()
        if earlier is not None:
            return earlier
        posts.require_voice(here=now)
        thread = Thread.objects.create(
            group=now.group,
            public_id=tid,
            title=heading,
            ask=ask,
            heads_ups=[known for known in now.group.heads_ups if known in heads_ups],
        )
        posts.publish_ready(
            here=now, thread=thread, ready=ready, client_id=client_id, signature=signature, stays=stays,
            settled=settled, found=found,
        )  # fmt: skip
    return thread


def pin(*, here: Here, thread: Thread, pinned: bool) -> None:
    """Keep a talk at the top of its group, and in its library, or no longer. Raises NotHere or MayNot."""
    with transaction.atomic():
        posts.lock(thread)
        activity.lock(group_id=here.group.pk)
        if not may(Act.PIN, face=Face(here=posts.look_again(here)), thread=thread):
            raise NotHere
        if pinned and Thread.objects.filter(group=here.group, is_pinned=True).count() >= PINNED:
            raise MayNot(gettext("Five talks are at the top already. Take one down first."))
        if Thread.objects.filter(pk=thread.pk, is_pinned=not pinned).update(is_pinned=pinned):
            act = "talk pinned" if pinned else "talk taken down"
            queue.record(group=here.group, act=act, ref=thread.public_id)
