"""What waits is not there for open pages; when it appears, it comes like any post, and goes like any."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from asgiref.sync import sync_to_async

from chat.actions.bylines import Signature
from chat.actions.expiring import take_away_due
from chat.actions.later import publish_later
from chat.models import Thread
from chat.selectors.later import keys_for
from community.actions import due
from core import clock
from tests.chat.saying import alias_key
from tests.live.conftest import Open
from tests.people import Person, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
ONCE = "Soft Lantern"


@sync_to_async
def ask(person: Person, thread: Thread, *, once: str = "") -> None:
    """Have something appear later that is to stay for a day."""
    publish_later(
        here=person.here(thread.group),
        thread=thread,
        text="In a while",
        client_id=str(uuid.uuid4()),
        signature=Signature(alias_key=alias_key(person, thread), as_alias=bool(once), shown=once),
        keys=keys_for(key_of=person.keyed, tid=thread.public_id),
        window=dt.timedelta(hours=3),
        stays=1,
    )


@sync_to_async
def let_pass(*, days: int) -> None:
    """What the worker does after some days."""
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        due.do_due()
        take_away_due()


@pytest.mark.parametrize(("once", "signs"), [("", "Grey Heron"), (ONCE, ONCE)])
async def test_it_comes_when_its_moment_has_come_and_goes_when_its_day_is_over(
    sockets: Open, once: str, signs: str
) -> None:
    people = await sync_to_async(make_cast)()
    thread = await sync_to_async(make_thread)(people.harbour)
    gid, tid = people.harbour.public_id, thread.public_id
    reader = await sockets(people.bob, gid=gid, tid=tid)
    writer = await sockets(people.alice, gid=gid, tid=tid)
    await ask(people.alice, thread, once=once)
    assert await reader.silent() and await writer.silent()
    await let_pass(days=1)
    (to_reader,), (to_writer,) = await reader.events(upto=1), await writer.events(upto=1)
    assert to_reader == to_writer  # nothing says to anybody whose it is
    assert to_reader["kind"] == "post_published" and signs in to_reader["html"]
    await let_pass(days=4)
    (gone,) = await reader.events(upto=2)
    assert gone["kind"] == "post_changed" and gone["id"] == to_reader["id"]
    assert "In a while" not in gone["html"] and "Taken away by its writer" in gone["html"]
