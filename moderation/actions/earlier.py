"""Earlier problems of whoever wrote something: how often and about what, in this group, without learning who it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from community.selectors import charters
from core import clock
from moderation import parties, policies
from moderation.models import Case, Strike
from moderation.policies import Judge


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Some earlier problems about one rule, and when the last of them fades."""

    rule: str
    times: int
    fades_on: dt.date


def known(*, judge: Judge, among: Iterable[Case]) -> set[int]:
    """The keys of those cases whose writer has an earlier problem here. Each opens what is sealed and keeps nothing."""
    seen = [case for case in among if policies.may("see", judge, case)]
    tags = {case.pk: _tag_of(case) for case in seen}
    rows = Strike.objects.filter(owner_tag__in=list(tags.values()), fades_on__gt=clock.today())
    found = {bytes(tag) for tag in rows.values_list("owner_tag", flat=True)}
    return {pk for pk, tag in tags.items() if tag in found}


def problems(*, judge: Judge, case: Case) -> list[Problem]:
    """By rule, for a name that people have here. A one-thread name tells only whether there are any: `known`."""
    policies.require("see", judge, case)
    if case.is_alias:
        return []
    rows = Strike.objects.filter(owner_tag=_tag_of(case), fades_on__gt=clock.today()).order_by("fades_on")
    fades = {row.rule_code: row.fades_on for row in rows}
    times = Counter(row.rule_code for row in rows)
    texts = {rule.code: rule.text for rule in charters.current(group=case.group).rules_in_order}
    return [
        Problem(rule=texts.get(code, code), times=count, fades_on=fades[code])
        for code, count in times.most_common()
    ]


def _tag_of(case: Case) -> bytes:
    return bytes.fromhex(parties.unseal(ref=case.public_id, sealed=case.sealed_author)["tag"])
