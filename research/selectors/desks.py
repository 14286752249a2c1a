"""Who works on a study: found by a key that only they can make."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from community.errors import NotHere
from core.prepared import Prepared
from research.models import Colleague, Study
from research.policies.desks import Desk

KeyOf = Callable[[str, str], bytes]  # in its owner's own request: kind, object -> key
KIND = "study"

__all__ = ["KIND", "Desk", "KeyOf", "again", "find", "of"]


_colleague = Prepared(
    lambda key, sid: Colleague.objects.select_related("study").filter(key=key, study__public_id=sid)
)


def find(*, sid: str, key: bytes) -> Desk:
    """A study by its public id, for whoever this key is. Raises NotHere, the same for missing and not theirs."""
    found = _colleague.first(key=key, sid=sid)
    if found is None:
        raise NotHere
    return Desk(study=found.study, colleague=found)


def again(desk: Desk) -> Desk:
    """The same person's place as it is now. Raises NotHere if it is gone."""
    return find(sid=desk.study.public_id, key=bytes(desk.colleague.key))


def of(*, key_of: KeyOf) -> Sequence[Desk]:
    """All studies somebody works on, newest state first: their keys for all studies, looked up together."""
    sids = Study.objects.order_by("public_id").values_list("public_id", flat=True)
    keys = [key_of(KIND, sid) for sid in sids]
    rows = Colleague.objects.select_related("study").filter(key__in=keys).order_by("study__state", "id")
    return [Desk(study=row.study, colleague=row) for row in rows]
