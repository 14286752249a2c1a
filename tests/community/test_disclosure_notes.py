"""One's own notes come along to the next group: the page says so, and nobody there sees them."""

from __future__ import annotations

import pytest

from community.models import Disclosure, Persona
from tests.community import test_disclosure_page as pages
from tests.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NOTED = '<option value="gb/north/leeds" selected>'
SAYS = "These are your own notes. Only you see them."


def test_what_was_noted_in_one_group_is_seen_by_nobody_in_the_next(cast: Cast) -> None:
    pages._show_leeds(cast)
    there = cast.alice.client.get(pages._page(cast, cast.meadow)).content.decode()
    assert NOTED in there and SAYS in there and "Nobody here does, until you choose." in there
    assert "Leeds" not in pages._card_in(there)
    assert not Disclosure.objects.filter(member__group=cast.meadow).exists()
    card = cast.ned.client.get(pages._card_page(cast, "Plain Fern")).content.decode()
    assert "Leeds" not in card and "Shows no details" in card


def test_the_page_is_ones_own(cast: Cast) -> None:
    pages._show_leeds(cast)
    assert NOTED not in cast.bob.client.get(pages._page(cast)).content.decode()


def test_notes_of_somebody_without_a_name_are_said_to_be_kept_and_can_be_thrown_away(cast: Cast) -> None:
    pages._show_leeds(cast)
    Persona.objects.filter(handle="Grey Heron").update(is_current=False)
    where = pages._page(cast)
    page = cast.alice.client.get(where).content.decode()
    assert "You have notes here that only you see." in page
    assert "until you have a name here:" in page, "true as well for whoever never had one"
    cast.bob.client.post(where, {"forget": "1"})
    cast.alice.client.post(where, {})
    assert NOTED in cast.alice.client.get(pages._page(cast, cast.meadow)).content.decode()
    answer = cast.alice.client.post(where, {"forget": "1"}, follow=True).content.decode()
    assert "Your notes here are gone." in answer and "You have notes here" not in answer
    assert NOTED not in cast.alice.client.get(pages._page(cast, cast.meadow)).content.decode()


def test_an_open_group_says_that_a_stranger_can_come_in(cast: Cast) -> None:
    said = "Anyone can join it in a minute."
    for group, is_open in ((cast.meadow, True), (cast.harbour, False)):
        page = cast.alice.client.post(pages._page(cast, group), {"eyes": "stranger"}).content.decode()
        assert (said in page) is is_open


def test_saved_is_no_longer_said_once_something_else_was_picked(cast: Cast) -> None:
    sent, part = {"value-region": "gb/north/leeds"}, {"HX-Request": "true"}
    changed = cast.alice.client.post(pages._page(cast), sent, headers=part).content.decode()
    assert '<section id="messages" hx-swap-oob="true"></section>' in changed
    same = cast.alice.client.post(pages._page(cast), {}, headers=part).content.decode()
    assert 'id="messages"' not in same
