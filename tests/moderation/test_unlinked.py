"""Nothing that the team does or reads joins a one-thread name with the member who wrote under it."""

from __future__ import annotations

import pytest

from chat.models import Post, Thread
from moderation.actions import appeals
from moderation.enums import Act
from moderation.errors import Incomplete
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, decide, report
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return make_thread(cast.harbour)


def once(cast: Cast, thread: Thread, text: str = "You are lazy.") -> Post:
    """Alice writes under a one-thread name."""
    sign_as_alias(cast.alice, thread)
    return send(cast.alice, thread, text, key_for_alias=alias_key(cast.alice, thread))


# --- a limit that shows whose it is --------------------------------------------------------------------------------
def test_a_one_thread_name_is_not_checked_first(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, once(cast, thread)).case
    with pytest.raises(Incomplete, match="one-thread name"):
        decide(cast.mona, case, Act.CHECK_FIRST)
    desk = Desk(cast.mona, case)
    fence = desk.fence()
    assert 'value="check_first"' not in desk.page() and 'value="slow"' in desk.page()
    assert desk.decide(fence, "check_first", days="14").status_code == 422
    assert not case.decisions.exists()


def test_nor_after_another_look(cast: Cast, thread: Thread) -> None:
    decision = decide(cast.mona, report(cast.bob, once(cast, thread)).case, Act.BAN)
    notice, tag = decision.notice, cast.alice.tag(cast.harbour)
    assert notice
    case = appeals.appeal(notice=notice, owner_tag=tag, words="Why?").case
    claim(cast.lead, case)
    page = Desk(cast.lead, case).page()
    assert 'value="mute"' in page and 'value="check_first"' not in page


def test_a_name_can_be_checked_first(cast: Cast, thread: Thread) -> None:
    desk = Desk(cast.mona, report(cast.bob, send(cast.alice, thread)).case)
    assert desk.decide(desk.take(), "check_first", days="14").status_code == 302
    assert "Check their messages first" in text_of(cast.mona.client.get(desk.base))
