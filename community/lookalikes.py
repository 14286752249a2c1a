"""How many here somebody could still be taken for: members whose visible details do not contradict theirs.

It reads only what the one who asks can see on cards now. The statement is the same whatever the hidden rows are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from community.enums import Audience
from community.models import Disclosure, Group, Persona

BITS = 3  # for each kind: at which level somebody's detail starts to contradict, or 0
Claims = Mapping[str, Sequence[str]]  # kind -> its paths, rough to exact


@dataclass(frozen=True, kw_only=True)
class Lookalikes:
    """Counts of members by where they contradict. `depths` says how exact each kind is told: 0 is not at all."""

    everyone: int
    kinds: tuple[str, ...]
    patterns: Mapping[int, int]

    def left(self, depths: Mapping[str, int]) -> int:
        """How many one could be taken for, oneself among them, when each kind is told this exactly."""
        gone = sum(count for pattern, count in self.patterns.items() if self._contradicts(pattern, depths))
        return max(1, self.everyone - gone)

    def _contradicts(self, pattern: int, depths: Mapping[str, int]) -> bool:
        starts = ((pattern >> (BITS * place)) & (2**BITS - 1) for place in range(len(self.kinds)))
        return any(0 < start <= depths.get(kind, 0) for kind, start in zip(self.kinds, starts, strict=True))


def count(*, group: Group, claims: Claims, asker_sees: Collection[Audience], but: int) -> Lookalikes:
    """Count in one group, for one who sees these audiences of others. `but` is the key of the member who asks."""
    everyone = Persona.objects.filter(group=group, is_current=True).count()
    kinds = tuple(sorted(claims))
    return Lookalikes(
        everyone=everyone,
        kinds=kinds,
        patterns=_patterns(group.pk, kinds, claims, sorted(asker_sees), but) if kinds else {},
    )


def _patterns(
    group_id: int, kinds: tuple[str, ...], claims: Claims, audiences: Sequence[str], but: int
) -> dict[int, int]:
    """Pattern of contradiction -> members who have it. A pattern holds, for each kind, the level at which the
    member's detail starts to differ from the claim."""
    cases, parts = [], []
    case_values: list[str] = []
    part_values: list[str] = []
    for place, kind in enumerate(kinds):
        case, values = _where_it_starts(claims[kind], step=2 ** (BITS * place))
        cases.append(f"WHEN kind = %s THEN {case}")
        case_values += [kind, *values]
        part, values = _contradicts(claims[kind])
        parts.append(f"(kind = %s AND {part})")
        part_values += [kind, *values]
    places = ", ".join(["%s"] * len(audiences))
    table = connection.ops.quote_name(Disclosure._meta.db_table)
    statement = (
        f"SELECT pattern, COUNT(*) FROM (SELECT SUM(CASE {' '.join(cases)} END) AS pattern FROM {table}"  # noqa: S608 — fixed words; every value is a parameter
        f" WHERE group_id = %s AND audience IN ({places}) AND member_id <> %s AND ({' OR '.join(parts)})"
        " GROUP BY member_id) AS each_member GROUP BY pattern"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*case_values, group_id, *audiences, but, *part_values])
        return {int(pattern): members for pattern, members in cursor.fetchall()}


def _where_it_starts(paths: Sequence[str], *, step: int) -> tuple[str, list[str]]:
    """SQL for the level, times `step`, at which a contradicting path leaves the claim: after their common beginning."""
    cases: list[str] = []
    values: list[str] = []
    for depth in range(len(paths) - 1, 0, -1):
        rougher = paths[depth - 1]
        cases.append(f"WHEN substr(path, 1, {len(rougher)}) = %s THEN {(depth + 1) * step}")
        values.append(rougher)
    return (f"CASE {' '.join(cases)} ELSE {step} END" if cases else str(step)), values


def _contradicts(paths: Sequence[str]) -> tuple[str, list[str]]:
    """SQL for: neither of this path and the claim is the beginning of the other."""
    *rougher, claim = paths
    finer = f"substr(path, 1, {len(claim)}) <> %s"
    if not rougher:
        return finer, [claim]
    return f"{finer} AND path NOT IN ({', '.join(['%s'] * len(rougher))})", [claim, *rougher]
