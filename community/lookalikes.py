"""How many here somebody could still be taken for: members whose visible details do not contradict theirs.

It reads only what the one who asks can see on cards now, so that no statement and no answer depends on anything else.
And it never reads on and on: decision 0015 says where it stops, and what that costs.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from community.enums import Audience
from community.models import Disclosure, Group, Persona

LOOKED_AT = 3_000  # members, to find the likes of somebody: who is not looked at does not count
WEIGHED = 1_000  # members, to find which detail tells most people apart


@dataclass(frozen=True, kw_only=True)
class Lookalikes:
    """`people` is how many one could be taken for, oneself among them, counted no further than asked. `ruled_out` is
    how many others, of those looked at, each detail alone tells apart from oneself."""

    people: int
    ruled_out: Mapping[str, int]


def count(
    *, group: Group, claims: Mapping[str, str], asker_sees: Collection[Audience], but: int, most: int
) -> Lookalikes:
    """Count up to `most` in one group, for one who sees these audiences of others. `claims` is kind -> path, `but` the
    key of the member who asks."""
    others = Persona.objects.filter(group=group, is_current=True).exclude(member=but).order_by("member")
    seen = Disclosure.objects.filter(group=group, audience__in=sorted(asker_sees))
    apart = {kind: _contradicts(kind, path) for kind, path in sorted(claims.items())}
    weighed = seen.filter(_any(apart.values()), _first(WEIGHED, others)).exclude(member=but)
    found = weighed.values_list("kind").annotate(people=Count("*")).order_by()
    ruled_out = dict.fromkeys(claims, 0) | dict(found)
    order = sorted(apart, key=lambda kind: -ruled_out[kind])
    # Most are told apart by the first detail: one look at each. Scalar subqueries and not EXISTS, in COALESCE, because
    # PostgreSQL would join, reading all details to find the first few people, or would look for the rest first.
    told = [
        Subquery(seen.filter(_any(apart[k] for k in kinds), member=OuterRef("member")).values("kind")[:1])
        for kinds in (order[:1], order[1:])
    ]
    alike = others.filter(_first(LOOKED_AT, others)).alias(told=Coalesce(*told)).filter(told=None)
    return Lookalikes(people=1 + alike[: most - 1].count(), ruled_out=ruled_out)


def _first(number: int, others: QuerySet[Persona]) -> Q:
    """The first so many of the others in the order of their keys, which are random: a fair sample, and the same
    one each time."""
    last = others.values_list("member", flat=True)[number - 1 : number].first()
    return Q() if last is None else Q(member__lte=last)


def _contradicts(kind: str, path: str) -> Q:
    """Details that cannot be of one person with this claim: of the two paths neither is the beginning of the other.

    A range of one kind and not `=`: SQLite would take the index of "once a kind", and open each row for the rest.
    """
    rougher = [path[: at + 1] for at, letter in enumerate(path) if letter == "/"]
    return Q(kind__range=(kind, kind)) & ~Q(path__in=rougher) & ~Q(path__startswith=path)


def _any(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.or_, conditions, Q(pk__in=[]))
