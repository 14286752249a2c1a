"""Charters: the one in force, earlier ones, and what changed between two."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from community.errors import NotHere
from community.models import Charter, Group
from community.selectors.here import Here


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of words that stayed, came in or went out. `mark` is '', 'in' or 'out'."""

    mark: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line of the charter that is not as it was. `kind` is 'added', 'removed' or 'changed'."""

    kind: str
    pieces: list[Piece]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One version on screen, the versions there are, and what changed since another."""

    charter: Charter
    versions: list[Charter]
    since: Charter | None
    changes: list[Change]


def current(*, group: Group) -> Charter:
    """The version in force, with its rules: two queries."""
    return at(group=group, version=group.charter_version)


def at(*, group: Group, version: int) -> Charter:
    """One version with its rules, or NotHere."""
    found = Charter.objects.filter(group=group, version=version).prefetch_related("rules").first()
    if found is None:
        raise NotHere
    return found


def reading(*, here: Here, version: int | None = None, since: int | None = None) -> Reading:
    """A version beside an earlier one: by default the one in force beside the one this member accepted."""
    charter = at(group=here.group, version=version or here.group.charter_version)
    earlier = since or min(here.member.accepted_version, charter.version - 1)
    before = at(group=here.group, version=earlier) if 0 < earlier < charter.version else None
    versions = Charter.objects.filter(group=here.group).order_by("-version")
    return Reading(
        charter=charter,
        versions=list(versions.only("version", "published_on")),
        since=before,
        changes=changes(before=before, after=charter) if before else [],
    )


def ordered_rules(charter: Charter) -> list[tuple[str, str]]:
    """(code, all that the rule says), in order."""
    return [
        (rule.code, " ".join(filter(None, [rule.text, rule.example, rule.consequence])))
        for rule in charter.rules_in_order
    ]


def changes(*, before: Charter, after: Charter) -> list[Change]:
    """What is new, gone or worded differently: rules by their code, then the other parts."""
    return [*_between(_lines(before), _lines(after))]


def _lines(charter: Charter) -> dict[str, str]:
    lines = {f"rule {code}": text for code, text in ordered_rules(charter)}
    lines |= {f"not {line}": line for line in charter.what_it_is_not}
    lines["purpose"] = charter.purpose
    lines["who can see"] = charter.who_can_see
    lines["others"] = charter.third_party_privacy
    lines["easy"] = charter.easy_read
    return {key: text for key, text in lines.items() if text}


def _between(old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for key, text in new.items():
        if key not in old:
            yield Change(kind="added", pieces=[Piece(mark="", text=text)])
        elif old[key] != text:
            yield Change(kind="changed", pieces=word_pieces(old=old[key], new=text))
    for key, text in old.items():
        if key not in new:
            yield Change(kind="removed", pieces=[Piece(mark="", text=text)])


def word_pieces(*, old: str, new: str) -> list[Piece]:
    """Two wordings as runs of words that stayed, went out and came in."""
    left, right = old.split(), new.split()
    pieces = []
    for step, i, j, k, m in difflib.SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece(mark="", text=" ".join(left[i:j])))
            continue
        if j > i:
            pieces.append(Piece(mark="out", text=" ".join(left[i:j])))
        if m > k:
            pieces.append(Piece(mark="in", text=" ".join(right[k:m])))
    return pieces
