"""Could somebody work out who you are? What is shown, weighed, in words: never a figure, never a gauge.

It knows nothing but what the one who asks shows and what they can see of others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community import lookalikes
from community.enums import Audience
from community.fact_kinds import Kind
from community.lookalikes import Lookalikes
from community.models import Member
from community.selectors import disclosures
from community.selectors.disclosures import Detail

HUNDREDS, DOZENS, HANDFUL = 100, 20, 5
MOST_MATTERS = 3


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A detail that narrows down who somebody could be. `coarser` is the next level, or None where there is none."""

    kind: str
    name: str
    words: str
    coarser_level: str = ""
    coarser_words: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the page says. `could_be` is how many people here look alike, in words."""

    could_be: str
    matters: list[Matter]
    story: str
    could_notice: list[str]


def read(*, member: Member, details: Iterable[Detail], asker_sees: Collection[Audience]) -> Reading | None:
    """Weigh what others see of a member, counting only what the asker sees of others. None if nothing is shown."""
    kinds = disclosures.kinds_in(member.group)
    told = {one.kind: one for one in details if one.kind in kinds}
    if not told:
        return None
    claims = {code: rough_to_exact(one.path) for code, one in told.items() if kinds[code].is_counted}
    found = lookalikes.count(group=member.group, claims=claims, asker_sees=asker_sees, but=member.pk)
    depths = {code: len(paths) for code, paths in claims.items()}
    order = _what_matters_most(found, depths, list(kinds))
    order += [code for code in told if code not in claims]
    return Reading(
        could_be=_in_words(found.left(depths)),
        matters=[_matter(kinds[code], told[code].path) for code in order[:MOST_MATTERS]],
        story=_story([(kinds[code], told[code].path) for code in order]),
        could_notice=list(dict.fromkeys(kinds[code].known_by for code in order)),
    )


def rough_to_exact(path: str) -> list[str]:
    """A path and the rougher ones it begins with: "a/b/" gives "a/" and "a/b/"."""
    parts = path.removesuffix("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


def _what_matters_most(found: Lookalikes, depths: dict[str, int], catalogue: list[str]) -> list[str]:
    """Kinds by how many more people one could be taken for without them; then the most exact first."""

    def weight(code: str) -> tuple[int, int, int]:
        return (-found.left(depths | {code: 0}), -depths[code], catalogue.index(code))

    return sorted(depths, key=weight)


def _matter(kind: Kind, path: str) -> Matter:
    rougher = rough_to_exact(path)[:-1] if kind.is_counted else []
    if not rougher:
        return Matter(kind=kind.code, name=kind.name, words=kind.words(path))
    return Matter(
        kind=kind.code,
        name=kind.name,
        words=kind.words(path),
        coarser_level=kind.level_of(rougher[-1]),
        coarser_words=kind.words(rougher[-1]),
    )


def _in_words(people: int) -> str:
    if people >= HUNDREDS:
        return _("hundreds of people here")
    if people >= DOZENS:
        return _("dozens of people here")
    if people >= HANDFUL:
        return _("a handful of people here")
    return _("possibly only you")


def _story(told: list[tuple[Kind, str]]) -> str:
    (first, path), *rest = told
    values = {"who": first.known_by, "first": first.words(path)}
    if not rest:
        return _("%(who)s may know this of you: “%(first)s”. If they read here, they could guess.") % values
    values["second"] = rest[0][0].words(rest[0][1])
    return (
        _("%(who)s may know both: “%(first)s” and “%(second)s”. If they read here, they could guess.")
        % values
    )
