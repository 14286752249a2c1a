"""Names that sign: nobody signs with another's one-thread name, nor with one that nobody looked at."""

from __future__ import annotations

import re

import pytest

from community.actions import standing
from community.actions.standing import Effect
from tests.chat.saying import send
from tests.chat.test_pages import page
from tests.moderation.test_held import let_appear, work, write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_nobody_takes_a_one_thread_name_for_their_own_and_signs_beside_it(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    write(cast.alice, thread, "I am afraid of him.", face="once", once="Soft Lantern")
    write(cast.lena, thread, "I made it all up.", handle="Soft Lantern")
    assert len(re.findall(r"Soft Lantern\s*</", page(cast.bob, thread))) <= 1


def test_another_tab_was_quicker_with_another_name(cast: Cast) -> None:
    """Nobody is signed with a name that they did not pick on the page where they pressed."""
    thread = make_thread(cast.harbour)
    assert write(cast.lena, thread, "From one tab.", handle="Red Door").status_code == 302
    answer = write(cast.lena, thread, "From the other.", handle="Blue Door")
    assert answer.status_code == 409 and "From the other." in answer.content.decode()
    assert "From the other." not in page(cast.bob, thread)


def test_who_is_checked_first_signs_with_no_name_that_nobody_looked_at(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "Hello")
    limit = Effect(is_checked_first=True)
    standing.limit(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), effect=limit)
    base = f"/g/{cast.harbour.public_id}"
    cast.alice.client.post(f"{base}/name/stop/", {"written": "keep"})
    if write(cast.alice, thread, "Kind words", handle="Bob is vermin").status_code == 302:
        team = cast.mona.client.get(f"{base}/team/held/").content.decode()
        let_appear(cast)
        work()
        assert "vermin" in team or "vermin" not in page(cast.bob, thread)
