"""Earlier problems of whoever wrote something: how often and about what, in this group, without learning who it is.

What a case says of them is sealed when it opens, and stays: else somebody could decide about one name, or take it back,
and watch at which other name it moves. Those of a name and those of a one-thread name are never counted together.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from community.selectors import charters
from core import clock
from moderation import acts, parties, policies
from moderation.models import Case, Strike
from moderation.policies import Judge

MOST = 5  # that a case keeps: what is sealed has one size


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Some earlier problems about one rule, and the last day of the month with which they have faded."""

    rule: str
    times: int
    fades_with: dt.date


def key_for(*, case: Case, author: bytes) -> bytes:
    """Under which an earlier problem from this case is counted."""
    once_in = case.place if case.is_alias else ""
    return parties.strike_key(group=case.group.public_id, owner_tag=author, once_in=once_in)


def fades_on() -> dt.date:
    """When a problem of today has faded: the first day of a month."""
    end = clock.today() + dt.timedelta(days=acts.STRIKE_DAYS)
    return (end.replace(day=1) + dt.timedelta(days=31)).replace(day=1)


def sealed_author(*, case: Case, author: bytes, is_lead: bool) -> bytes:
    """What a case that opens keeps sealed: whose it is, whether they give roles, and their earlier problems as they
    are now."""
    rows = Strike.objects.filter(key=key_for(case=case, author=author)).order_by("fades_on")
    found = [(row.rule_code, row.fades_on.isoformat()) for row in rows.filter(fades_on__gt=clock.today())]
    if case.is_alias:
        found = [("", found[-1][1])] if found else []
    value = {"tag": author.hex(), "lead": is_lead, "earlier": found[-MOST:]}
    return parties.seal(ref=case.public_id, value=value)


def sealed_again(*, first: Case, case: Case) -> bytes:
    """The same for a case that asks for another look at the first."""
    return parties.seal(
        ref=case.public_id, value=parties.unseal(ref=first.public_id, sealed=first.sealed_author)
    )


def known(*, judge: Judge, among: Iterable[Case]) -> set[int]:
    """The keys of those cases whose writer has an earlier problem here. Each opens what is sealed and keeps nothing."""
    unseal = parties.opener()
    return {case.pk for case in among if policies.may("see", judge, case) and _sealed_in(case, unseal)}


def problems(*, judge: Judge, case: Case) -> list[Problem]:
    """By rule, for a name that people have here. A one-thread name tells only whether there are any: `known`."""
    policies.require("see", judge, case)
    if case.is_alias:
        return []
    found = _sealed_in(case, parties.opener())
    last, times = dict(found), Counter(code for code, _ in found)
    texts = {rule.code: rule.text for rule in charters.current(group=case.group).rules_in_order}
    return [
        Problem(rule=texts.get(code, code), times=count, fades_with=last[code] - dt.timedelta(days=1))
        for code, count in times.most_common()
    ]


def _sealed_in(case: Case, unseal: parties.Opener) -> list[tuple[str, dt.date]]:
    """Rule and end of each that has not faded, as they were when the case opened, the last to fade at the end."""
    value = unseal(case.public_id, case.sealed_author)
    found = [(code, dt.date.fromisoformat(day)) for code, day in value.get("earlier", [])]
    return [(code, day) for code, day in found if day > clock.today()]
