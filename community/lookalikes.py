"""How many here somebody could still be taken for: members whose visible details do not contradict theirs.

It reads only what the one who asks can see on cards now, so that no statement and no answer depends on anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from community.enums import Audience
from community.models import Disclosure, Group, Persona

Band = Callable[[int], int]  # how many people -> which of the words says it


@dataclass(frozen=True, kw_only=True)
class Lookalikes:
    """`band` says how many one could be taken for, oneself among them. `ruled_out` is how many others each detail
    alone tells apart from oneself."""

    band: int
    ruled_out: Mapping[str, int]


def contradict(one: str, other: str) -> bool:
    """Whether two paths of one kind cannot be of one person: neither is the beginning of the other."""
    return not (one.startswith(other) or other.startswith(one))


def count(
    *, group: Group, claims: Mapping[str, str], asker_sees: Collection[Audience], but: int, band: Band
) -> Lookalikes:
    """Count in one group, for one who sees these audiences of others. `claims` is kind -> path, `but` the key of the
    member who asks.

    Who contradicts in two details is counted once. That is looked up only where it changes the words: in a large
    group the counts for each detail mostly settle them.
    """
    everyone = Persona.objects.filter(group=group, is_current=True).count()
    others = Disclosure.objects.filter(group=group, kind__in=sorted(claims), audience__in=sorted(asker_sees))
    others = others.exclude(member=but)
    ruled_out = dict.fromkeys(claims, 0)
    paths: dict[str, list[str]] = {}
    for kind, path, people in others.values_list("kind", "path").annotate(people=Count("*")).order_by():
        if contradict(path, claims[kind]):
            ruled_out[kind] += people
            paths.setdefault(kind, []).append(path)
    fewest, most = everyone - sum(ruled_out.values()), everyone - max(ruled_out.values(), default=0)
    if band(fewest) != band(most):
        either = Q()
        for kind, found in sorted(paths.items()):
            either |= Q(kind=kind, path__in=sorted(found))
        most = everyone - others.filter(either).values("member").distinct().count()
    return Lookalikes(band=band(most), ruled_out=ruled_out)
