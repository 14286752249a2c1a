"""What happens in a group's queue, as open pages of its team follow it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import OuterRef, Subquery

from community.models import Group
from core.live.source import Event, Fragment
from moderation.models import QueueEvent


class QueueLog:
    """Queues as the live engine reads them. An event says that something changed, and nothing of what: the page asks
    anew, and gets what its reader may see. A live process has no key ring, so it could not tell who is part of what;
    and somebody could become part of something while their socket is open."""

    prefix = "q"

    def heads(self, *, keys: Collection[int]) -> Mapping[int, tuple[int, int]]:
        """The last event in each group, by the group's key, in one query: 0 before anything happened."""
        last = QueueEvent.objects.filter(
            stream__group=OuterRef("pk"), seq=OuterRef("queue__last_seq")
        ).values("pk")
        rows = Group.objects.filter(pk__in=keys).values_list("pk", "queue__last_seq", Subquery(last))
        return {pk: (seq or 0, row or 0) for pk, seq, row in rows}

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        """Events in one group, oldest first, without what they are about."""
        rows = QueueEvent.objects.filter(stream__group=key, seq__gt=after).order_by("seq")[:limit]
        return [Event(seq=row.seq, kind=row.kind, ref="", row=row.pk) for row in rows]

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        """Nothing: each page asks for its own."""
        return {}
