"""A group's front page: what strangers may read, and that a hidden group is like one that never was."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from community.enums import GroupKind, Visibility
from community.models import Badge, Charter, Group, Member, Standing
from community.selectors import groups
from core import clock, ids
from tests.people import Cast, add, make_group, make_person

NEVER = "Never2Existed4"
DOORS = ("about", "join", "ask", "promise", "name", "leave", "requests", "invitations", "roles")


def _look(client: Client, gid: str, page: str) -> tuple[int, bytes, dict[str, str], int]:
    with CaptureQueriesContext(connection) as queries:
        response: HttpResponse = client.get(f"/g/{gid}/{page}/")
    return response.status_code, response.content, dict(response.headers), len(queries)


@pytest.mark.parametrize("page", DOORS)
@pytest.mark.parametrize("who", ["nobody", "olga", "alice", "ned"])
def test_a_hidden_group_answers_like_one_that_never_was(cast: Cast, page: str, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    hidden, missing = _look(client, cast.cellar.public_id, page), _look(client, NEVER, page)
    assert hidden[0] == 404
    assert hidden == missing


def test_one_who_is_barred_from_a_hidden_group_sees_no_more_than_a_stranger(cast: Cast) -> None:
    add(cast.olga, cast.cellar)
    Standing.objects.create(
        group=cast.cellar, owner_tag=cast.olga.tag(cast.cellar), may_read=False, may_post=False
    )
    assert _look(cast.olga.client, cast.cellar.public_id, "about") == _look(cast.olga.client, NEVER, "about")


def test_members_of_a_hidden_group_see_its_front_page(cast: Cast) -> None:
    add(cast.olga, cast.cellar)
    page = cast.olga.client.get(f"/g/{cast.cellar.public_id}/about/")
    assert page.status_code == 200
    assert "With a code" in page.content.decode()


def test_strangers_read_the_promise_and_no_member(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(
        for_whom="People by the sea", research_policy="No studies for now.", moderated=False
    )
    page = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    for said in ("About harbour.", "People by the sea", "To talk.", "Not a crisis service.", "Be kind.",
                 "No names of others.", "No studies for now.", "None take part.", "Nobody has promised to read",
                 "Fewer than 20 people", "Mondays", "/help/"):  # fmt: skip
        assert said in page
    for handle in ("Grey Heron", "Clear Brook", "Broad Field"):
        assert handle not in page


def test_how_soon_the_team_answers_is_said_of_its_hours(cast: Cast) -> None:
    for hours, said in ((1, "within 1 hour."), (3, "within 3 hours.")):
        Group.objects.filter(pk=cast.harbour.pk).update(response_hours=hours)
        page = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
        assert f"In team hours they mostly answer {said}" in page


def test_professionals_are_named_as_taking_part_where_they_do(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(has_professionals=True, professionals_note="Two nurses.")
    page = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "Some take part." in page
    assert "Two nurses." in page


@pytest.mark.parametrize("is_worn", [True, False])
def test_a_checked_role_counts_once_its_holder_shows_it(cast: Cast, is_worn: bool) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(professionals_note="No nurses here.")
    Badge.objects.create(
        member=cast.alice.member(cast.harbour), role="nurse", checked_month=clock.this_month(),
        expires_on=clock.today() + dt.timedelta(days=30), is_worn=is_worn,
    )  # fmt: skip
    page = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert ("Some take part." in page) is is_worn
    assert ("No nurses here." in page) is not is_worn


def test_the_barred_read_why_there_is_no_way_in(cast: Cast) -> None:
    page = cast.barred.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "take part in this group for now" in page
    assert "/join/" not in page.split("<main")[1]


@pytest.mark.parametrize("size", [0, 1000])
@pytest.mark.django_db
def test_the_front_page_costs_the_same_whatever_the_size(size: int, django_assert_num_queries: Any) -> None:
    group = make_group(name="pier", visibility=Visibility.OPEN)
    Group.objects.bulk_create(Group(name=f"G{n}", kind=GroupKind.OTHER, summary="Talk.") for n in range(size))
    Member.objects.bulk_create(
        Member(group=group, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(size)
    )
    # 4 find the place, 5 the page, 2 who is here, 1 what is checked, 1 studies, 1 whether a team is one
    with django_assert_num_queries(14):
        assert Client().get(f"/g/{group.public_id}/about/").status_code == 200


def test_what_the_predicate_and_the_list_say_is_one(cast: Cast) -> None:
    from community import policies
    from community.policies import Outside

    listed = set(groups.listed())
    for group in Group.objects.all():
        stranger = Outside(group=group, signed_in=False)
        assert policies.permits("see_front", stranger) == (group in listed)


def test_a_missing_charter_version_is_not_shown_as_another(cast: Cast) -> None:
    Charter.objects.filter(group=cast.meadow).delete()
    assert cast.nobody.get(f"/g/{cast.meadow.public_id}/about/").status_code == 404


def test_a_role_that_sleeps_is_said_to_its_holder_alone(cast: Cast) -> None:
    page = f"/g/{cast.harbour.public_id}/about/"
    assert "second step" in cast.weak.client.get(page).content.decode()
    assert "second step" not in cast.mona.client.get(page).content.decode()
    assert "second step" not in cast.alice.client.get(page).content.decode()


def test_no_page_of_the_door_names_a_group_in_the_session(cast: Cast) -> None:
    person = make_person(name="sasha")
    person.client.get(f"/g/{cast.harbour.public_id}/about/")
    person.client.get(f"/g/{cast.harbour.public_id}/join/")
    held = str(dict(person.client.session.items()))
    assert "harbour" not in held
    assert cast.harbour.public_id not in held
