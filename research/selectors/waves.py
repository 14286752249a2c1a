"""Rounds of questions: one's own, and how many answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from community.errors import NotHere
from community.selectors.here import Here
from core import clock
from core.prepared import Prepared
from research import sealed
from research.enums import Agreement, Answer, Item, Opening, Part, QuoteAnswer, TaskState
from research.instruments import Definition, Question
from research.models import ConsentEvent, Participant, QuoteAsk, Response, StudyGroup, Wave, WaveTask
from research.policies import rounds, studies
from research.selectors import instruments, parts, quotes
from research.selectors.desks import KeyOf

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

A_PAGE = 4  # questions: little enough for a phone, and little is lost with a page that does not arrive
TO_ANSWER = (TaskState.WAITING, TaskState.STARTED)
Given = int | str | None  # a choice, words, or nothing: the question was skipped


class Standing(TypedDict):
    """What else a row needs: the last word about questions, and whether the group still agrees."""

    said: str | None
    is_hosted: bool


@dataclass(frozen=True, kw_only=True)
class Step:
    """One page of a round: some questions of one set; or none, to breathe after a set that can hurt."""

    definition: Definition
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of one's own, as it is today."""

    task: WaveTask
    opening: Opening
    steps: tuple[Step, ...]

    @cached_property
    def given(self) -> Mapping[tuple[str, str], Given]:
        """What was answered or skipped so far, by set and question."""
        part = self.task.participant
        return {(row.instrument, row.item): _opened(part.pid, row) for row in _answers(self.task)}

    def given_on(self, step: Step) -> dict[str, Given]:
        """The same for the questions of one page."""
        code = step.definition.code
        return {
            one.code: self.given[code, one.code] for one in step.questions if (code, one.code) in self.given
        }

    @property
    def at(self) -> int:
        """The first page with something that was not asked yet; past the last page if there is none."""
        pages = enumerate(self.steps)
        return next(
            (nth for nth, step in pages if len(self.given_on(step)) < len(step.questions)), len(self.steps)
        )

    @property
    def unanswered(self) -> list[tuple[int, bool]]:
        """Each question without an answer, in order: on which page, and whether it was skipped. Else it is open."""
        asked = [
            (nth, (step.definition.code, one.code))
            for nth, step in enumerate(self.steps)
            for one in step.questions
        ]
        return [(nth, key in self.given) for nth, key in asked if self.given.get(key) is None]


def find(*, here: Here, sid: str, number: int, key_of: KeyOf, lock: bool = False) -> Round:
    """One's own round here. Raises NotHere, the same for missing and not one's own. `lock` holds one's part to the end
    of the transaction: its rounds, its leaving and its erasure wait for each other."""
    key = key_of(parts.PARTICIPANT, parts.ref_of(sid=sid, gid=here.group.public_id))
    if lock:  # apart and before: a query that waited sees the rest as it was
        Participant.objects.select_for_update().filter(key=key).first()
    own = _tasks().filter(participant__key=key, wave__number=number)
    task = own.first()
    if task is None:
        raise NotHere
    found = rounds.opening(task=task, today=clock.today(), said=task.said, is_hosted=task.is_hosted)
    return Round(task=task, opening=found, steps=steps(task.wave) if found == Opening.OPEN else ())


def steps(wave: Wave) -> tuple[Step, ...]:
    """The pages of a round, the same for everybody. Raises NotHere if a set is not the one that was approved."""
    made: list[Step] = []
    for code, version, digest in wave.instruments:
        one = instruments.find(code=code, version=version, digest=digest)
        many = range(0, len(one.questions), A_PAGE)
        made += [Step(definition=one, questions=one.questions[first : first + A_PAGE]) for first in many]
        made += [Step(definition=one)] * one.is_distressing
    return tuple(made)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits for one person: rounds that are open today, and words that a study asks to quote."""

    tasks: Sequence[WaveTask] = ()
    quotes: Sequence[QuoteAsk] = ()


def _places(**where: Any) -> QuerySet[Any, tuple[str, str, bool]]:
    """Where studies run now: (study, group, whether it asks to quote somebody there)."""
    open_now = {"study__state__in": studies.OPEN, "study__is_paused": False, "state": Agreement.AGREED}
    asked = QuoteAsk.objects.filter(study=OuterRef("study"), post__thread__group=OuterRef("group"))
    asks = Exists(asked.filter(answer=QuoteAnswer.WAITING))
    hosts = StudyGroup.objects.filter(**open_now, **where).order_by("id")
    return hosts.values_list("study__public_id", "group__public_id", asks)


_everywhere = Prepared(_places)
_in_group = Prepared(lambda gid: _places(group__public_id=gid))


def waiting(*, key_of: KeyOf, gid: str = "") -> Waiting:
    """What waits for oneself, everywhere or in one group. For whoever takes part in nothing it is one small query, one
    more while a study runs, and one more while it asks to quote somebody there."""
    places = _in_group(gid=gid) if gid else _everywhere()
    keys = [key_of(parts.PARTICIPANT, parts.ref_of(sid=sid, gid=where)) for sid, where, _ in places]
    if not keys:
        return Waiting()
    sources = [key_of(parts.SOURCE, parts.ref_of(sid=sid, gid=where)) for sid, where, has in places if has]
    today = clock.today()
    own = _tasks().filter(participant__key__in=keys, participant__part=Part.IN, state__in=TO_ANSWER)
    is_open = own.filter(opens_on__lte=today, closes_on__gte=today, said=Answer.GIVEN)
    return Waiting(
        tasks=list(is_open.order_by("closes_on", "id")),
        quotes=quotes.waiting(keys=sources) if sources else [],
    )


def _tasks() -> QuerySet[WithAnnotations[WaveTask, Standing]]:
    part = "participant__"
    said = ConsentEvent.objects.filter(key=OuterRef(f"{part}key"), item=Item.SURVEYS).order_by("-nth")
    hosts = StudyGroup.objects.filter(study=OuterRef(f"{part}study"), group=OuterRef(f"{part}group"))
    return WaveTask.objects.select_related("wave", f"{part}study", f"{part}group").annotate(
        said=Subquery(said.values("answer")[:1]), is_hosted=Exists(hosts.filter(state=Agreement.AGREED))
    )


def _answers(task: WaveTask) -> QuerySet[Response]:
    return Response.objects.filter(task=task).order_by("id")


def _opened(pid: str, row: Response) -> Given:
    if row.sealed is None:
        return row.value
    study = row.task.participant.study
    return sealed.unseal(study=study, sealed=bytes(row.sealed), place=parts.place_of(pid, row)).decode()
