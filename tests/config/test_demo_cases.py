"""What waits for the demo's moderators, what they decided, and the door that leads to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from chat.models import Thread
from community.errors import NotHere
from community.models import Group, Member
from community.selectors import here as places
from config.demo import cases, cast, content, load
from core import clock, sealing
from moderation import parties
from moderation.actions import claims, earlier
from moderation.enums import Act, CaseKind, CaseState, Measure, Reason
from moderation.errors import Conflict
from moderation.models import Appeal, Case, Decision, Fold, GroupCare, Strike
from moderation.policies import Judge, judge_of
from moderation.selectors import cases as found_cases
from moderation.selectors import notices, record
from moderation.selectors import worries as reading
from tests import limits

KNOWN = {"Cedar Drum": "demo-moderator", "Patient Otter": "demo-moderator-2", "Grey Willow": "demo-member"}


@pytest.fixture
def carers(ring, db, settings) -> Group:
    settings.KITH_KEY_RING = ring
    return Group.objects.get(name="Dementia carers")


def tag_of(handle: str, group: Group) -> bytes:
    return bytes(Member.objects.get(personas__handle=handle, group=group).owner_tag)


def judge(handle: str, group: Group) -> Judge:
    return judge_of(places.find(owner_tag=tag_of(handle, group), strong=True))


def test_a_guess_is_folded_by_the_person_it_is_about(ring, db, settings) -> None:
    settings.KITH_KEY_RING = ring
    (fold,) = Fold.objects.select_related("case__group")
    assert fold.case.group.name == content.names()["teachers"] and fold.case.reason == Reason.GIVES_AWAY
    assert "behind the station" in fold.case.text and fold.until > clock.now()
    secret = cast.secret_in("teachers", "Distant Bell")
    assert bytes(fold.key) == sealing.tag(key=secret, parts=("fold", fold.case.group.public_id))


def test_eight_wait_and_nobody_gets_the_one_about_themselves(carers) -> None:
    one, other = judge("Mossy Ledger", carers), judge("Steady Finch", carers)
    seen, all_eight = found_cases.waiting(judge=one), found_cases.waiting(judge=other)
    assert len(all_eight) == 8 and len(seen) == 7
    (own,) = {case.public_id for case in all_eight} - {case.public_id for case in seen}
    with pytest.raises(NotHere):
        found_cases.find(judge=one, public_id=own)
    assert all_eight[0].reason == Reason.WORRIED and "grabbed her arm" in all_eight[0].text
    assert sorted(case.reports.count() for case in all_eight) == [1, 1, 1, 1, 1, 1, 2, 3]
    assert "leave that one to me" in GroupCare.objects.get(group=carers).handover


def test_somebody_is_to_be_looked_in_on_again_by_now(carers) -> None:
    case = Case.objects.get(group=carers, text__startswith="My wife waits for her father.")
    assert case.state == CaseState.OPEN and not reading.rests(reading.of(case)) and case.holder is None
    assert case.since.date() == clock.this_hour().date(), "it waits again since now"
    theirs = notices.of(group=carers, owner_tag=tag_of("Old Compass", carers))
    assert "I will look in again in three days." in theirs[0].message
    assert case in found_cases.waiting(judge=judge("Mossy Ledger", carers))


@pytest.mark.urls("tests.config.demos")
def test_demo_member_finds_help_above_their_own_talk_and_others_do_not(ring, db, settings) -> None:
    settings.KITH_KEY_RING = ring
    thread = Thread.objects.get(title="I don't feel what I thought I would")
    client = Client()
    client.post("/demo/member/")
    page = client.get(f"/g/{thread.group.public_id}/t/{thread.public_id}/").content.decode()
    assert 'id="care"' in page and "Only you see this." in page
    assert "It is on the team&#x27;s list." in page
    other = reading.in_talk(
        group=thread.group, place=thread.public_id, owner_tag=tag_of("Lunar Biscuit", thread.group)
    )
    assert other.own is None


def test_the_one_who_was_unkind_had_one_problem_before(carers) -> None:
    case = Case.objects.get(group=carers, state="open", reports__note="My brother reads here.")
    assert case.reports.count() == 3
    key = earlier.key_for(case=case, author=parties.author_of(ref=case.public_id, sealed=case.sealed_author))
    assert Strike.objects.filter(key=key, fades_on__gt=clock.today()).count() == 1


def test_the_colleagues_case_stays_theirs_while_the_demo_runs(carers) -> None:
    case = Case.objects.get(group=carers, holder__isnull=False)
    fence = case.fence
    in_an_hour = clock.now() + dt.timedelta(hours=1)
    with clock.held_at(in_an_hour - dt.timedelta(minutes=55)):
        cases.hold_on()
    case.refresh_from_db()
    assert case.fence == fence
    one = judge("Mossy Ledger", carers)
    with clock.held_at(in_an_hour - dt.timedelta(minutes=50)), pytest.raises(Conflict, match="Someone else"):
        claims.claim(judge=one, case=case)


def test_a_claim_that_ended_while_the_demo_was_off_is_taken_again(carers) -> None:
    case = Case.objects.get(group=carers, holder__isnull=False)
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        cases.hold_on()
        case.refresh_from_db()
        assert case.lease_until > clock.now()


def test_what_was_given_back_or_taken_by_a_visitor_stays_so(carers) -> None:
    case = Case.objects.get(group=carers, holder__isnull=False)
    one, other = judge("Mossy Ledger", carers), judge("Steady Finch", carers)
    claims.release(judge=other, case=case)
    cases.hold_on()
    case.refresh_from_db()
    assert case.holder is None
    claims.claim(judge=one, case=case)
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        cases.hold_on()
    case.refresh_from_db()
    assert bytes(case.holder) == one.key_in(case.public_id)


def test_only_one_person_may_give_the_other_look(carers) -> None:
    appeal = Appeal.objects.get()
    assert {handle: cast.PLAYED["bipolar", handle] for handle in KNOWN} == KNOWN
    assert appeal.decision.rule_code == "doses" and appeal.case.kind == CaseKind.APPEAL
    assert appeal.case.since.date() == clock.today() - dt.timedelta(days=2)
    assert appeal.case in found_cases.waiting(judge=judge("Cedar Drum", appeal.case.group))
    assert appeal.case not in found_cases.waiting(judge=judge("Patient Otter", appeal.case.group))
    theirs = notices.of(group=appeal.case.group, owner_tag=tag_of("Grey Willow", appeal.case.group))
    assert [notice.decision for notice in theirs] == [appeal.decision]


def test_the_record_tells_of_decisions_and_one_was_looked_at_twice(carers) -> None:
    found = record.entries(scope=carers.public_id, before=clock.this_month())
    assert [(batch.measure, batch.count) for batch in record.batches(found)] == [(Measure.MESSAGE, (5, 9))]
    assert record.quarters(found)
    hard = Decision.objects.get(act=Act.BAN)
    assert hard.again_on <= hard.looked_again_on


@pytest.mark.parametrize("day", ["2027-03-01", "2027-03-31", "2027-05-31", "2028-02-29", "2027-01-01"])
def test_it_does_so_on_every_day_of_the_year(day) -> None:
    """Whole months ago: never in this month, and after the group's first promise."""
    with clock.held_at(dt.datetime.fromisoformat(f"{day}T00:10:00+00:00")):
        months = {3: set(), 1: set()}
        for said in cases.tables()["dementia"]["cases"]:
            if "months_ago" in said:
                moment = content.moment_of(said)
                months[said["months_ago"]].add(moment.date().replace(day=1))
                assert clock.now() - dt.timedelta(days=130) < moment
                assert moment.date() < clock.this_month()
        assert all(len(found) == 1 for found in months.values()) and months[3] != months[1]


def test_the_member_has_a_note_from_the_team(carers) -> None:
    (note,) = notices.of(group=carers, owner_tag=tag_of("Quiet Lantern", carers))
    assert note.decision.act == Act.NOTE and not note.is_read


def test_a_demo_of_an_earlier_kith_is_kept_and_says_how_to_start_afresh(carers) -> None:
    said: list[str] = []
    load.load(say=said.append)
    assert not said
    Appeal.objects.all().delete()
    Decision.objects.all().delete()
    Case.objects.all().delete()
    load.load(say=said.append)
    assert said == [load.OLDER] and not Case.objects.exists()


# --- the door -------------------------------------------------------------------------------------------------------
@pytest.mark.urls("tests.config.demos")
def test_the_door_leads_through_the_second_step_to_the_team(carers) -> None:
    client = Client()
    page = client.get("/demo/").content.decode()
    assert "Look around as a volunteer moderator" in page
    client.post("/demo/member/")
    for _ in range(2):  # again within half a minute, and from another sign-in: another code
        went = client.post(f"/demo/moderator/?next=/g/{carers.public_id}/")
        assert (went.status_code, went["Location"]) == (302, f"/g/{carers.public_id}/")
        methods = [one["method"] for one in client.session["account_authentication_methods"]]
        assert methods == ["password", "mfa"]


@pytest.mark.urls("tests.config.demos")
def test_the_door_opens_for_no_wrong_code(carers, monkeypatch) -> None:
    limits.forget_all()
    monkeypatch.setattr(cast, "TOTP_SECRET", "KITHELSEKITHELSEKITHELSEKITHELSE")
    client = Client()
    answer = client.post(f"/demo/moderator/?next=/g/{carers.public_id}/")
    assert answer.status_code == 422 and "_auth_user_id" not in client.session


@pytest.mark.urls("tests.config.demos")
@pytest.mark.parametrize("way", ["member", "moderator", "researcher"])
def test_a_door_is_no_link(way) -> None:
    assert Client().get(f"/demo/{way}/").status_code == 405
