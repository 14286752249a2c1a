"""Who of a team is free to judge a case, as the team is now: nobody is asked about their own, and nobody can choose
who is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from community.enums import TEAM
from community.models import Group, Member
from community.selectors import roles
from community.selectors.here import members_with_standing
from core import clock
from core.prepared import Prepared
from moderation import parties
from moderation.enums import Part
from moderation.models import Case

YIELDING = frozenset(
    {Part.MENTIONED}
)  # whoever writes chooses these, so they step back only where `_free` says


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
        return self._keys[0](ref)

    @cached_property
    def _keys(self) -> list[Callable[[str], bytes]]:
        """How cases may know this person: made once, for a whole list of cases."""
        return [parties.keys_of(owner_tag=tag) for tag in (self.tag, self.tag_here) if tag]

    def parts_in(self, case: Case) -> set[Part]:
        """How this person is part of a case, or of an earlier one about the same thing."""
        rows = list(case.with_parts)
        refs, made = {row.ref for row in rows}, set[tuple[str, bytes]]()
        for key_of in self._keys:
            made |= {(ref, key_of(ref)) for ref in refs}
        return {Part(row.part) for row in rows if (row.ref, bytes(row.key)) in made}


def judges(*, group: Group) -> list[Judge]:
    """Everybody of a group's team whom no limit keeps out."""
    return [
        Judge(group=group, member=one, tag=bytes(one.owner_tag))
        for one in _team(group=group.pk, moment=clock.now())
    ]


_team = Prepared(
    lambda group, moment: (
        members_with_standing(moment=moment)
        .filter(group__pk=group, role__in=TEAM, left_month=None, barred=False)
        .order_by("pk")
    )
)


def came_late(judge: Judge, case: Case) -> bool:
    """Whether a lead, who gives the roles, could have chosen this judge for what is about them: who came into the team
    after that opened does not judge it."""
    if judge.member is None or judge.member.judges_since <= case.opened_at:
        return False
    kept = parties.unseal(ref=case.public_id, sealed=case.sealed_author)
    return kept.get("lead", False) or roles.is_lead(owner_tag=bytes.fromhex(kept["tag"]))


def free_for(*, case: Case, but: Member | None = None) -> list[Judge]:
    """Those of the team who may see a case. A worry is open to all of them but its writer: whoever is near helps."""
    return [one for one in _free(case, parts_of) if one.member != but]


def _free(case: Case, find: Callable[[Judge, Case], set[Part]]) -> list[Judge]:
    """Somebody who is named steps back where somebody else is there. Where several are, two others have to be: who
    names all but one would choose that one."""
    team = judges(group=case.group)
    parts = {one: find(one, case) for one in team if case.is_worry or not came_late(one, case)}
    others = [one for one in parts if not parts[one]]
    named = [one for one in parts if parts[one] and parts[one] <= YIELDING]
    is_enough = len(others) > 1 or (len(others) == 1 and len(named) < 2)
    return others if is_enough else others + named


def parts_of(judge: Judge, case: Case) -> set[Part]:
    """What keeps somebody from seeing a case."""
    parts = judge.parts_in(case)
    return parts & {Part.AUTHOR} if case.is_worry else parts


def is_free(judge: Judge, case: Case) -> bool:
    """Whether a case is for this judge: the outside person gets those alone that nobody of the team may see."""
    parts = parts_of(judge, case)
    if not case.is_worry and came_late(judge, case):
        return False
    if judge.member is None:
        return not parts - YIELDING - {Part.DECIDER} and not free_for(case=case)  # nobody else is left
    return not parts or (parts <= YIELDING and judge.member in [one.member for one in free_for(case=case)])


def is_impartial(judge: Judge, case: Case) -> bool:
    """Whether this judge may take something away in a case that they may see. Whoever is part of a worry helps: else
    "I am worried" would make of a reporter a judge."""
    if came_late(judge, case):
        return False
    parts = judge.parts_in(case)
    if not parts or not parts <= YIELDING:
        return not parts
    free = [one.member for one in _free(case, Judge.parts_in)]
    return judge.member in free if judge.member else not free
