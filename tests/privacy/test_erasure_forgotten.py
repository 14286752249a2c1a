"""After an erasure the database has forgotten too: its files, every table, a dump, and what others can take along."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from core import forgetting
from tests.accounts import journeys
from tests.chat.saying import send
from tests.people import Cast, make_cast
from tests.privacy import leftovers

pytestmark = pytest.mark.django_db(transaction=True)

SAID = leftovers.words()
WORDS = set(SAID.values())


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Everybody; alice has left each of the words somewhere in harbour."""
    made = make_cast()
    thread = leftovers.leave(made.alice, made.harbour, SAID)
    send(made.bob, thread, "An answer that stays.")
    if connection.vendor == "sqlite":
        forgetting.journal()
    return made


def test_leaving_and_deleting_leaves_nothing_behind(cast: Cast, tmp_path: Path) -> None:
    found = leftovers.in_files(WORDS, tmp_path)
    assert found == leftovers.in_tables(WORDS) == WORDS, "the words can be found at all"
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    leftovers.pass_days(4)
    assert leftovers.in_tables(WORDS) == set()
    assert leftovers.in_files(WORDS, tmp_path) == set()


def test_deleting_the_account_leaves_nothing_behind(cast: Cast, tmp_path: Path, settings) -> None:
    assert "Your account is closed" in journeys.close_account(cast.alice)
    leftovers.pass_days(20)
    assert leftovers.in_tables(WORDS) == set()
    assert leftovers.in_files(WORDS, tmp_path) == set()
    ledger = Path(settings.KITH_KEY_RING).with_name("erasures")
    assert not [word for word in WORDS for path in ledger.iterdir() if word in path.read_text()]


def test_others_cannot_take_it_along(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    leftovers.pass_days(4)
    leftovers.prove(cast.bob)
    copy = cast.bob.client.post(f"/g/{cast.harbour.public_id}/copy/", {"as": "json"}).getvalue().decode()
    assert "An answer that stays." in copy
    thread = cast.bob.client.get(f"/g/{cast.harbour.public_id}/").content.decode()
    assert not [word for word in WORDS if word in copy + thread]
