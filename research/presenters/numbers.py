"""What a study of this size can show, in words. No interval is drawn anywhere: with a handful of groups it would
promise what nobody knows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research import policies
from research.enums import Unit
from research.selectors import harm, measures, studies
from research.selectors.desks import Desk
from research.selectors.harm import StopRule
from research.selectors.measures import Standing

HANDFUL = 20  # groups: below it a comparison of groups is not one of effects


@dataclass(frozen=True, kw_only=True)
class Told:
    """`ways` is in how many ways the lot could have given out the versions; None where it is not given to groups."""

    groups: int
    people: int
    is_handful: bool
    ways: int | None
    sentences: list[str]
    stop_rules: list[StopRule]
    go_on: list[Standing]
    sees_counts: bool


def told(*, desk: Desk) -> Told:
    """For those who work on a study. Counts of harm are for those who meet people."""
    policies.require("see_progress", desk)
    settings = studies.settings_of(desk.study)
    harm_rules = harm.stop_rules(desk.study, settings=settings)
    return Told(
        groups=len(settings["groups"]),
        people=settings["aim"] * len(settings["groups"]),
        is_handful=is_handful(settings),
        ways=ways(settings),
        sentences=sentences(settings),
        stop_rules=harm_rules,
        go_on=[measures.standing(desk.study, rule=rule) for rule in settings["harm"]["go_on_rules"]],
        sees_counts=policies.permits("see_harm", desk),
    )


def is_handful(settings: Mapping[str, Any]) -> bool:
    """Whether so few groups take part that nothing can be said about an effect."""
    return len(settings["groups"]) < HANDFUL


def ways(settings: Mapping[str, Any]) -> int | None:
    """In how many ways the lot could fall: two for each pair of groups."""
    if settings["unit"] != Unit.GROUP or not settings["pairs"]:
        return None
    return math.prod(2 for _pair in settings["pairs"])


def sentences(settings: Mapping[str, Any]) -> list[str]:
    """What its size means for what a study can say: the same words for members, an ethics board and the team."""
    count = len(settings["groups"])
    found = []
    if is_handful(settings):
        found.append(_("This is a test of whether it can be done. It cannot show whether it helps."))
        found.append(
            _("Only %(count)s groups take part. What differs between them can be chance.") % {"count": count}
            if count > 1
            else _("Only one group takes part. What happens in it can have many reasons.")
        )
    number = ways(settings)
    if number is not None:
        found.append(
            ngettext(
                "%(pairs)s pair can be given two versions in only %(ways)s ways.",
                "%(pairs)s pairs can be given two versions in only %(ways)s ways.",
                len(settings["pairs"]),
            )
            % {"pairs": len(settings["pairs"]), "ways": number}
        )
        found.append(
            _(
                "So even the clearest result, for one version or the other, comes up by chance 2 times in %(ways)s."
            )
            % {"ways": number}
        )
    found.append(_("We draw no error bars here. With so few groups they would look surer than they are.")
                 if is_handful(settings) else _("How sure a result is will be worked out by group."))  # fmt: skip
    return found
