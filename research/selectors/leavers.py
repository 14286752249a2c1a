"""Who left a study, as counts; and the numbers that have to come out of files that somebody holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from core import clock
from research.enums import Scope
from research.models import Departure, Recall
from research.policies import Desk, require
from research.selectors.measures import FLOOR


@dataclass(frozen=True, kw_only=True)
class Leavers:
    """How many left in each way, None where a few did; and what is to come out, the oldest first: a
    number, and a row for each file that somebody holds with it."""

    left: Mapping[Scope, int | None]
    recalls: Mapping[str, Sequence[Recall]]


def leavers(*, desk: Desk) -> Leavers:
    """What the team has to know of those who left. Raises NotHere."""
    require("see_progress", desk)
    rows = Departure.objects.filter(study=desk.study).values_list("scope").annotate(n=Count("id"))
    counts = dict(rows.order_by("scope"))
    left = {scope: n if (n := counts.get(scope.value, 0)) >= FLOOR or not n else None for scope in Scope}
    recalls = Recall.objects.filter(study=desk.study, since__lte=clock.today())
    by_number: dict[str, list[Recall]] = {}
    for row in recalls.select_related("export").order_by("since", "pid", "id"):
        by_number.setdefault(row.pid, []).append(row)
    return Leavers(left=left, recalls=by_number)
