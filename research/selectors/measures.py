"""What rules of a study count, each as so many out of so many. Nothing here says who."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models import Member
from core import clock
from research.enums import Agreement, Part, Related, Severity, TaskState
from research.models import Departure, Participant, Response, SafetyEntry, Study, WaveTask
from research.protocols import NEGATIVE

FLOOR = 5  # people: a count under it is not shown, nor the rest to a whole; answers of fewer are in no file
BAD = 2  # "a few times" and more, in the questions about bad experiences


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something that a rule counts. `of` is the whole, None where there is none. `of_people`: a small count could point
    at somebody, and is not shown."""

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
    return Departure.objects.filter(study=study).count()


def _bad_experiences(study: Study) -> int:
    told = Response.objects.filter(
        task__participant__study=study, task__participant__part__in=[Part.IN, Part.STOPPED],
        instrument=NEGATIVE, value__gte=BAD,
    )  # fmt: skip
    return told.values("task__participant").distinct().count()


def _asked(study: Study) -> int:
    hosts = study.hosts.filter(state__in=[Agreement.AGREED, Agreement.ENDED]).values("group")
    return Member.objects.filter(group__in=hosts, left_month=None).count()


def _said_yes(study: Study) -> int:
    return _still_in(study) + _left(study)


def _still_in(study: Study) -> int:
    return Participant.objects.filter(study=study, part=Part.IN).count()


def _last_round(study: Study) -> Any:
    last = study.waves.order_by("-number").first()
    return (
        WaveTask.objects.filter(wave=last, opens_on__lte=clock.today()) if last else WaveTask.objects.none()
    )


def _last_due(study: Study) -> int:
    return int(_last_round(study).exclude(state=TaskState.CANCELLED).count())


def _last_done(study: Study) -> int:
    return int(_last_round(study).filter(state=TaskState.DONE).count())


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


@dataclass(frozen=True, kw_only=True)
class Flow:
    """How many people were asked, said yes, and left again."""

    members: int
    said_yes: int
    left: int


def flow(study: Study) -> Flow:
    """All three as they are: what may be told of them is for whoever shows them to say."""
    return Flow(members=_asked(study), said_yes=_said_yes(study), left=_left(study))


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
    percent = None if few else round(count * 20 / whole) * 5
    return Standing(title=measure.title, wanted=rule["at_least"], percent=percent)
