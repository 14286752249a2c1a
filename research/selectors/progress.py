"""How many are how far with each round of a study. No ids, no names: counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from research import sealed
from research.models import Study, Wave
from research.selectors import sheets
from research.selectors.desks import Desk
from research.selectors.sheets import Stage


@dataclass(kw_only=True)
class RoundCounts:
    """One round: how many are where, in all and by version. The versions go by the letters that the reader may see."""

    wave: Wave
    all: Counter[Stage] = field(default_factory=Counter)
    by_version: dict[str, Counter[Stage]] = field(default_factory=dict)


def counts(*, desk: Desk) -> Sequence[RoundCounts]:
    """Every round in order, of all whose answers may be used, as they were last counted."""
    names, sheet = letters(desk=desk), sheets.of(desk.study)
    found = []
    for wave in Wave.objects.filter(study=desk.study).order_by("number"):
        one = RoundCounts(wave=wave, by_version={name: Counter() for name in sorted(names.values())})
        for arm, stages in sheet.rounds.get(str(wave.number), {}).items():
            counted = Counter({Stage(stage): n for stage, n in stages.items()})
            one.all += counted
            if name := names.get(int(arm or 0)):
                one.by_version[name] += counted
        found.append(one)
    return found


def letters(*, desk: Desk) -> dict[int, str]:
    """What each version is called at this desk: by its code, or by a letter that says nothing to who may not know.
    Which letter it is follows from the study's key, so that it is the same on every page."""
    if desk.sees_versions:
        return {arm.pk: arm.code for arm in desk.study.arms.order_by("code")}
    return letters_of(study=desk.study)


def letters_of(*, study: Study) -> dict[int, str]:
    """Letters that say nothing, one for each version."""
    arms = list(study.arms.order_by("code"))
    mixed = sorted(arms, key=lambda arm: sealed.mark(study=study, of=f"letter|{arm.code}"))
    return {arm.pk: chr(ord("Z") + 1 - len(arms) + nth) for nth, arm in enumerate(mixed)}
