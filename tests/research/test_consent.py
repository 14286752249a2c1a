"""Saying yes and no: refusals first, then what is kept, changed, asked again and undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from community.errors import MayNot, NotHere
from community.models import Member
from core import clock
from core.registries import holdings
from core.registries.holdings import Owner
from research.actions import consent, departing, documents
from research.enums import Agreement, Answer, Item, Part, Scope, StudyState
from research.models import (
    Allocation,
    ConsentDocument,
    ConsentEvent,
    Departure,
    Participant,
    Recall,
    Source,
    Study,
    StudyGroup,
)
from research.selectors import consent as reading
from tests.people import Cast, Person
from tests.research.consenting import ARMS, open_study, part, say, settings

pytestmark = pytest.mark.django_db
SURVEYS = {Item.SURVEYS: True}
MESSAGES = {Item.POSTS: True}


def rows_of(model: type[Participant | Source]) -> list[dict[str, object]]:
    return list(model._default_manager.values())


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["barred", "ned", "olga"])
def test_who_is_not_here_cannot_answer(cast: Cast, who: str) -> None:
    study = open_study(cast.harbour)
    person = getattr(cast, who)
    with pytest.raises(NotHere):
        say(person, cast.harbour, study)
    assert not Participant.objects.exists() and not ConsentEvent.objects.exists()


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "mona", "weak", "lead"])
def test_everyone_who_is_here_can(cast: Cast, who: str) -> None:
    assert say(getattr(cast, who), cast.harbour, open_study(cast.harbour)).takes_part


def test_a_study_of_another_group_is_not_there(cast: Cast) -> None:
    study = open_study(cast.meadow)
    with pytest.raises(NotHere):
        part(cast.bob, cast.harbour, study)


def test_who_takes_part_finds_their_part_though_the_group_is_asked_again(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    StudyGroup.objects.update(state=Agreement.ASKED)
    assert part(cast.alice, cast.harbour, study).takes_part
    with pytest.raises(MayNot, match="stopped"):
        say(cast.alice, cast.harbour, study, {})
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.STOP, key_of=cast.alice.keyed)


@pytest.mark.parametrize("state", [state for state in Agreement if state != Agreement.AGREED])
def test_a_group_that_did_not_agree_is_not_asked(cast: Cast, state: Agreement) -> None:
    study = open_study(cast.harbour)
    StudyGroup.objects.update(state=state)
    with pytest.raises(NotHere):
        part(cast.alice, cast.harbour, study)


@pytest.mark.parametrize(
    "now",
    [
        {"is_paused": True},
        {"state": StudyState.RUNNING},
        {"state": StudyState.CLOSED},
    ],
)
def test_nobody_new_while_it_does_not_take_people(cast: Cast, now: dict[str, object]) -> None:
    study = open_study(cast.harbour)
    Study.objects.update(**now)
    with pytest.raises(MayNot):
        say(cast.alice, cast.harbour, study)
    assert not Participant.objects.exists()


def test_what_was_read_must_be_what_holds(cast: Cast) -> None:
    study = open_study(cast.harbour)
    with pytest.raises(MayNot, match="changed"):
        say(cast.alice, cast.harbour, study, version=0)


def test_each_item_is_answered(cast: Cast) -> None:
    study = open_study(cast.harbour)
    with pytest.raises(MayNot, match="each"):
        consent.answer(
            here=cast.alice.here(cast.harbour),
            sid=study.public_id,
            said=SURVEYS,
            version=1,
            key_of=cast.alice.keyed,
        )


def test_nothing_is_put_together_without_both(cast: Cast) -> None:
    study = open_study(cast.harbour)
    with pytest.raises(MayNot, match="both"):
        say(cast.alice, cast.harbour, study, {Item.SURVEYS: True, Item.LINK: True})


def test_answers_are_only_added_to(cast: Cast) -> None:
    say(cast.alice, cast.harbour, open_study(cast.harbour))
    for rows, change in (
        (ConsentEvent.objects, {"answer": "given", "nth": 99}),
        (ConsentDocument.objects, {"version": 9}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


# --- what is kept ---------------------------------------------------------------------------------------------------
def test_no_answers_row_names_a_member_and_the_two_ids_differ(cast: Cast) -> None:
    own = say(cast.alice, cast.harbour, open_study(cast.harbour))
    assert own.participant and own.source
    fields = {field.name for field in Participant._meta.get_fields()}
    assert "member" not in fields and "persona" not in fields
    assert own.participant.pid != own.source.pid and own.source.participant is None
    assert bytes(own.participant.key) != bytes(own.source.key)


def test_only_with_leave_are_both_put_together(cast: Cast) -> None:
    study = open_study(cast.harbour)
    own = say(cast.alice, cast.harbour, study, {Item.SURVEYS: True, Item.POSTS: True, Item.LINK: True})
    assert own.source and own.source.participant == own.participant
    own = say(cast.alice, cast.harbour, study, {Item.SURVEYS: True, Item.POSTS: True})
    assert own.source and own.source.participant is None


def test_the_two_parts_do_not_begin_on_one_day(cast: Cast) -> None:
    """By lot, within a week: over a hundred people the days spread, and no yes about messages holds before its day."""
    study = open_study(cast.harbour)
    ahead = set()
    for _turn in range(40):
        own = say(cast.alice, cast.harbour, study)
        assert own.source is not None
        ahead.add((own.source.since - clock.today()).days)
        given = ConsentEvent.objects.get(key=own.source.key, item=Item.POSTS)
        assert given.on_day == own.source.since
        departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.DELETE, key_of=cast.alice.keyed)
    assert len(ahead) > 3 and min(ahead) >= 0 and max(ahead) < 7


def test_no_to_all_leaves_nothing_that_names_a_member(cast: Cast) -> None:
    own = say(cast.alice, cast.harbour, open_study(cast.harbour), {})
    assert own.participant and own.participant.part == Part.REFUSED and not Source.objects.exists()
    assert {event.answer for event in ConsentEvent.objects.all()} == {Answer.REFUSED}
    kept = {Item.SURVEYS, Item.LINK, Item.ALIAS_POSTS}  # these need no row that ties a member
    assert {event.item for event in ConsentEvent.objects.all()} == kept


def test_one_person_in_two_groups_is_two(cast: Cast) -> None:
    study = open_study(cast.harbour, cast.meadow)
    here, there = say(cast.alice, cast.harbour, study), say(cast.alice, cast.meadow, study)
    assert here.participant and there.participant and here.participant.pid != there.participant.pid
    joined = open_study(cast.harbour, cast.meadow, joins=True)
    here, there = say(cast.alice, cast.harbour, joined), say(cast.alice, cast.meadow, joined)
    assert here.participant and there.participant and here.participant.pid == there.participant.pid
    assert here.document.body["joins"]


def test_a_second_tab_changes_nothing(cast: Cast) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    say(cast.alice, cast.harbour, study)
    say(cast.alice, cast.harbour, study)
    assert Participant.objects.count() == Source.objects.count() == Allocation.objects.count() == 1
    assert ConsentEvent.objects.count() == len(part(cast.alice, cast.harbour, study).document.body["items"])


# --- asked again ----------------------------------------------------------------------------------------------------
def test_a_change_that_matters_is_asked_again(cast: Cast) -> None:
    study = open_study(cast.harbour)
    first = say(cast.alice, cast.harbour, study).document
    documents.publish(study=study, settings=settings(cast.harbour, why="Because of more."), is_material=True)
    own = part(cast.alice, cast.harbour, study)
    assert own.is_to_be_asked_again and not own.says_yes(Item.SURVEYS)
    assert own.participant
    events = reading.events(key=bytes(own.participant.key))
    today = clock.today()
    assert not reading.covers(events=events, item=Item.SURVEYS, on_day=today, digests=[own.document.digest])
    say(cast.alice, cast.harbour, study)
    events = reading.events(key=bytes(own.participant.key))
    assert reading.covers(events=events, item=Item.SURVEYS, on_day=today, digests=[own.document.digest])
    assert not reading.covers(events=events, item=Item.SURVEYS, on_day=today, digests=[first.digest])


def test_a_change_that_does_not_matter_is_not(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    documents.publish(study=study, settings=settings(cast.harbour, why="A comma, more."), is_material=False)
    assert not part(cast.alice, cast.harbour, study).is_to_be_asked_again


# --- the record -----------------------------------------------------------------------------------------------------
def test_what_was_answered_goes_on_record_once_its_week_is_over(cast: Cast) -> None:
    study = open_study(cast.harbour)
    for who in (cast.alice, cast.bob, cast.lena):
        say(who, cast.harbour, study, SURVEYS)
    consent.put_on_record()
    assert not AuditEntry.objects.filter(act=consent.ACT).exists()
    with clock.held_at(clock.now() + dt.timedelta(days=2 * consent.DAYS_BY_LOT)):
        consent.put_on_record()
        consent.put_on_record()
    (entry,) = AuditEntry.objects.filter(act=consent.ACT)
    known = reading.on_record(study=study, act=consent.ACT)
    assert known == {reading.fingerprint(event) for event in ConsentEvent.objects.select_related("document")}
    assert (
        entry.ref == "" and len(known) == 9
    )  # answers, one-thread names and putting together, of three people


# --- leaving --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", list(Scope))
def test_leaving_holds_at_once(cast: Cast, scope: Scope) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    own = say(cast.alice, cast.harbour, study)
    say(cast.bob, cast.harbour, study)
    before = Member.objects.get(owner_tag=cast.alice.tag(cast.harbour))
    departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    assert Member.objects.get(pk=before.pk).role == before.role
    now = part(cast.alice, cast.harbour, study)
    assert not now.takes_part and not any(now.says_yes(item) for item in Item)
    assert own.participant and own.source
    (left,) = Departure.objects.all()
    assert left.scope == scope and left.arm == own.participant.arm
    recalled = set(Recall.objects.values_list("pid", flat=True))
    assert recalled == (set() if scope == Scope.STOP else {own.participant.pid, own.source.pid})
    if scope == Scope.DELETE:
        assert now.participant is None and now.source is None
        assert not ConsentEvent.objects.filter(key__in=[own.participant.key, own.source.key]).exists()
        assert Allocation.objects.filter(key=None).count() == 1
    else:
        assert now.participant and now.participant.part == (
            Part.STOPPED if scope == Scope.STOP else Part.EXCLUDED
        )
        with pytest.raises(MayNot, match="come back"):
            say(cast.alice, cast.harbour, study)
    assert part(cast.bob, cast.harbour, study).takes_part


@pytest.mark.parametrize("who", ["bob", "olga", "ned"])
def test_nobody_leaves_for_somebody_else(cast: Cast, who: str) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    with pytest.raises(NotHere):
        departing.leave(
            group=cast.harbour, sid=study.public_id, scope=Scope.DELETE, key_of=getattr(cast, who).keyed
        )
    assert part(cast.alice, cast.harbour, study).takes_part


@pytest.mark.parametrize("now", [{"is_paused": True}, {"state": StudyState.CLOSED}])
def test_one_can_leave_whatever_state_it_is_in(cast: Cast, now: dict[str, object]) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    Study.objects.update(**now)
    departing.leave(group=cast.harbour, sid=study.public_id, scope=Scope.DELETE, key_of=cast.alice.keyed)
    assert not Participant.objects.exists()


def test_who_stopped_can_still_have_it_deleted(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    for scope in (Scope.STOP, Scope.DELETE):
        departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=cast.alice.keyed)
    assert not Participant.objects.exists() and Departure.objects.count() == 1


# --- taking it out, and erasing it with the rest --------------------------------------------------------------------
def owner(who: Person, cast: Cast) -> Owner:
    return Owner(group=cast.harbour.public_id, tag=who.tag(cast.harbour), key=who.keyed)


def test_a_copy_holds_what_one_said(cast: Cast) -> None:
    own = say(cast.alice, cast.harbour, open_study(cast.harbour))
    held = {holding.model: holding for holding in holdings.holdings()}
    assert own.participant
    (row, *_) = held[Participant].export(owner(cast.alice, cast))
    assert row["your number in it"] == own.participant.pid
    assert len(list(held[ConsentEvent].export(owner(cast.alice, cast)))) == len(own.said)
    assert not list(held[Participant].export(owner(cast.bob, cast)))


def test_an_erasure_takes_both_parts_each_at_its_own_moment(cast: Cast) -> None:
    say(cast.alice, cast.harbour, open_study(cast.harbour))
    say(cast.bob, cast.harbour, Study.objects.get())
    held = {holding.model: holding for holding in holdings.holdings()}
    for model in (Participant, Source):
        apart = held[model].erase
        assert isinstance(apart, holdings.Apart)
        (ref,) = apart.refs(owner(cast.alice, cast))
        apart.erase(ref)
        assert model._default_manager.count() == 1
    assert ConsentEvent.objects.exclude(key__in=[
        key for model in (Participant, Source) for key in model._default_manager.values_list("key", flat=True)
    ]).count() == 0  # fmt: skip
