"""Somebody's answers and their messages are two parts, and no day of any row or list puts them together."""

from __future__ import annotations

import datetime as dt
import itertools
from functools import partial
from unittest import mock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEntry
from core import clock
from research.actions import consent, departing, documents
from research.enums import Answer, Item, Part, Scope
from research.models import ConsentEvent, Participant, Recall, Source, Study
from research.selectors import leavers
from research.selectors.desks import Desk
from tests.people import Cast
from tests.research.consenting import open_study, part, say, settings

pytestmark = pytest.mark.django_db
LOT = 4
SOME = {Item.SURVEYS: True, Item.ACTIVITY: True}


@pytest.fixture(autouse=True)
def lot() -> object:
    with mock.patch("secrets.randbelow", return_value=LOT) as drawn:
        yield drawn


def days(*, of: type[Participant | Source], answers: list[Answer] | None = None) -> set[int]:
    """On which days from today something was said under the keys of these parts."""
    keys = of._default_manager.values("key")
    rows = ConsentEvent.objects.filter(key__in=keys, answer__in=answers or Answer.values)
    return {(day - clock.today()).days for day in rows.values_list("on_day", flat=True)}


def test_no_answer_to_messages_has_the_day_of_answers(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study, SOME)
    assert days(of=Participant) == {0} and days(of=Source) == {LOT}


def test_nor_when_they_are_taken_back(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    say(cast.alice, cast.harbour, study, {})
    assert days(of=Participant, answers=[Answer.WITHDRAWN]) == {0}
    assert days(of=Source, answers=[Answer.WITHDRAWN]) == {-LOT}, (
        "from a day that is over, so that it holds now"
    )


def test_nor_when_they_are_asked_again(cast: Cast) -> None:
    study = open_study(cast.harbour)
    with clock.held_at(clock.now() - dt.timedelta(days=30)):
        say(cast.alice, cast.harbour, study)
    documents.publish(study=study, settings=settings(cast.harbour, why="Because of more."), is_material=True)
    say(cast.alice, cast.harbour, study)
    assert days(of=Participant, answers=[Answer.GIVEN]) == {-30, 0}
    assert days(of=Source, answers=[Answer.GIVEN]) == {-30 + LOT, LOT}


@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE])
def test_nor_when_somebody_leaves(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    assert days(of=Participant, answers=[Answer.WITHDRAWN]) == {0}
    assert days(of=Source, answers=[Answer.WITHDRAWN]) == {-LOT}
    assert Source.objects.get().until == clock.today() - dt.timedelta(days=LOT)


def test_a_day_goes_on_record_only_when_nothing_can_be_dated_back_to_it(cast: Cast) -> None:
    study = open_study(cast.harbour)
    with clock.held_at(clock.now() - dt.timedelta(days=20)):
        say(cast.alice, cast.harbour, study)
    consent.put_on_record()
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.STOP, key_of=cast.alice.keyed)
    consent.put_on_record()
    assert AuditEntry.objects.filter(act=consent.ACT).count() == 1, (
        "leaving is not told by an entry of its own day"
    )


@pytest.mark.parametrize("day", range(7))
def test_the_record_does_not_tell_on_which_day_somebody_left(cast: Cast, day: int) -> None:
    """Whoever counts what it holds each day sees it grow on the same Monday, whichever day of the week it was."""
    study, monday = open_study(cast.harbour), clock.now() + dt.timedelta(days=7 - clock.today().weekday())
    say(cast.alice, cast.harbour, study)
    with clock.held_at(monday + dt.timedelta(days=day)):
        departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.STOP, key_of=cast.alice.keyed)
    grew = []
    for later in range(day + 1, 30):
        before = AuditEntry.objects.filter(act=consent.ACT).count()
        with clock.held_at(monday + dt.timedelta(days=later)):
            consent.put_on_record()
        grew += [later] * (AuditEntry.objects.filter(act=consent.ACT).count() > before)
    assert grew in ([14], [7, 14]), "what was dated back, with the week before; and the rest"


@pytest.mark.parametrize("scope", [Scope.EXCLUDE, Scope.DELETE])
def test_numbers_to_take_out_do_not_come_up_together(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study)
    departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    assert own.participant and own.source
    since = dict(Recall.objects.values_list("pid", "since"))
    messages = clock.today() + dt.timedelta(days=1 + LOT)  # tomorrow at the earliest
    assert since == {own.source.pid: messages, own.participant.pid: messages + dt.timedelta(days=1)}
    desk = mock.Mock(spec=Desk, study=study)
    with mock.patch("research.selectors.leavers.require"):
        assert not leavers.leavers(desk=desk).recalls
        with clock.held_at(clock.now() + dt.timedelta(days=1 + LOT)):
            assert [*leavers.leavers(desk=desk).recalls] == [own.source.pid]
        with clock.held_at(clock.now() + dt.timedelta(days=2 + LOT)):
            assert len(leavers.leavers(desk=desk).recalls) == 2


def test_two_days_are_never_one() -> None:
    for drawn in itertools.product(range(consent.DAYS_BY_LOT), range(consent.DAYS_BY_LOT - 1)):
        with mock.patch("research.actions.departing.secrets.randbelow", side_effect=drawn):
            days = departing._two_days()
        last = clock.today() + dt.timedelta(days=consent.DAYS_BY_LOT)
        assert days[0] != days[1] and all(clock.today() < day <= last for day in days)


# --- what stays done --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("scope", "then"), [(Scope.STOP, Part.STOPPED), (Scope.EXCLUDE, Part.EXCLUDED)])
def test_an_older_copy_does_not_take_back_that_somebody_left(cast: Cast, scope: Scope, then: Part) -> None:
    from core import ledger

    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    say(cast.bob, cast.harbour, study)
    noted: list[tuple[str, str]] = []
    with mock.patch("core.ledger.note", side_effect=lambda *, kind, ref: noted.append((kind, ref))):
        departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    Participant.objects.update(part=Part.IN, left_on=None)  # as the copy has it
    Source.objects.update(part=Part.IN, until=None)
    Recall.objects.all().delete()
    assert len(noted) == 2
    for kind, ref in noted:
        assert ref in set(ledger._kinds[kind].refs())
        ledger._kinds[kind].erase(ref)
        assert ref not in set(ledger._kinds[kind].refs())
    own = part(cast.alice, cast.harbour, study)
    assert own.participant and own.source and own.participant.part == own.source.part == then
    assert Recall.objects.count() == (2 if scope == Scope.EXCLUDE else 0)
    assert part(cast.bob, cast.harbour, study).takes_part


@pytest.mark.parametrize("model", [Participant, Source])
def test_an_erasure_holds_its_study_before_it_takes_anything(
    cast: Cast, model: type[Participant | Source]
) -> None:
    """An answer, or a new document, that comes meanwhile waits: else it would bring back what was erased."""
    say(cast.alice, cast.harbour, open_study(cast.harbour))
    forget = partial(departing.forget, model)
    with CaptureQueriesContext(connection) as asked:
        forget(str(model._default_manager.get().pk))
    texts = [query["sql"] for query in asked]
    held = next(nth for nth, text in enumerate(texts) if text.startswith('UPDATE "research_study"'))
    assert all(held < nth for nth, text in enumerate(texts) if text.startswith("DELETE"))


def test_studies_are_held_in_one_order_by_whoever_leaves(cast: Cast) -> None:
    for _turn in range(4):
        say(cast.alice, cast.harbour, open_study(cast.harbour), {Item.SURVEYS: True})
    held: list[str] = []
    with mock.patch(
        "research.actions.departing.leave", side_effect=lambda **given: held.append(given["sid"])
    ):
        departing.leave_all(group=cast.harbour, key_of=cast.alice.keyed)
    assert held == sorted(Study.objects.values_list("public_id", flat=True))
