"""Who may do what in research: one table from an action's name to a predicate. What is not in it, nobody may."""

from __future__ import annotations

from collections.abc import Callable

from community.errors import NotHere
from research.enums import StudyRole
from research.policies.desks import Desk

__all__ = ["TABLE", "Desk", "permits", "require"]


def _works_on(desk: Desk) -> bool:
    """Everyone on the study."""
    return desk.study is not None


def _is_lead(desk: Desk) -> bool:
    return desk.is_lead


def _meets_people(desk: Desk) -> bool:
    """Lead and researchers; an analyst only counts."""
    return desk.colleague.role in {StudyRole.LEAD, StudyRole.RESEARCHER}


TABLE: dict[str, Callable[[Desk], bool]] = {
    "see_study": _works_on,
    "see_progress": _works_on,
    "set_up": _is_lead,
    "ask_groups": _is_lead,
    "approve": _is_lead,
    "open_and_close": _is_lead,
    "bring_in": _is_lead,
    "reveal_lists": _is_lead,
    "pause": _works_on,
    "sit_in": _meets_people,
    "keep_notes": _meets_people,
    "ask_to_quote": _meets_people,
    "settle_recalls": _meets_people,
    "see_files": _works_on,
    "ask_files": _meets_people,
    "decide_files": _meets_people,
    "fetch_files": _meets_people,
    "log_harm": _meets_people,
    "see_harm": _meets_people,
}


def permits(action: str, desk: Desk) -> bool:
    """Whether the table lets somebody at this desk do the action. An unknown action is refused."""
    predicate = TABLE.get(action)
    return predicate is not None and predicate(desk)


def require(action: str, desk: Desk) -> None:
    """Raise NotHere unless the table permits it: from outside, forbidden and missing are one."""
    if not permits(action, desk):
        raise NotHere
