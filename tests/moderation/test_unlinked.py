"""Nothing that the team does or reads joins a one-thread name with the member who wrote under it."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from chat.models import Post, Thread
from community.actions import due
from community.models import Member, Standing
from core import clock
from moderation.actions import appeals, decisions
from moderation.enums import Act
from moderation.errors import Incomplete
from moderation.models import Held, Strike
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_pages import at
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, decide, judge, report
from tests.moderation.test_held import write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


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


def test_who_is_checked_first_lays_no_one_thread_name_before_the_team(cast: Cast, thread: Thread) -> None:
    there = once(cast, thread)
    write(cast.alice, thread, "Later words", face="once", once=there.byline.face.handle, when="3")
    decide(cast.mona, report(cast.bob, send(cast.alice, thread, "As Grey Heron")).case, Act.CHECK_FIRST)
    written = write(cast.alice, thread, "New words", face="once", once=there.byline.face.handle)
    assert "Use your name here for now." in html.unescape(text_of(written)) and "New words" in text_of(
        written
    )
    cast.alice.client.post(
        f"/g/{cast.harbour.public_id}/new/",
        {"title": "A new talk", "text": "Opening", "face": "once", "once": "Soft Lantern", "as_it_is": "1"},
    )
    url = at("post_edit", cast.harbour, thread.public_id, there.public_id)
    cast.alice.client.post(url, {"text": "Other words", "as_it_is": "1"})
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        due.do_due()
    assert not Held.objects.exists() and not Post.objects.filter(text="Later words").exists()
    write(cast.alice, thread, "As Grey Heron")
    assert Held.objects.count() == 1


# --- earlier problems ----------------------------------------------------------------------------------------------
SOME, NONE = "Earlier problems: some.", "Earlier problems: none."
OF_A_NAME = "Earlier problems in this group:"


def test_what_was_decided_about_a_name_moves_nothing_at_a_one_thread_name(cast: Cast, thread: Thread) -> None:
    waits = Desk(cast.lead, report(cast.bob, once(cast, thread)).case)
    decision = decide(cast.mona, report(cast.bob, send(cast.alice, thread, "As Grey Heron")).case, Act.HIDE)
    later = Desk(cast.lead, report(cast.lena, once(cast, thread, "Again")).case)
    assert NONE in waits.page() and NONE in later.page()
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="A slip of mine, sorry.")
    assert NONE in waits.page() and NONE in later.page()


def test_nor_the_other_way_round_nor_in_another_talk(cast: Cast, thread: Thread) -> None:
    decide(cast.mona, report(cast.bob, once(cast, thread)).case, Act.HIDE, rule_code="privacy")
    name = report(cast.bob, send(cast.alice, thread, "As Grey Heron")).case
    elsewhere = report(cast.bob, once(cast, make_thread(cast.harbour, title="Another"))).case
    assert f"{OF_A_NAME} none." in Desk(cast.mona, name).page()
    assert NONE in Desk(cast.mona, elsewhere).page()


def test_the_same_one_thread_name_has_some_or_none(cast: Cast, thread: Thread) -> None:
    first = report(cast.bob, once(cast, thread)).case
    decision = decide(cast.mona, first, Act.HIDE)
    again = Desk(cast.mona, report(cast.bob, once(cast, thread, "Again")).case)
    assert SOME in again.page() and NONE in Desk(cast.mona, first).page(), "as it was when it opened"
    decisions.undo(judge=judge(cast.lead, cast.harbour), decision=decision, because="We misread it.")
    assert SOME in again.page(), "what is undone later does not move it"


def test_another_look_says_what_the_first_did(cast: Cast, thread: Thread) -> None:
    decision = decide(cast.mona, report(cast.bob, send(cast.alice, thread)).case, Act.HIDE)
    assert decision.notice
    tag = cast.alice.tag(cast.harbour)
    case = appeals.appeal(notice=decision.notice, owner_tag=tag, words="Why?").case
    assert f"{OF_A_NAME} none." in Desk(cast.lead, case).page()


# --- rows, without the key ring ------------------------------------------------------------------------------------
def test_rows_of_earlier_problems_name_no_member_and_no_day(cast: Cast, thread: Thread) -> None:
    on = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    for days in (0, 1):
        with clock.held_at(on + dt.timedelta(days=days)):
            decide(cast.mona, report(cast.bob, once(cast, thread)).case, Act.HIDE)
            decide(cast.mona, report(cast.bob, send(cast.alice, thread)).case, Act.HIDE)
    rows = list(Strike.objects.all())
    tags = {bytes(tag) for tag in Member.objects.values_list("owner_tag", flat=True)}
    assert len(rows) == 4 and len({bytes(row.key) for row in rows}) == 2
    assert not tags & {bytes(row.key) for row in rows}
    assert {row.fades_on.day for row in rows} == {1} and "owner_tag" not in vars(rows[0])


def test_a_limit_ends_at_an_hour_that_tells_no_day_of_deciding(cast: Cast, thread: Thread) -> None:
    on = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
    with clock.held_at(on):
        for case in [report(cast.bob, send(cast.alice, thread)).case for _ in range(12)]:
            decide(cast.mona, case, Act.SLOW, days=7)
    ends = set(Standing.objects.filter(minutes_between=60).values_list("until", flat=True))
    first = on + dt.timedelta(days=7, hours=1)
    assert len(ends) > 1 and all(first <= end < first + dt.timedelta(days=1) for end in ends if end)
    assert len(ends) == len({end.replace(minute=0) for end in ends if end}), "full hours"
