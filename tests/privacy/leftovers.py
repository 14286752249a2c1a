"""Words that somebody leaves in every place there is, and where they are still found afterwards."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import time
from collections.abc import Collection
from pathlib import Path

from django.apps import apps
from django.db import connection

from chat.models import Thread
from community.actions import due
from community.enums import Audience
from community.models import Disclosure, DueAct, Group, Persona
from core import clock, ticker
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import Person, make_thread
from tests.privacy import backups

PLACES = {
    "text": "wobblequartz", "once": "Glimmerfen", "name": "Nettlebrisk", "about": "quillfathom",
    "shown": "drumlinsedge", "title": "ferretlantern",
}  # fmt: skip


def words(mark: str = "") -> dict[str, str]:
    """A word for each place; with a mark they are somebody else's."""
    return {place: word + mark for place, word in PLACES.items()}


def leave(person: Person, group: Group, said: dict[str, str]) -> Thread:
    """Let a member with a name leave each of the words in a group: as text, titles, names and details."""
    member = person.member(group)
    Persona.objects.filter(member=member).update(handle=said["name"], about=f"I am {said['about']}.")
    Disclosure.objects.create(
        member=member, group=group, kind="pronouns", level="exact", audience=Audience.GROUP,
        path=f"{said['shown']}/",
    )  # fmt: skip
    thread = make_thread(group, title=f"A {said['title']} talk")
    send(person, thread, f"One {said['text']} word. " * 280)
    sign_as_alias(person, thread, handle=said["once"])
    send(person, thread, f"Another {said['text']} word.", key_for_alias=alias_key(person, thread))
    return thread


def prove(person: Person) -> None:
    """As if the passphrase was typed just now."""
    session = person.client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.account.pk)
    session.save()


def pass_days(days: int) -> None:
    """Let everything that falls due be done at its moment, by the duties that run within a minute of it."""
    end = clock.now() + dt.timedelta(days=days)
    waiting = [moment for moment in DueAct.objects.values_list("due_at", flat=True) if moment < end]
    for moment in sorted([*waiting, end]):
        with clock.held_at(moment):
            within_a_minute()


def within_a_minute() -> None:
    """What the worker has done a minute later."""
    due.do_due()
    for duty in [one for one in ticker._duties.values() if one.every <= 60]:
        duty.run()


def in_tables(looked_for: Collection[str]) -> set[str]:
    """The words that any column of any table holds."""
    held = ""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values_list():
            held += " ".join(
                bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                for value in row
            )
    return {word for word in looked_for if word in held}


def files() -> bytes:
    """The files of SQLite as they lie there, with what is free in them; a dump of PostgreSQL."""
    if connection.vendor == "sqlite":
        name = str(connection.settings_dict["NAME"])
        parts = [Path(name + end) for end in ("", "-wal", "-shm")]
        return b"".join(part.read_bytes() for part in parts if part.exists())
    settings = connection.settings_dict
    target = {
        "PGHOST": settings["HOST"], "PGUSER": settings["USER"], "PGPASSWORD": settings["PASSWORD"] or "",
        "PGPORT": str(settings["PORT"] or 5432),
    }  # fmt: skip
    return subprocess.run(
        ["pg_dump", "--data-only", settings["NAME"]], env=os.environ | target, check=True, capture_output=True
    ).stdout


def in_files(looked_for: Collection[str], folder: Path) -> set[str]:
    """The words in the files, or in a dump; and in a backup."""
    held = files() + backups.read(backups.make(folder / f"backups-{time.monotonic_ns()}"))
    return {word for word in looked_for if word.encode() in held}
