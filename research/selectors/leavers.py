"""Who left a study, as counts; and the numbers that have to come out of files that somebody holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core import clock
from research.enums import Scope
from research.models import Recall
from research.policies import Desk, require
from research.selectors import sheets


@dataclass(frozen=True, kw_only=True)
class Leavers:
    """How many left in each way, down to a whole five, None where fewer did; and what is to come out, the oldest first:
    a number, and a row for each file that somebody holds with it."""

    left: Mapping[Scope, int | None]
    recalls: Mapping[str, Sequence[Recall]]


def leavers(*, desk: Desk) -> Leavers:
    """What the team has to know of those who left. Raises NotHere."""
    require("see_progress", desk)
    counts = sheets.of(desk.study).left
    left = {scope: sheets.rough(counts.get(scope.value, 0)) for scope in Scope}
    recalls = Recall.objects.filter(study=desk.study, since__lte=clock.today())
    by_number: dict[str, list[Recall]] = {}
    for row in recalls.select_related("export").order_by("since", "pid", "id"):
        by_number.setdefault(row.pid, []).append(row)
    return Leavers(left=left, recalls=by_number)
