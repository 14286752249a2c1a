"""Posts that go by themselves: not before their day, each at a moment of its own, and then like any other."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.actions import hiding
from chat.actions.expiring import DAY, take_away_due
from chat.enums import EventKind, PostState
from chat.models import Post, Thread, ThreadEvent
from core import clock
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.chat.test_pages import at, page, say
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def at_day(number: int, *, seconds: int = DAY - 1) -> None:
    """Run the duty on a day counted from the first, at its end unless said otherwise."""
    midnight = NOON.replace(hour=0)
    with clock.held_at(midnight + dt.timedelta(days=number, seconds=seconds)):
        take_away_due()


def left() -> set[str]:
    return set(Post.objects.exclude(state=PostState.DELETED).values_list("text", flat=True))


@pytest.mark.parametrize(("days", "gone"), [(1, 2), (7, 8), (30, 31)])
def test_it_stays_for_its_days_and_goes_in_the_next(cast: Cast, days: int, gone: int) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(NOON):
        send(cast.alice, thread, "Gone", stays=days)
        send(cast.alice, thread, "Stays")
    at_day(gone - 1)
    assert left() == {"Gone", "Stays"}
    at_day(gone)
    assert left() == {"Stays"}
    at_day(400)
    assert left() == {"Stays"}
    post = Post.objects.get(seq=1)
    assert (post.text, post.html, post.expires_on) == ("", "", None)
    assert Thread.objects.get().title == ""  # the start went, like one that its writer takes away
    last = ThreadEvent.objects.order_by("seq").last()
    assert (last.kind, last.ref) == (EventKind.POST_CHANGED, post.public_id)
    assert "Taken away by its writer" in page(cast.bob, thread)


def test_each_has_a_moment_of_its_own_in_the_day(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    with clock.held_at(NOON):
        one = send(cast.alice, thread, "Mine", stays=1)
        two = send(cast.alice, thread, "Also", stays=1, key_for_alias=alias_key(cast.alice, thread))
    first, second = sorted([one, two], key=lambda post: post.pk % DAY)
    assert first.pk % DAY != second.pk % DAY
    at_day(2, seconds=first.pk % DAY - 1)
    assert left() == {"Mine", "Also"}
    at_day(2, seconds=first.pk % DAY)
    assert left() == {second.text}
    at_day(2, seconds=second.pk % DAY)
    assert left() == set()


def test_the_worker_was_away_for_a_day(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(NOON):
        send(cast.alice, thread, "Gone", stays=1)
    at_day(3, seconds=0)
    assert left() == set()


def test_what_the_team_hid_goes_too_and_what_is_gone_is_told_once(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(NOON):
        hiding.hide(post=send(cast.alice, thread, "Hidden", stays=1))
    at_day(2)
    told = ThreadEvent.objects.count()
    at_day(2)
    assert left() == set() and ThreadEvent.objects.count() == told


def test_it_is_chosen_beside_the_message_and_only_its_writer_is_told(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    assert say(cast.alice, thread, "For a while", stays="7").status_code == 302
    post = Post.objects.get()
    assert post.expires_on == clock.today() + dt.timedelta(days=8)
    url = at("post", cast.harbour, thread.public_id, post.public_id)
    assert "goes away by itself" in cast.alice.client.get(url).content.decode()
    assert "goes away by itself" not in cast.bob.client.get(url).content.decode()
    assert say(cast.alice, thread, "For ever", stays="8").status_code == 422
    assert say(cast.alice, thread, "For good").status_code == 302
    assert Post.objects.get(seq=2).expires_on is None


def test_one_that_waits_counts_from_the_day_it_appears(cast: Cast) -> None:
    from community.actions import due

    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "Later, for a day", when="72", stays="1")
    later = clock.now() + dt.timedelta(days=4)
    with clock.held_at(later):
        due.do_due()
    assert Post.objects.get().expires_on == later.date() + dt.timedelta(days=2)


def test_the_box_names_the_day_that_the_message_names(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(NOON):
        assert "After a whole day: on 3 March" in page(cast.alice, thread)
        assert "After 7 whole days: on 9 March" in page(cast.alice, thread)
        post = send(cast.alice, thread, "Gone", stays=1)
        shown = cast.alice.client.get(at("post", cast.harbour, thread.public_id, post.public_id))
    assert "in the course of 3 March" in shown.content.decode()


def test_what_waits_says_how_long_it_stays(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, "Later", when="3", stays="7")
    assert "It stays for 7 days." in page(cast.alice, thread)
