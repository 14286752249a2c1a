"""How many here somebody could still be taken for: members whose visible details do not contradict theirs.

It reads only what the one who asks can see on cards now, so that no statement and no answer depends on anything else.
And it never reads on and on: decision 0015 says where it stops, and what that costs.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Count, OuterRef, Q, QuerySet, Subquery, When

from community.enums import Audience
from community.models import Disclosure, Group, Persona
from core.prepared import Prepared

LOOKED_AT = 3_000  # members, to find the likes of somebody: who is not looked at does not count
WEIGHED = 1_000  # members, to find which detail tells most people apart
NO_END = 2**63 - 1  # the greatest key there can be


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
    given = {"group": group.pk, "but": but}
    seen = {**given, "audiences": sorted(one.value for one in asker_sees)}
    first, last = (_nth(number).first(**given) or NO_END for number in (WEIGHED, LOOKED_AT))
    found = _weighed(**seen, last=first, **_steps(claims, sorted(claims)))
    ruled_out = dict.fromkeys(claims, 0) | dict(found)
    order = sorted(sorted(claims), key=lambda kind: -ruled_out[kind])
    alike = _alike(most - 1)(**seen, last=last, **_steps(claims, order))
    return Lookalikes(people=1 + len(alike), ruled_out=ruled_out)


def _steps(claims: Mapping[str, str], order: Iterable[str]) -> dict[str, list[str]]:
    """Each claim as its kind and the levels of its path, as many for all: one statement serves all that are as deep."""
    depth = max((path.count("/") for path in claims.values()), default=0)
    found = {}
    for at, kind in enumerate(order):
        path = claims[kind]
        rougher = [path[: end + 1] for end, letter in enumerate(path) if letter == "/"]
        found[f"claim{at}"] = [kind, *rougher, *[path] * (depth + 1 - len(rougher))]
    return found


def _others(group: Any, but: Any) -> QuerySet[Persona]:
    return Persona.objects.filter(group=group, is_current=True).exclude(member=but).order_by("member")


def _seen(group: Any, audiences: Any) -> QuerySet[Disclosure]:
    return Disclosure.objects.filter(group=group, audience__in=audiences)


@functools.cache
def _nth(number: int) -> Prepared[int]:
    """The last of the first so many others in the order of their keys, which are random: a fair sample, and the same
    one each time."""
    return Prepared(lambda **who: _others(**who).values_list("member", flat=True)[number - 1 : number])


def _rows_weighed(group: Any, but: Any, audiences: Any, last: Any, **claims: Any) -> QuerySet[Any, Any]:
    seen = _seen(group, audiences).filter(_contradicts(claims.values()), member__lte=last).exclude(member=but)
    return seen.values_list("kind").annotate(people=Count("*")).order_by()


_weighed = Prepared(_rows_weighed)


@functools.cache
def _alike(most: int) -> Prepared[int]:
    """The first so many whom no claim tells apart, most of whom the first claim does."""

    def rows(group: Any, but: Any, audiences: Any, last: Any, **claims: Any) -> QuerySet[Any, int]:
        seen = _seen(group, audiences)
        first, rest = list(claims.values())[:1], list(claims.values())[1:]
        # Most are told apart by the first detail: they are found in one go along the index, which takes less than one
        # look for each, and only the others are looked up. A scalar subquery for these and not EXISTS, because
        # PostgreSQL would join. It has no bound of its own, or SQLite would go by that and not by the member.
        told = Subquery(seen.filter(_contradicts(rest), member=OuterRef("member")).values("kind")[:1])
        alike = _others(group, but).filter(member__lte=last).alias(told=told).filter(told=None)
        alike = alike.exclude(member__in=seen.filter(_contradicts(first), member__lte=last).values("member"))
        return alike.values_list("member", flat=True)[:most]

    return Prepared(rows)


def _contradicts(claims: Iterable[Sequence[Any]]) -> Case:
    """Details that cannot be of one person with these claims: of the two paths neither is the beginning of the other.

    CASE and not OR: of each row only the claim of its kind is looked at, and SQLite stays with the index that has all.
    """
    return Case(
        *(
            When(kind=kind, then=~Q(path__in=levels) & ~Q(path__startswith=levels[-1]))
            for kind, *levels in claims
        ),
        default=False,
        output_field=BooleanField(),
    )
