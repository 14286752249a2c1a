"""Reading marks: how far one has read, known by keys that name neither reader nor thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from chat.enums import PostState
from chat.models import Post, ReadMark, Thread
from community.models import Member
from core.prepared import Prepared

KeyOf = Callable[[str, str], bytes]  # key(kind, object id) of rows without a member, made from one's own S
KIND = "read"
_marks = Prepared(lambda keys: ReadMark.objects.filter(key__in=keys).values_list("key", "seq"))
_mark = Prepared(lambda key: ReadMark.objects.filter(key=key).values_list("seq", flat=True))


def key_for(*, key_of: KeyOf, thread: Thread) -> bytes:
    """The key of one's own mark in a thread."""
    return key_of(KIND, thread.public_id)


def mark(*, key: bytes) -> int | None:
    """How far somebody has read, or None if they never opened the thread."""
    return _mark.first(key=key)


def marks(*, threads: Iterable[Thread], key_of: KeyOf) -> dict[int, int]:
    """Thread key -> how far one has read, for the threads one ever opened: one query."""
    by_key = {key_for(key_of=key_of, thread=thread): thread.pk for thread in threads}
    return {by_key[bytes(key)]: seq for key, seq in _marks(keys=list(by_key))}


def unread(
    *, among: QuerySet[Post], read_to: Mapping[int, int], member: Member, alias_keys: Sequence[bytes]
) -> dict[int, int]:
    """Thread key -> how many shown posts of others are newer than one's mark: one query."""
    newer = Q(pk__in=[])
    for thread_id, seq in read_to.items():
        newer |= Q(thread_id=thread_id, seq__gt=seq)
    others = among.exclude(byline__persona__member=member).exclude(byline__alias__key__in=alias_keys)
    rows = others.filter(newer, state=PostState.SHOWN).order_by()
    return dict(rows.values_list("thread_id").annotate(Count("pk")))
