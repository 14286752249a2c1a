"""Who may do what in moderation: one table from an action's name to a predicate. What is not in it, nobody may."""

from __future__ import annotations

from collections.abc import Callable

from community.errors import NotHere
from community.selectors import here as places
from community.selectors import site
from community.selectors.here import Here
from moderation.enums import CALL, CaseState
from moderation.models import Case
from moderation.policies import judges
from moderation.policies.judges import Judge

__all__ = ["TABLE", "Judge", "again", "judge_of", "may", "require"]


def judge_of(here: Here) -> Judge:
    """A team member who signed in with a second factor, or NotHere."""
    if not here.is_team:
        raise NotHere
    return Judge(group=here.group, member=here.member, tag=bytes(here.member.owner_tag))


def again(judge: Judge) -> Judge:
    """The same judge as they are now, inside the transaction. Raises NotHere for whoever is none any more."""
    if judge.member is not None:
        return judge_of(places.find(owner_tag=judge.tag, strong=True))
    if not site.is_operator(site_tag=judge.tag):
        raise NotHere
    return judge


def _sees(judge: Judge, case: Case) -> bool:
    """A case of one's own group that one is no part of. `selectors.cases.seen_by` says the same of many."""
    return case.group_id == judge.group.pk and judges.is_free(judge, case)


def _restricts(judge: Judge, case: Case) -> bool:
    is_called = case.subject_kind == CALL or case.is_told_more  # whoever asks for help loses nothing by it
    return _sees(judge, case) and not is_called and (not case.is_worry or judges.is_impartial(judge, case))


def _cares(judge: Judge, case: Case) -> bool:
    return _sees(judge, case) and case.is_worry and case.state == CaseState.OPEN


TABLE: dict[str, Callable[[Judge, Case], bool]] = {
    "see": _sees,
    "claim": _sees,
    "decide": _sees,
    "restrict": _restricts,
    "undo": _sees,
    "look": _sees,
    "care": _cares,
    "ask_reporter": _sees,
}


def may(action: str, judge: Judge, case: Case) -> bool:
    """Whether the table permits it. What is not in it is refused."""
    rule = TABLE.get(action)
    return rule is not None and rule(judge, case)


def require(action: str, judge: Judge, case: Case) -> None:
    """NotHere unless it is permitted: missing and forbidden are one."""
    if not may(action, judge, case):
        raise NotHere
