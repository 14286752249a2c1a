"""The list of groups: open and closed for anyone, hidden for nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from community.enums import GroupKind, SizeBand, Visibility
from community.models import Group, Member
from community.selectors import groups
from core import ids
from tests.people import Cast

QUERIES = 3  # count, one page of groups, their sizes


def _many(n: int) -> None:
    Group.objects.bulk_create(
        Group(name=f"Group {turn}", kind=GroupKind.OTHER, visibility=Visibility.OPEN, summary="Talk.")
        for turn in range(n)
    )


def test_a_hidden_group_is_in_nobodys_list(cast: Cast) -> None:
    for client in (cast.nobody, cast.alice.client, cast.lead.client):
        page = client.get("/groups/").content.decode()
        assert "harbour" in page
        assert "meadow" in page
        assert "cellar" not in page


def test_the_list_is_the_same_for_members_and_strangers(cast: Cast) -> None:
    assert "Grey Heron" not in cast.alice.client.get("/groups/").content.decode()


def test_ones_own_groups_are_marked_for_one_query_more(cast: Cast, django_assert_num_queries) -> None:
    page = cast.bob.client.get("/groups/").content.decode()
    assert page.count("You are here") == 1 and page.index("harbour") < page.index("You are here")
    for who in (cast.nobody, cast.olga.client, cast.barred.client):
        assert "You are here" not in who.get("/groups/").content.decode()
    tags = [cast.bob.tag(cast.harbour), cast.bob.tag(cast.meadow)]
    with django_assert_num_queries(QUERIES + 1):
        groups.directory(page=1, tags_for=lambda gids: tags[: len(gids)])


def test_a_kind_narrows_the_list_and_an_unknown_one_does_not(cast: Cast) -> None:
    Group.objects.filter(pk=cast.meadow.pk).update(kind=GroupKind.CARERS)
    assert "harbour" not in cast.nobody.get("/groups/?kind=carers").content.decode()
    assert "harbour" in cast.nobody.get("/groups/?kind=nonsense").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_costs_the_same_for_ten_groups_and_a_thousand(count: int, django_assert_num_queries) -> None:
    _many(count)
    with django_assert_num_queries(QUERIES):
        response = Client().get("/groups/")
    assert response.content.count(b"group-card") == min(count, groups.PAGE_SIZE)


@pytest.mark.django_db
def test_the_last_page_has_the_rest_and_a_page_too_far_is_the_last() -> None:
    _many(35)
    assert Client().get("/groups/?page=2").content.count(b"group-card") == 5
    assert Client().get("/groups/?page=99").content.count(b"group-card") == 5


@pytest.mark.parametrize(
    ("count", "band"),
    [(0, SizeBand.SMALL), (19, SizeBand.SMALL), (20, SizeBand.TO_50), (50, SizeBand.TO_100),
     (100, SizeBand.TO_500), (999, SizeBand.TO_1000), (1000, SizeBand.LARGE)],
)  # fmt: skip
def test_sizes_are_words(count: int, band: SizeBand) -> None:
    assert groups.size_band(count=count) == band


def test_people_who_left_are_not_counted(cast: Cast) -> None:
    Member.objects.bulk_create(
        Member(group=cast.meadow, owner_tag=ids.new_secret(), accepted_version=1) for _ in range(18)
    )
    card = next(card for card in groups.directory(page=1).cards if card.group == cast.meadow)
    assert card.band == SizeBand.TO_50
    Member.objects.filter(owner_tag=cast.alice.tag(cast.meadow)).update(left_month="2026-01-01")
    card = next(card for card in groups.directory(page=1).cards if card.group == cast.meadow)
    assert card.band == SizeBand.SMALL
