"""Could somebody work out who you are? What is shown, weighed, in words: never a figure, never a gauge.

It knows nothing but what the one who asks shows and what they can see of others.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from community import coaches, lookalikes
from community.enums import Audience
from community.fact_kinds import Kind, Text
from community.models import Member
from community.selectors import disclosures
from community.selectors.disclosures import Detail
from core.registries.screening import Draft

BANDS = (5, 20, 100)  # people: from here on a handful, dozens, hundreds; below, possibly only you
MOST_MATTERS = 3
LINE = ""  # the code under which the line about oneself is weighed, which is no kind of detail


@dataclass(frozen=True, kw_only=True)
class Matter:
    """A detail that narrows down who somebody could be. `coarser` is the next level, or None where there is none.
    `points`: a coach found something in these words that leads to whoever wrote them."""

    kind: str
    name: str
    words: str
    coarser_level: str = ""
    coarser_words: str = ""
    points: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the page says. `could_be` is how many people here look alike, in words. `matters` and `story` leave out
    what is broad, and are empty where all of it is; the count leaves out nothing but `own_words`, which are named."""

    could_be: str
    matters: list[Matter]
    story: str
    could_notice: list[str]
    own_words: list[str]


def read(
    *, member: Member, details: Iterable[Detail], asker_sees: Collection[Audience], line: str = ""
) -> Reading | None:
    """Weigh what others see of a member, counting only what the asker sees of others. None if nothing is shown. `line`
    goes with their name."""
    kinds: dict[str, Kind] = {**disclosures.kinds_in(member.group), LINE: _line_kind()}
    told = {one.kind: one.path for one in details if one.kind in kinds} | ({LINE: f"{line}/"} if line else {})
    if not told:
        return None
    claims = {code: path for code, path in told.items() if kinds[code].is_counted}
    found = lookalikes.count(
        group=member.group, claims=claims, asker_sees=asker_sees, but=member.pk, most=BANDS[-1]
    )
    order = sorted(claims, key=lambda code: (-found.ruled_out[code], -claims[code].count("/")))
    own = [code for code in told if code not in claims]
    points = {code for code in own if _points(kinds[code].words(told[code]))}
    order = [*(code for code in own if code in points), *order, *(code for code in own if code not in points)]
    topic = member.group.name
    narrow = [code for code in order if not kinds[code].is_broad(told[code], topic=topic)]
    return Reading(
        could_be=words_for(band_of(found.people)),
        matters=[_matter(kinds[code], told[code], points=code in points) for code in narrow[:MOST_MATTERS]],
        story=_story([(kinds[code], told[code]) for code in narrow]) if narrow else "",
        could_notice=_could_notice([kinds[code] for code in order]),
        own_words=[str(kinds[code].name) for code in own],
    )


def _points(words: str) -> bool:
    """Whether a coach finds something in words of one's own: a number, a place, a name."""
    return bool(coaches.advise(Draft(group_id=0, text=words)))


def _line_kind() -> Kind:
    """The line about oneself, as if it were a detail in words of one's own."""
    return Text(
        code=LINE, name=_("The line about you"), levels=("exact",), known_by=_("Someone who knows you")
    )


def _could_notice(told: list[Kind]) -> list[str]:
    """Who knows such things of somebody. People at work always do: they see a town, an age, days off."""
    at_work = [_("Someone you work with")] if any(kind.is_counted for kind in told) else []
    return list(dict.fromkeys([*(kind.known_by for kind in told), *at_work]))


def _matter(kind: Kind, path: str, *, points: bool) -> Matter:
    rougher = path[: path.rstrip("/").rfind("/") + 1] if kind.is_counted else ""
    if not rougher:
        return Matter(kind=kind.code, name=kind.name, words=kind.words(path), points=points)
    return Matter(
        kind=kind.code,
        name=kind.name,
        words=kind.words(path),
        coarser_level=kind.level_of(rougher),
        coarser_words=kind.words(rougher),
    )


def band_of(people: int) -> int:
    """Which of the words says how many people: 0 possibly only you, 3 hundreds."""
    return bisect.bisect_right(BANDS, people)


def words_for(band: int) -> str:
    """A band in words."""
    return (
        _("possibly only you"),
        _("a handful of people here"),
        _("dozens of people here"),
        _("hundreds of people here"),
    )[band]


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
