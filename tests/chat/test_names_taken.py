"""Names that sign: nobody signs with another's one-thread name, nor with one that nobody looked at."""

from __future__ import annotations

import re

import pytest

from tests.chat.test_pages import page
from tests.moderation.test_held import write
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
