"""What the group's record says of the promise, of how names work, and of who asked to come in: that, and nobody's name
or words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from audit.models import AuditEntry
from community.actions import joining, names
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import AnonymityPolicy, JoinRequest, Member, Standing
from community.policies import Outside
from core import clock
from tests.community.test_charters import _publish as publish_promise
from tests.community.test_names_policy import HOURS
from tests.community.test_names_policy import publish as publish_names
from tests.people import Cast

pytestmark = pytest.mark.django_db
NOVEMBER = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def _acts(cast: Cast) -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.filter(chain__scope=cast.harbour.public_id).order_by("seq")
    return list(rows.values_list("act", "actor_role", "ref"))


def _ask(cast: Cast) -> str:
    place, tag = Outside(group=cast.harbour, signed_in=True), cast.olga.tag(cast.harbour)
    joining.ask(place=place, owner_tag=tag, version=1, answer="We have two boats.")
    return str(JoinRequest.objects.get().public_id)


def test_a_new_promise_and_another_way_of_names_stand_on_the_record(cast: Cast) -> None:
    publish_promise(cast)
    publish_names(cast)
    assert _acts(cast) == [("changed promise", "group lead", "2"), ("changed names", "group lead", "1")]


def test_what_was_refused_does_not(cast: Cast) -> None:
    with pytest.raises(MayNot):
        publish_promise(cast, base=7)
    publish_names(cast)
    with pytest.raises(MayNot):
        publish_names(cast)
    assert len(_acts(cast)) == 1


def test_a_lead_who_lost_the_role_meanwhile_changes_no_names(cast: Cast) -> None:
    here = cast.lead.here(cast.harbour)
    Member.objects.filter(pk=here.member.pk).update(role=Role.MEMBER)
    with pytest.raises(NotHere):
        names.publish_names(here=here, policy=HOURS, name="Hours", base_version=0)
    assert not AnonymityPolicy.objects.exists() and not _acts(cast)


def test_answers_to_who_asked_stand_there_without_whom(cast: Cast) -> None:
    here = cast.mona.here(cast.harbour)
    joining.decline_request(here=here, request_id=_ask(cast), note="The boat is full.")
    JoinRequest.objects.all().delete()
    joining.accept_request(here=here, request_id=_ask(cast))
    assert _acts(cast) == [
        ("request declined", "moderation team", ""),
        ("request accepted", "moderation team", ""),
    ]
    words = AuditEntry.objects.values_list("kept__payload", flat=True)
    assert set(words) == {"{}"}


def test_who_stays_outside_leaves_no_entry(cast: Cast) -> None:
    request_id = _ask(cast)
    Standing.objects.create(
        group=cast.harbour, owner_tag=cast.olga.tag(cast.harbour), may_read=False, may_post=False
    )
    with pytest.raises(MayNot):
        joining.accept_request(here=cast.mona.here(cast.harbour), request_id=request_id)
    assert not _acts(cast)


def test_everybody_reads_it_in_rough_counts_once_the_quarter_is_over(cast: Cast) -> None:
    with clock.held_at(dt.datetime(2026, 8, 3, 12, tzinfo=dt.UTC)):
        publish_names(cast)
        for _ in range(5):
            joining.accept_request(here=cast.mona.here(cast.harbour), request_id=_ask(cast))
            Member.objects.filter(owner_tag=cast.olga.tag(cast.harbour)).delete()
    with clock.held_at(NOVEMBER):
        page = Client().get(f"/g/{cast.harbour.public_id}/record/2026-07-01/").content.decode()
    assert "<td>5 to 9</td>" in page.split("Someone who asked was let in")[1].split("</tr>")[0]
    assert "<td>fewer than five</td>" in page.split("Someone who asked heard: not now")[1].split("</tr>")[0]
    assert "<h2>What holds for everyone here</h2>" in page
