"""Roles: given and taken by the lead; without a second factor they are words."""

from __future__ import annotations

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from community.actions import roles as actions
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Member, Shift
from tests.people import Cast, make_cast


def _page(cast: Cast) -> str:
    return f"/g/{cast.harbour.public_id}/roles/"


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "barred", "ned", "olga", "nobody"])
def test_people_without_a_role_here_see_no_page(cast: Cast, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(_page(cast)).status_code == 404
    assert client.post(_page(cast), {"handle": "Grey Heron", "role": "lead"}).status_code == 404


@pytest.mark.parametrize("who", ["mona", "weak"])
def test_a_moderator_gives_no_role(cast: Cast, who: str) -> None:
    cast.people[who].client.post(_page(cast), {"handle": "Grey Heron", "role": "moderator"})
    assert cast.alice.member(cast.harbour).role == Role.MEMBER
    with pytest.raises(NotHere):
        actions.give_role(here=getattr(cast, who).here(cast.harbour), handle="Grey Heron", role=Role.LEAD)


def test_a_lead_without_a_second_factor_has_no_power(cast: Cast) -> None:
    cast.lead.strong = False
    with pytest.raises(NotHere):
        actions.give_role(here=cast.lead.here(cast.harbour), handle="Grey Heron", role=Role.LEAD)


def test_a_moderator_is_said_to_decide_on_reports(cast: Cast) -> None:
    assert "A moderator decides on reports" in cast.mona.client.get(_page(cast)).content.decode()


def test_a_role_that_sleeps_says_what_to_do(cast: Cast) -> None:
    page = cast.weak.client.get(_page(cast)).content.decode()
    assert "You are a moderator here." in page
    assert "/account/second-step/" in page
    assert "Grey Heron" not in page


def test_the_team_sees_who_does_what_and_no_form(cast: Cast) -> None:
    page = cast.mona.client.get(_page(cast)).content.decode()
    assert "Broad Field" in page
    assert "Grey Heron" not in page
    assert 'name="handle"' not in page


def test_who_puts_their_name_down_does_not_keep_the_role_by_that(cast: Cast) -> None:
    cast.mona.client.post(f"/g/{cast.harbour.public_id}/name/stop/")
    page = cast.lead.client.get(_page(cast)).content.decode()
    assert "No name here yet" in page
    ref = re.search(r'name="holder" value="(\w+)"', page)[1]
    for who in (cast.ned, cast.olga, cast.alice):
        assert who.client.post(_page(cast), {"holder": ref, "role": "member"}).status_code == 404
    assert cast.lead.client.post(_page(cast), {"holder": "0" * 20, "role": "member"}).status_code == 422
    assert cast.mona.member(cast.harbour).role == Role.MODERATOR
    assert cast.lead.client.post(_page(cast), {"holder": ref, "role": "member"}).status_code == 302
    assert cast.mona.member(cast.harbour).role == Role.MEMBER


@pytest.mark.parametrize("role", [Role.PEER_LEADER, Role.MODERATOR, Role.RESEARCHER, Role.LEAD])
def test_a_lead_gives_and_takes_a_role_by_name(cast: Cast, role: Role) -> None:
    assert cast.lead.client.post(_page(cast), {"handle": "grey heron", "role": role}).status_code == 302
    assert cast.alice.member(cast.harbour).role == role
    assert cast.alice.member(cast.meadow).role == Role.MEMBER
    assert not cast.alice.here(cast.harbour).is_team
    cast.lead.client.post(_page(cast), {"handle": "Grey Heron", "role": "member"})
    assert cast.alice.member(cast.harbour).role == Role.MEMBER


def test_a_name_of_another_group_is_nobody_here(cast: Cast) -> None:
    for handle in ("High Stone", "Plain Fern", "Nobody Here"):
        response = cast.lead.client.post(_page(cast), {"handle": handle, "role": "moderator"})
        assert response.status_code == 422
        assert "Nobody here has that name" in response.content.decode()
    assert cast.ned.member(cast.meadow).role == Role.MODERATOR


def test_a_group_keeps_its_last_lead(cast: Cast) -> None:
    with pytest.raises(MayNot):
        actions.give_role(here=cast.lead.here(cast.harbour), handle="Broad Field", role=Role.MEMBER)
    assert cast.lead.member(cast.harbour).role == Role.LEAD
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Grey Heron", role=Role.LEAD)
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Broad Field", role=Role.MEMBER)
    assert cast.lead.member(cast.harbour).role == Role.MEMBER


def test_one_who_lost_the_role_meanwhile_gives_none(cast: Cast) -> None:
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Clear Brook", role=Role.LEAD)
    before = cast.mona.here(cast.harbour)
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Clear Brook", role=Role.MEMBER)
    with pytest.raises(NotHere):
        actions.give_role(here=before, handle="Broad Field", role=Role.MEMBER)
    with pytest.raises(NotHere):
        actions.give_role(here=before, handle="Grey Heron", role=Role.MODERATOR)
    assert cast.lead.member(cast.harbour).role == Role.LEAD
    assert cast.alice.member(cast.harbour).role == Role.MEMBER


def test_the_group_is_locked_before_anything_is_looked_at(cast: Cast) -> None:
    here = cast.lead.here(cast.harbour)
    with CaptureQueriesContext(connection) as seen:
        actions.give_role(here=here, handle="Grey Heron", role=Role.MODERATOR)
    first = next(query["sql"] for query in seen if not query["sql"].startswith(("SAVEPOINT", "BEGIN")))
    assert first.startswith('UPDATE "community_group"')


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_demote_each_other_leave_one_lead() -> None:
    cast = make_cast()
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Clear Brook", role=Role.LEAD)
    leads = [(cast.lead.here(cast.harbour), "Clear Brook"), (cast.mona.here(cast.harbour), "Broad Field")]
    gate, refused = threading.Barrier(2), []

    def demote(here, other: str) -> None:
        gate.wait()
        try:
            actions.give_role(here=here, handle=other, role=Role.MEMBER)
        except (NotHere, MayNot):
            refused.append(other)
        finally:
            connection.close()

    threads = [threading.Thread(target=demote, args=pair) for pair in leads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert Member.objects.filter(group=cast.harbour, role=Role.LEAD).count() == 1


def test_who_leaves_the_team_leaves_the_rota(cast: Cast) -> None:
    member = cast.mona.member(cast.harbour)
    Shift.objects.create(group=cast.harbour, member=member, weekday=0, starts=dt.time(18), ends=dt.time(22))
    actions.give_role(here=cast.lead.here(cast.harbour), handle="Clear Brook", role=Role.PEER_LEADER)
    assert not member.shifts.exists()


def test_a_holder_that_no_page_could_name_is_nobody(cast: Cast) -> None:
    answer = cast.lead.client.post(_page(cast), {"handle": "", "role": "member", "holder": "é"})
    assert "They hold no role here any more." in answer.content.decode()
