"""The list of groups: open and closed for anyone, hidden for nobody."""

from __future__ import annotations

import pytest
from django.test import Client

from community.enums import GroupKind, SizeBand, Visibility
from community.models import Group, Member
from community.selectors import groups
from core import ids
from tests.people import Cast

QUERIES = 2  # some groups, and their sizes


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
        groups.directory(tags_for=lambda gids: tags[: len(gids)])


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
def test_whoever_goes_on_finds_every_group_once_and_comes_back() -> None:
    _many(groups.PAGE_SIZE + 5)
    Group.objects.update(name="The same name")
    _many(groups.PAGE_SIZE + 5)
    seen, pages, url = list[str](), list[list[str]](), "/groups/"
    while url:
        shelf = Client().get(url).context["found"].shelf
        pages.append([group.public_id for group in shelf.groups])
        assert shelf.has_before == (len(pages) > 1)
        seen, url = seen + pages[-1], f"/groups/?after={shelf.last}" if shelf.has_after else ""
    rows = Group.objects.order_by("name", "public_id").values_list("public_id", flat=True)
    assert seen == list(rows) and [len(page) for page in pages] == [30, 30, 10]
    back = Client().get(f"/groups/?before={pages[2][0]}").context["found"].shelf
    assert [group.public_id for group in back.groups] == pages[1] and back.has_before and back.has_after
    back = Client().get(f"/groups/?before={back.first}").context["found"].shelf
    assert [group.public_id for group in back.groups] == pages[0] and not back.has_before and back.has_after


@pytest.mark.django_db
def test_a_group_that_went_or_was_hidden_is_no_place_in_the_list() -> None:
    """Where a hidden group would stand among the names is nobody's business."""
    _many(5)
    hidden = Group.objects.create(
        name="Group 2b", kind=GroupKind.OTHER, visibility=Visibility.HIDDEN, summary="Talk."
    )
    whole = Client().get("/groups/").content
    for at in (hidden.public_id, "nosuchgroup999", "\x00", "99"):
        for way in ("after", "before"):
            assert Client().get("/groups/", {way: at}).content == whole


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
    card = next(card for card in groups.directory().cards if card.group == cast.meadow)
    assert card.band == SizeBand.TO_50
    Member.objects.filter(owner_tag=cast.alice.tag(cast.meadow)).update(left_month="2026-01-01")
    card = next(card for card in groups.directory().cards if card.group == cast.meadow)
    assert card.band == SizeBand.SMALL
