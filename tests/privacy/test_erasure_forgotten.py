"""After an erasure the database has forgotten too: its files, every table, a dump, and what others can take along."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from accounts.actions import closing
from community.actions import due
from community.enums import Audience
from community.models import Disclosure, DueAct, Persona
from core import clock, forgetting
from tests.accounts import journeys
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Cast, Person, make_cast, make_thread
from tests.privacy import backups

pytestmark = pytest.mark.django_db(transaction=True)

# Words that stand for what somebody leaves in one place each.
TEXT, ONCE, NAME, ABOUT, SHOWN, TITLE = (
    "wobblequartz", "Glimmerfen", "Nettlebrisk", "quillfathom", "drumlinsedge", "ferretlantern"
)  # fmt: skip
WORDS = (TEXT, ONCE, NAME, ABOUT, SHOWN, TITLE)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Everybody; alice has left each of the words somewhere in harbour."""
    made = make_cast()
    member = made.alice.member(made.harbour)
    Persona.objects.filter(member=member).update(handle=NAME, about=f"I am {ABOUT}.")
    Disclosure.objects.create(
        member=member, group=made.harbour, kind="pronouns", level="exact", audience=Audience.GROUP,
        path=f"{SHOWN}/",
    )  # fmt: skip
    thread = make_thread(made.harbour, title=f"A {TITLE} talk")
    send(made.alice, thread, f"One {TEXT} word. " * 300)
    sign_as_alias(made.alice, thread, handle=ONCE)
    send(made.alice, thread, f"Another {TEXT} word.", key_for_alias=alias_key(made.alice, thread))
    send(made.bob, thread, "An answer that stays.")
    if connection.vendor == "sqlite":
        forgetting.journal()
    return made


def prove(person: Person) -> None:
    session = person.client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.account.pk)
    session.save()


def found_in_tables() -> set[str]:
    """The words that any column of any table holds."""
    held = ""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            held += " ".join(
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for value in row
            )
    return {word for word in WORDS if word in held}


def found_in_files(tmp_path: Path) -> set[str]:
    """The words in the files of SQLite, or in a dump of PostgreSQL; and in a backup."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        held = b"".join(
            Path(name + end).read_bytes() for end in ("", "-wal", "-shm") if Path(name + end).exists()
        )
    else:
        settings = connection.settings_dict
        target = {
            "PGHOST": settings["HOST"],
            "PGUSER": settings["USER"],
            "PGPASSWORD": settings["PASSWORD"] or "",
        }
        held = subprocess.run(
            ["pg_dump", "--data-only", settings["NAME"]], env=os.environ | target, check=True, capture_output=True
        ).stdout  # fmt: skip
    held += backups.read(backups.make(tmp_path / f"backups-{time.monotonic_ns()}"))
    return {word for word in WORDS if word.encode() in held}


def pass_days(days: int) -> None:
    end = clock.now() + dt.timedelta(days=days)
    for moment in sorted([*DueAct.objects.values_list("due_at", flat=True), end]):
        with clock.held_at(moment):
            due.do_due()
            closing.finish()
    if connection.vendor == "sqlite":
        forgetting.journal()  # as every minute


def test_leaving_and_deleting_leaves_nothing_behind(cast: Cast, tmp_path: Path) -> None:
    assert found_in_files(tmp_path) == found_in_tables() == set(WORDS), "the words can be found at all"
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    pass_days(4)
    assert found_in_tables() == set()
    assert found_in_files(tmp_path) == set()


def test_deleting_the_account_leaves_nothing_behind(cast: Cast, tmp_path: Path, settings) -> None:
    assert "Your account is closed" in journeys.close_account(cast.alice)
    pass_days(20)
    assert found_in_tables() == set()
    assert found_in_files(tmp_path) == set()
    ledger = Path(settings.KITH_KEY_RING).with_name("erasures")
    assert not [word for word in WORDS for path in ledger.iterdir() if word in path.read_text()]


def test_others_cannot_take_it_along(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    pass_days(4)
    prove(cast.bob)
    copy = cast.bob.client.post(f"/g/{cast.harbour.public_id}/copy/", {"as": "json"}).getvalue().decode()
    assert "An answer that stays." in copy
    thread = cast.bob.client.get(f"/g/{cast.harbour.public_id}/").content.decode()
    assert not [word for word in WORDS if word in copy + thread]
