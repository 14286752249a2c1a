"""What happened in threads: the log that open pages follow, live or by asking again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models import OuterRef, Subquery

from chat.models import Post, Thread, ThreadEvent
from chat.policies.hidden import ref_of
from chat.selectors import posts
from core.live import log
from core.live.source import Event, Fragment

MOST = 200  # further behind than this: reload the page


class Present(Protocol):
    """The one rendering path of a post: presenters.render_post."""

    def __call__(self, post: Post, *, language: str) -> str: ...


class ThreadLog:
    """Threads as the live engine reads them: a source of core.live.source."""

    prefix = "t"

    def __init__(self, *, present: Present) -> None:
        self._present = present

    def heads(self, *, keys: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """The last event of each thread that is there, in one query."""
        last = ThreadEvent.objects.filter(stream=OuterRef("pk"), seq=OuterRef("last_seq")).values("pk")
        rows = Thread.objects.filter(pk__in=keys).values_list("pk", "last_seq", Subquery(last))
        return {pk: (seq, row or 0) for pk, seq, row in rows}

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        """Events of one thread, oldest first."""
        rows = log.read_after(events=ThreadEvent, stream_id=key, after=after, limit=limit)
        return [Event(seq=row.seq, kind=row.kind, ref=row.ref, row=row.pk) for row in rows]

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        """Posts as they are now, as the fragments that everybody gets."""
        found = posts.with_ids(thread_id=key, public_ids=list(refs))
        return {
            post.public_id: Fragment(
                author=ref_of(post.byline), html=str(self._present(post, language=language))
            )
            for post in found
        }


@dataclass(frozen=True, kw_only=True)
class Missed:
    """What a page has not seen yet: events with their HTML, up to `to`; the thread's head at that moment."""

    events: list[tuple[Event, str]]
    to: int
    head: int


def missed(
    *, source: ThreadLog, thread: Thread, after: int, language: str, hidden: frozenset[str] = frozenset()
) -> Missed | None:
    """What happened in a thread after a sequence number, or None if the page had better be loaded again. `hidden`
    are the faces that the viewer does not see, as `policies.hidden` names them."""
    rows = source.read_after(key=thread.pk, after=after, limit=MOST + 1)
    if len(rows) > MOST or after > thread.last_seq:
        return None
    shown = source.render(key=thread.pk, refs={row.ref for row in rows}, language=language) if rows else {}
    nothing = Fragment(author="", html="")
    pairs = [(row, shown.get(row.ref, nothing)) for row in rows]
    to = rows[-1].seq if rows else thread.last_seq
    return Missed(
        events=[(row, fragment.html) for row, fragment in pairs if fragment.author not in hidden],
        to=to,
        head=max(to, thread.last_seq),
    )
