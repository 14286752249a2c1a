"""Reading marks: how far one has read, known by keys that name neither reader nor thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import BigIntegerField, Case, OuterRef, QuerySet, Value, When

from chat.enums import PostState
from chat.models import Byline, Post, ReadMark, Thread
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


def is_read_to(read_to: Mapping[int, int]) -> Case:
    """For a query over threads: how far one has read in each, or null in those one never opened."""
    known = (When(pk=thread_id, then=Value(seq)) for thread_id, seq in read_to.items())
    return Case(*known, output_field=BigIntegerField())


def new(
    *, among: QuerySet[Post], member: Member, alias_keys: Sequence[bytes], threads: Any
) -> QuerySet[Post]:
    """Shown posts of others that are newer than `read_to`, which the query around this one says."""
    named = Byline.objects.filter(persona__member=member, thread__in=threads)
    once = Byline.objects.filter(alias__key__in=alias_keys)
    others = among.exclude(byline__in=named).exclude(byline__in=once)
    return others.filter(seq__gt=OuterRef("read_to"), state=PostState.SHOWN)
