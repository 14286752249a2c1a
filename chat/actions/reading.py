"""Reading marks: they only move forward, and no row says whose they are."""

from __future__ import annotations

import contextlib
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from chat.models import Post, ReadMark, Thread
from chat.policies import Face
from chat.selectors import later, reading, threads
from chat.selectors.posts import Place
from chat.selectors.reading import KeyOf
from chat.selectors.threads import ThreadPage
from community.actions import leaving
from community.selectors.here import Here
from core.prepared import Prepared


def _before(thread: Any, before: Any, byline: Any) -> QuerySet[Post, int]:
    others = Post.objects.filter(thread=thread, seq__lt=before).exclude(byline=byline)
    return others.order_by("-seq").values_list("seq", flat=True)[:1]


_last_of_others = Prepared(_before)


def mark_read(*, here: Here, thread: Thread, key_of: KeyOf, seq: int) -> None:
    """Remember that one has read a thread up to a seq. An older one than remembered changes nothing. Raises NotHere for
    whoever left before there was a mark."""
    key = reading.key_for(key_of=key_of, thread=thread)
    to = min(seq, thread.last_seq)
    known = reading.mark(key=key)
    if (
        known is None
    ):  # moving one that is gone brings nothing back, so this alone needs its reader to be there
        with transaction.atomic():
            leaving.keep_in(here=here)
            ReadMark.objects.bulk_create([ReadMark(key=key, seq=to)], ignore_conflicts=True)
    if known is None or known < to:
        ReadMark.objects.filter(key=key, seq__lt=to).update(seq=to)


def mark_sent(*, post: Post, key_of: KeyOf) -> None:
    """One's own new post counts as read, where all before it was read."""
    key = reading.key_for(key_of=key_of, thread=post.thread)
    last = _last_of_others.first(thread=post.thread_id, before=post.seq, byline=post.byline_id)
    ReadMark.objects.filter(key=key, seq__gte=last or 0, seq__lt=post.seq).update(seq=post.seq)


def open_page(*, face: Face, tid: str, key_of: KeyOf, place: Place) -> ThreadPage:
    """A thread where the reader left off. What the page shows counts as read, so that this works without scripts;
    a jump past new posts leaves them new."""
    thread = threads.find(here=face.here, tid=tid)
    read_to = reading.mark(key=reading.key_for(key_of=key_of, thread=thread))
    keys = later.keys_for(key_of=key_of, tid=tid)
    page = threads.thread_page(face=face, thread=thread, read_to=read_to, keys=keys, place=place)
    seen = page.window.last if page.window.has_later else max(page.window.last, page.head)
    if not page.window.skips_unread and (read_to is None or read_to < seen):
        with contextlib.suppress(OperationalError):  # locked or full: what can be read is shown all the same
            mark_read(here=face.here, thread=thread, key_of=key_of, seq=seen)
    return page
