"""Who leaves the team is not seen any more by whom they do not see, on open pages as on new ones."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from chat.models import Thread
from community.actions import roles
from community.enums import Role
from tests.chat import hiding
from tests.chat.saying import send
from tests.live.conftest import Open
from tests.people import Cast, add, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
RENEW = {"type": "renew"}


@sync_to_async
def _people() -> tuple[Cast, Thread]:
    cast = make_cast()
    thread = make_thread(cast.harbour)
    add(cast.ned, cast.harbour, handle="Quiet Fern", role=Role.MEMBER)
    hiding.block(cast.ned, cast.alice, cast.harbour)
    _give(cast, Role.MODERATOR)
    send(cast.ned, thread, "as a moderator")
    return cast, thread


def _give(cast: Cast, role: Role) -> None:
    roles.give_role(here=cast.lead.here(cast.harbour), role=role, handle="Quiet Fern")


async def test_a_block_of_who_leaves_the_team_reaches_open_pages(sockets: Open) -> None:
    cast, thread = await _people()
    alice = await sockets(cast.alice, gid=thread.group.public_id, tid=thread.public_id, after=0)
    assert len(await alice.events(upto=1)) == 1, "nobody loses sight of the team"
    await sync_to_async(_give)(cast, Role.MEMBER)
    assert await sync_to_async(hiding.unseen)(cast.alice, thread), "a page that is loaded now hides them"
    assert await alice.frame() == RENEW
    await sync_to_async(send)(cast.ned, thread, "as a member")
    assert await alice.events(upto=2) == []
