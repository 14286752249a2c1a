"""Two who do not see each other: the page of a name, refusals first, and what its absence must not tell."""

from __future__ import annotations

import pytest

from chat.models import Block
from community.actions import disclosures
from community.enums import Audience
from community.selectors.disclosures import Detail
from tests.chat.hiding import block, mute, persona
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_blocks import at, rename
from tests.chat.test_pages import without_tokens
from tests.people import Cast, Person, make_thread

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BIPOLAR = Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/bipolar/")
WAYS = ("", "?again=1")


def card(cast: Cast, whose: Person) -> str:
    return f"/g/{cast.harbour.public_id}/who/{persona(whose, cast.harbour).public_id}/"


def finds(who: Person, url: str) -> bool:
    """Whether somebody finds a name's page, whole and as the piece that an open page asks for."""
    found = {who.client.get(url + way).status_code == 200 for way in WAYS}
    assert len(found) == 1, "the page and its piece differ"
    return found.pop()


def test_after_a_block_neither_finds_the_others_name_and_everybody_else_does(cast: Cast) -> None:
    alice, bob = card(cast, cast.alice), card(cast, cast.bob)
    assert finds(cast.bob, alice) and finds(cast.alice, bob)
    block(cast.alice, cast.bob, cast.harbour)
    assert not finds(cast.bob, alice) and not finds(cast.alice, bob)
    assert finds(cast.mona, alice) and finds(cast.lena, alice) and finds(cast.alice, alice)
    Block.objects.all().delete()
    assert finds(cast.bob, alice) and finds(cast.alice, bob)


def test_it_answers_exactly_like_a_name_that_never_was(cast: Cast) -> None:
    url, missing = card(cast, cast.alice), f"/g/{cast.harbour.public_id}/who/no-such-name/"
    block(cast.alice, cast.bob, cast.harbour)
    for way in WAYS:
        blocked, never = cast.bob.client.get(url + way), cast.bob.client.get(missing + way)
        assert blocked.status_code == never.status_code == 404
        assert without_tokens(blocked.content) == without_tokens(never.content)
        assert dict(blocked.headers) == dict(never.headers)


def test_what_is_shown_after_the_block_is_not_there_either(cast: Cast) -> None:
    block(cast.alice, cast.bob, cast.harbour)
    disclosures.show(here=cast.alice.here(cast.harbour), details=[BIPOLAR])
    assert b"Bipolar" in cast.mona.client.get(card(cast, cast.alice)).content
    assert not finds(cast.bob, card(cast, cast.alice))


def test_the_team_finds_every_name_and_hides_its_own_from_nobody(cast: Cast) -> None:
    block(cast.alice, cast.mona, cast.harbour)
    assert finds(cast.mona, card(cast, cast.alice))
    Block.objects.all().delete()
    block(cast.mona, cast.alice, cast.harbour)
    assert finds(cast.alice, card(cast, cast.mona))


def test_a_mute_stays_ones_own_affair(cast: Cast) -> None:
    mute(cast.bob, send(cast.alice, make_thread(cast.harbour), "hello"))
    assert finds(cast.bob, card(cast, cast.alice)) and finds(cast.alice, card(cast, cast.bob))


def test_it_says_nothing_about_a_later_name_or_a_one_thread_name(cast: Cast) -> None:
    thread, once = make_thread(cast.harbour), f"/g/{cast.harbour.public_id}/who/one-thread-name/"
    sign_as_alias(cast.bob, thread)
    send(cast.bob, thread, "in secret", key_for_alias=alias_key(cast.bob, thread))
    before = [without_tokens(cast.alice.client.get(at("thread", cast.harbour, thread.public_id)).content)]
    block(cast.alice, cast.bob, cast.harbour)
    old = card(cast, cast.bob)
    after = [without_tokens(cast.alice.client.get(at("thread", cast.harbour, thread.public_id)).content)]
    assert [b"in secret" in page for page in before + after] == [True, True]
    rename(cast.bob, cast, "Fresh Otter")
    assert finds(cast.alice, card(cast, cast.bob)) and finds(cast.bob, card(cast, cast.alice))
    assert not finds(cast.alice, old), "the old name stays out of sight"
    assert cast.alice.client.get(once).status_code == cast.bob.client.get(once).status_code
