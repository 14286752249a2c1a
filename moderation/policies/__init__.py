"""Who may do what in moderation: one table from an action's name to a predicate. What is not in it, nobody may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from community.errors import NotHere
from community.models import Group, Member
from community.selectors.here import Here
from moderation import parties
from moderation.models import Case


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Who looks at cases of a group: a moderator or lead of its team, or the outside person (`member` is None), whose
    tag is that of the site: `tag_here` is the one they would have as a member, so that they never get their own."""

    group: Group
    member: Member | None
    tag: bytes
    tag_here: bytes = b""

    def key_in(self, ref: str) -> bytes:
        """How a case knows this person, if it does."""
        return parties.key_of(ref=ref, owner_tag=self.tag)

    def keys_in(self, ref: str) -> set[bytes]:
        """All ways in which a case may know this person."""
        return {parties.key_of(ref=ref, owner_tag=tag) for tag in (self.tag, self.tag_here) if tag}


def judge_of(here: Here) -> Judge:
    """A team member who signed in with a second factor, or NotHere."""
    if not here.is_team:
        raise NotHere
    return Judge(group=here.group, member=here.member, tag=bytes(here.member.owner_tag))


def _sees(judge: Judge, case: Case) -> bool:
    """A case of one's own group that one is no part of. `selectors.cases.seen_by` says the same of many. The outside
    person sees those alone that nobody of the team may see."""
    if case.group_id != judge.group.pk or _is_part(judge, case):
        return False
    return judge.member is not None or case.is_outside


def _is_part(judge: Judge, case: Case) -> bool:
    """Author, reporter, mentioned, in a block with the writer, or the one whose decision is asked about. A worry is
    open to all of the team but its writer: whoever is near helps."""
    keys = judge.keys_in(case.public_id)
    if case.is_worry:
        return bytes(case.author_key) in keys
    return any(bytes(found.key) in keys for found in case.parties.all())


TABLE: dict[str, Callable[[Judge, Case], bool]] = {
    "see": _sees,
    "claim": _sees,
    "decide": _sees,
    "undo": _sees,
    "look": _sees,
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
