"""One's own notes come along to the next group: the page says so, and nobody there sees them."""

from __future__ import annotations

import pytest

from community.models import Disclosure
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
