"""Leaving: nothing ties a member to their owner any more, limits still bind, open pages fall silent."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.models import Alias, Mute
from community.actions import leaving
from community.enums import Role
from community.errors import NotHere
from community.models import Badge, JoinRequest, Member, Persona, Shift, Standing, StandingEvent
from core import clock
from core.live import doorbell
from core.registries import holdings
from core.registries.holdings import Owner
from tests.chat.hiding import mute, mutes_key
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, add, make_thread, sign_in

REASON = {"version": "1", "accept": "on"}


def _page(cast: Cast) -> str:
    return f"/g/{cast.harbour.public_id}/leave/"


def test_outsiders_have_nothing_to_leave(cast: Cast) -> None:
    for client in (cast.nobody, cast.olga.client, cast.barred.client, cast.ned.client):
        assert client.get(_page(cast)).status_code == 404
        assert client.post(_page(cast)).status_code == 404


def test_the_page_says_what_happens_and_looking_does_nothing(cast: Cast) -> None:
    page = cast.alice.client.get(_page(cast)).content.decode()
    assert "You can never delete it after this, or undo it." in page
    assert page.index("/leave/delete/") < page.index("Leave, and let it stay"), "deleting is offered first"
    assert "If you come back, you start with a new name" in page
    assert "Some things wait for you: your one-thread names" in page
    assert "Nothing ties it to you" not in page and "someone new" not in page
    assert cast.alice.member(cast.harbour)


def test_one_who_had_no_name_is_not_warned_of_what_they_wrote(cast: Cast) -> None:
    page = cast.lena.client.get(_page(cast)).content.decode()
    assert "never delete" not in page and "Leave the group" in page and "/leave/delete/" in page


def test_leaving_unties_the_member_and_keeps_the_name(cast: Cast) -> None:
    tag, row = cast.alice.tag(cast.harbour), cast.alice.member(cast.harbour).pk
    assert cast.alice.client.post(_page(cast)).headers["Location"] == "/home/"
    assert not Member.objects.filter(owner_tag=tag).exists()
    gone = Member.objects.get(pk=row)
    assert len(gone.owner_tag) == 32
    assert gone.left_month == clock.this_month()
    persona = Persona.objects.get(handle="Grey Heron")
    assert (persona.member_id, persona.is_current) == (row, False)
    with pytest.raises(NotHere):
        cast.alice.here(cast.harbour)
    assert cast.alice.here(cast.meadow)
    held = str(dict(cast.alice.client.session.items()))
    assert "harbour" not in held
    assert cast.harbour.public_id not in held


def test_one_who_only_read_leaves_no_row(cast: Cast) -> None:
    row = cast.lena.member(cast.harbour).pk
    cast.lena.client.post(_page(cast))
    assert not Member.objects.filter(pk=row).exists()


def test_coming_back_is_coming_as_someone_new(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.meadow.public_id}/leave/")
    cast.alice.client.post(f"/g/{cast.meadow.public_id}/join/", REASON)
    member = cast.alice.member(cast.meadow)
    assert not member.personas.exists()
    response = cast.alice.client.post(
        f"/g/{cast.meadow.public_id}/name/", {"own": "Plain Fern", "avatar": "stack-" + "ab" * 16}
    )
    assert response.status_code == 422
    assert Persona.objects.get(handle="Plain Fern").member_id != member.pk


def test_one_thread_names_and_hidden_people_wait_as_the_page_says(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    mute(cast.alice, send(cast.bob, thread))
    cast.alice.client.post(_page(cast))
    add(cast.alice, cast.harbour)
    assert Alias.objects.filter(key=alias_key(cast.alice, thread)).exists()
    assert Mute.objects.filter(key=mutes_key(cast.alice, cast.harbour)).exists()


def test_a_limit_binds_through_leaving(cast: Cast) -> None:
    cast.muted.client.post(_page(cast))
    assert Standing.objects.filter(owner_tag=cast.muted.tag(cast.harbour), may_post=False).exists()
    add(cast.muted, cast.harbour)
    assert not cast.muted.here(cast.harbour).may_post


def test_a_role_badges_and_shifts_go(cast: Cast) -> None:
    member = cast.mona.member(cast.harbour)
    Badge.objects.create(member=member, role="nurse", checked_month="2026-01-01", expires_on="2026-12-01")
    Shift.objects.create(group=cast.harbour, member=member, weekday=0, starts=dt.time(18), ends=dt.time(22))
    cast.mona.client.post(_page(cast))
    member.refresh_from_db()
    assert member.role == Role.MEMBER
    assert not member.badges.exists()
    assert not member.shifts.exists()


def test_open_pages_are_told_after_the_commit(cast: Cast, django_capture_on_commit_callbacks) -> None:
    rings: list[tuple[str, int]] = []
    stop = doorbell.listen(lambda stream, seq: rings.append((stream, seq)))
    tag = cast.alice.tag(cast.harbour)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.forget_member(owner_tag=tag)
    stop()
    event = StandingEvent.objects.get(ref=tag.hex())
    assert rings == [("standings", event.seq)]


def test_forgetting_one_who_is_not_there_is_harmless_and_takes_requests_along(cast: Cast) -> None:
    tag = cast.olga.tag(cast.harbour)
    JoinRequest.objects.create(group=cast.harbour, owner_tag=tag, accepted_version=1)
    leaving.forget_member(owner_tag=tag)
    leaving.forget_member(owner_tag=tag)
    assert not JoinRequest.objects.exists()


def test_erasure_forgets_the_member(cast: Cast) -> None:
    held = next(one for one in holdings.holdings() if one.model is Member)
    held.erase(Owner(group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour)))
    assert not Member.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()


def test_names_of_one_person_in_two_groups_are_not_released_on_one_day(cast: Cast) -> None:
    for group in (cast.harbour, cast.meadow):
        cast.alice.client.post(f"/g/{group.public_id}/leave/")
    for number, handle in enumerate(["Grey Heron", "Plain Fern"]):
        Persona.objects.filter(handle=handle).update(id=1_000 * leaving.SPREAD_DAYS + number * 7)
    days = {}
    for day in range(150, 220):
        with clock.held_at(clock.now() + dt.timedelta(days=day)):
            leaving.release_names()
            for handle in ("Grey Heron", "Plain Fern"):
                if not Persona.objects.filter(handle=handle).exists():
                    days.setdefault(handle, day)
    assert days["Plain Fern"] - days["Grey Heron"] == 7


def test_names_are_released_after_half_a_year_and_say_that_their_owner_left(cast: Cast) -> None:
    cast.alice.client.post(_page(cast))
    leaving.release_names()
    assert Persona.objects.filter(handle="Grey Heron").exists()
    later = (clock.this_month() + dt.timedelta(days=9 * 31 + 1)).replace(day=1)
    with clock.held_at(dt.datetime.combine(later, dt.time(12), dt.UTC)):
        leaving.release_names()
        leaving.release_names()
        assert not Persona.objects.filter(group=cast.harbour, handle="Grey Heron").exists()
        assert Persona.objects.filter(handle=leaving.NAME_OF_THE_GONE).count() == 1
        assert Persona.objects.filter(handle="Calm Otter").exists()
        sign_in(cast.lena.client, cast.lena.account, cast.lena.secret, strong=False)
        response = cast.lena.client.post(
            f"/g/{cast.harbour.public_id}/name/", {"own": "Grey Heron", "avatar": "stack-" + "ab" * 16}
        )
        assert response.status_code == 302


def test_a_lead_goes_only_while_no_other_changes_who_leads(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as seen:
        leaving.forget_member(owner_tag=cast.lead.tag(cast.harbour))
    writes = [query["sql"] for query in seen if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
    assert writes[0].startswith('UPDATE "community_group"')


def test_the_only_lead_is_told_what_is_lost_and_may_still_go(cast: Cast) -> None:
    assert "only lead" in cast.lead.client.get(_page(cast)).content.decode()
    assert "only lead" not in cast.mona.client.get(_page(cast)).content.decode()
    assert cast.lead.client.post(_page(cast)).status_code == 302
