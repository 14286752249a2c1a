"""What rules of a study count, each as so many out of so many. Nothing here says who. What the team notes counts at
once, what people do once a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from research.enums import Related, Severity
from research.models import SafetyEntry, Study
from research.selectors import sheets
from research.selectors.sheets import FLOOR


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that a rule counts. `of` is the whole, None where there is none. `of_people`: it is told in fives."""

    title: Any
    count: Callable[[Study], int]
    of: Callable[[Study], int] | None = None
    of_people: bool = False


def _harm(study: Study) -> Any:
    return SafetyEntry.objects.filter(study=study, related__in=[Related.YES, Related.PERHAPS])


def _serious(study: Study) -> int:
    return int(_harm(study).filter(severity=Severity.SERIOUS).count())


def _any_harm(study: Study) -> int:
    return int(_harm(study).count())


def _left(study: Study) -> int:
    return sheets.of(study).all_left


def _bad_experiences(study: Study) -> int:
    return sheets.of(study).told


def _asked(study: Study) -> int:
    return sheets.of(study).members


def _said_yes(study: Study) -> int:
    return sheets.of(study).said_yes


def _still_in(study: Study) -> int:
    now = sheets.of(study)
    return now.said_yes - now.all_left


def _last_due(study: Study) -> int:
    return sheets.of(study).last_due


def _last_done(study: Study) -> int:
    return sheets.of(study).last_done


STOP: dict[str, Measure] = {
    "serious": Measure(title=_("serious harm that the study may have had a part in"), count=_serious),
    "harm": Measure(title=_("harm of any kind that the study may have had a part in"), count=_any_harm),
    "bad": Measure(
        title=_("people who told of bad moments in a round"), count=_bad_experiences, of_people=True
    ),
    "left": Measure(title=_("people who left the study"), count=_left, of_people=True),
}
GO_ON: dict[str, Measure] = {
    "yes": Measure(title=_("of those who were asked said yes"), count=_said_yes, of=_asked),
    "stay": Measure(title=_("of those who said yes are still in"), count=_still_in, of=_said_yes),
    "last": Measure(title=_("of the last rounds that were due are done"), count=_last_done, of=_last_due),
}


def counts(study: Study) -> dict[str, int]:
    """What the stop rules count now."""
    return {key: measure.count(study) for key, measure in STOP.items()}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a rule stands. `percent` is None where there is too little to show."""

    title: Any
    wanted: int
    percent: int | None

    @property
    def is_met(self) -> bool:
        """Whether it is reached, as far as it can be shown."""
        return self.percent is not None and self.percent >= self.wanted


def standing(study: Study, *, rule: dict[str, Any]) -> Standing:
    """One rule for going on: a rough share, or nothing where either part of it is under the floor."""
    measure = GO_ON[rule["measure"]]
    count, whole = measure.count(study), measure.of(study) if measure.of else 0
    few = count < FLOOR or 0 < whole - count < FLOOR
    percent = None if few or not whole else round(count * 20 / whole) * 5
    return Standing(title=measure.title, wanted=rule["at_least"], percent=percent)
