"""What waits to appear, as its author meets it: no moment, nothing lost in taking it back, no change of faces."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from chat.models import Post
from community.models import DueAct, Group
from core import clock
from tests.chat.test_alias import set_policy
from tests.chat.test_later import ONCE, ask, only, open_later, pass_hours, settle, settle_opening
from tests.chat.test_pages import page, say
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_what_is_taken_back_keeps_its_time_and_its_end(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "Thought again", when="24", stays="7")
    shown = settle(cast.alice, thread, back=str(only())).content.decode()
    assert '<option value="24" selected>' in shown and '<option value="7" selected>' in shown
    assert '<details class="how" open>' in shown, "what was picked is in sight"
    say(cast.alice, thread, "For good", when="3")
    shown = settle(cast.alice, thread, back=str(only())).content.decode()
    assert '<option value="3" selected>' in shown and '<option value="" selected>' in shown
    open_later(cast.alice, cast.harbour, when="72", stays="30")
    shown = settle_opening(cast.alice, cast.harbour, back=str(only())).content.decode()
    assert '<option value="72" selected>' in shown and '<option value="30" selected>' in shown


def test_its_author_is_told_a_day_and_never_the_moment(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    saturday = dt.datetime(2026, 11, 28, 22, tzinfo=dt.UTC)
    with clock.held_at(saturday):
        for when, day in (("3", "Monday"), ("24", "Monday"), ("72", "Wednesday")):
            say(cast.alice, thread, "In a while", when=when)
            shown = re.sub(
                "<option.*?</option>", "", page(cast.alice, thread), flags=re.DOTALL
            )  # days to pick from
            assert f"It appears some time before {day}." in shown
            due_at = DueAct.objects.get().due_at
            assert all(f"{due_at:{form}}" not in shown for form in ("%H:%M", "%Y-%m-%d", "%-d %B"))
            settle(cast.alice, thread, back=str(only()))
        say(cast.alice, thread, "In a while", when="3")
    with clock.held_at(saturday + dt.timedelta(days=4)):  # the server was down
        assert "It appears some time before Thursday." in page(cast.alice, thread)


def test_a_window_that_ends_today_is_told_as_the_window(cast: Cast) -> None:
    """Not as some time before tomorrow: that sounds like many hours. Nor as the moment."""
    thread = make_thread(cast.harbour)
    with clock.held_at(dt.datetime(2026, 11, 28, 14, 26, tzinfo=dt.UTC)):
        say(cast.alice, thread, "In a while", when="3")
        shown = page(cast.alice, thread)
        assert "It appears today, within 3 hours of sending." in shown and "some time before" not in shown
        assert f"{DueAct.objects.get().due_at:%H:%M}" not in shown
    with clock.held_at(dt.datetime(2026, 11, 29, 2, tzinfo=dt.UTC)):  # the server was down
        assert "It appears some time before Monday." in page(cast.alice, thread)


def test_today_is_that_of_where_the_group_is(cast: Cast) -> None:
    """Saturday evening there is Sunday here: the day after is not today."""
    Group.objects.filter(pk=cast.harbour.pk).update(time_zone="America/Los_Angeles")
    thread = make_thread(cast.harbour)
    with clock.held_at(dt.datetime(2026, 11, 29, 6, tzinfo=dt.UTC)):
        say(cast.alice, thread, "In a while", when="3")
        assert "It appears some time before Monday." in page(cast.alice, thread)


def test_the_day_is_that_of_where_the_group_is(cast: Cast) -> None:
    Group.objects.filter(pk=cast.harbour.pk).update(time_zone="Pacific/Auckland")
    thread = make_thread(cast.harbour)
    with clock.held_at(dt.datetime(2026, 11, 28, 22, tzinfo=dt.UTC)):  # Sunday morning there
        say(cast.alice, thread, "In a while", when="24")
        assert "It appears some time before Tuesday." in page(cast.alice, thread)


def test_what_could_not_appear_says_no_day(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread)
    Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
    pass_hours()
    assert "some time before" not in page(cast.alice, thread)


@pytest.mark.parametrize("fails", [False, True])
def test_while_a_one_thread_name_waits_the_next_words_are_for_it(cast: Cast, fails: bool) -> None:
    """The slip back to one's name here would stand beside what appears later under the other."""
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "As myself")
    say(cast.alice, thread, "As another", face="once", once=ONCE, when="3")
    if fails:
        Group.objects.filter(pk=cast.harbour.pk).update(charter_version=2)
        pass_hours()
        assert Post.objects.count() == 1
    shown = page(cast.alice, thread)
    assert 'value="once" checked' in shown and 'value="name" checked' not in shown
    assert "Signed as <b>Soft Lantern</b>" in shown
    assert 'value="name" checked' in page(cast.bob, thread), "nobody else sees a thing of it"
    assert 'value="name" checked' in page(cast.alice, make_thread(cast.harbour))


def test_where_there_are_no_one_thread_names_any_more_ones_name_is_picked(cast: Cast, monkeypatch) -> None:
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, once=ONCE)
    set_policy(monkeypatch, "off")
    shown = page(cast.alice, thread)
    assert 'name="face"' not in shown and "Send as Grey Heron" in shown


def test_what_waits_under_a_name_that_was_given_up_says_so_at_once(cast: Cast) -> None:
    """It would never appear: what can be done about it stands beside it, and the words come back under the new name."""
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "Under the old name", when="72")
    assert "you no longer have this name" not in page(cast.alice, thread)
    change = f"/g/{cast.harbour.public_id}/name/change/"
    assert "waits to appear under this name" in cast.alice.client.get(change).content.decode()
    assert "waits to appear" not in cast.bob.client.get(change).content.decode()
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/name/stop/", {"written": "keep"})
    shown = page(cast.alice, thread)
    assert "It will not appear: you no longer have this name." in shown
    assert "some time before" not in shown and "Send now" not in shown
    back = settle(cast.alice, thread, back=str(only())).content.decode()
    assert "Under the old name</textarea>" in back and not DueAct.objects.exists()


def test_a_one_thread_name_that_waits_is_never_given_up(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "As another", face="once", once=ONCE, when="72")
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/name/stop/", {"written": "keep"})
    shown = page(cast.alice, thread)
    assert "some time before" in shown and "you no longer have this name" not in shown


def test_a_talk_that_waits_under_a_name_that_was_given_up_says_so_too(cast: Cast) -> None:
    open_later(cast.alice, cast.harbour, when="72")
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/name/stop/", {"written": "keep"})
    new = cast.alice.client.get(f"/g/{cast.harbour.public_id}/new/").content.decode()
    assert "It will not appear: you no longer have this name." in new
