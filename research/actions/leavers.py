"""Numbers of those who left, which are to come out of files."""

from __future__ import annotations

from django.db import transaction

from research.actions import codes
from research.models import Recall
from research.selectors.desks import Desk


@transaction.atomic
def settle(*, desk: Desk, pid: str) -> None:
    """Say that no file holds this number any more: then it is forgotten here, too. Raises NotHere."""
    now = codes.locked(desk, "settle_recalls")
    if Recall.objects.filter(study=now.study, pid=pid).delete()[0]:
        codes.record(now, "number taken out of files")
