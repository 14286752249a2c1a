"""The event log: append inside the writer's transaction, read after a sequence number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from core import counting
from core.live import doorbell
from core.models import Stream, StreamEvent


def take_seq(*, stream: Stream) -> int:
    """Take the stream's next sequence number, from 1. This locks the stream until the transaction ends.

    It must come first in the transaction: an UPDATE is the lock that both databases honour
    (`select_for_update` does nothing on SQLite), and commits are then in sequence order.
    """
    seq = counting.next_number(model=type(stream), column="last_seq", where="id", value=stream.pk)
    if seq is None:
        raise type(stream).DoesNotExist
    return seq


def append(
    *, events: type[StreamEvent], stream: Stream, seq: int, kind: str, ref: str, bell: str
) -> StreamEvent:
    """Append one event with a sequence number from `take_seq`, and ring `bell` once it is committed."""
    values: dict[str, Any] = {"stream": stream, "seq": seq, "kind": kind, "ref": ref}
    event = events._default_manager.create(**values)
    transaction.on_commit(lambda: doorbell.ring(stream=bell, seq=seq))
    return event


def read_after(*, events: type[StreamEvent], stream_id: int, after: int, limit: int) -> Sequence[StreamEvent]:
    """Events of one stream with seq > `after`, oldest first, at most `limit`."""
    where: dict[str, Any] = {"stream_id": stream_id, "seq__gt": after}
    rows: models.QuerySet[StreamEvent] = events._default_manager.filter(**where)
    return list(rows.order_by("seq")[:limit])
