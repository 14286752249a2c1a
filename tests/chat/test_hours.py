"""Hours are kept and shown only where a group decided so, and a rhythm belongs to no post."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from chat.actions import hours
from chat.models import GroupRhythm, Post
from chat.selectors.rhythm import rhythm_of
from community.actions.names import write_names
from community.enums import Times
from community.models import Group
from community.selectors.names import DEFAULT, Policy
from core import clock
from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
EVENING = dt.datetime(2026, 7, 1, 23, 40, tzinfo=dt.UTC)  # 0:40 on the next day in London
HOURS, RHYTHM = Policy(times=Times.HOURS), Policy(rhythm=True)


def settle(group: Group, policy: Policy) -> Group:
    """Give a group its next version."""
    now = Group.objects.get(pk=group.pk)
    write_names(group=now, policy=policy, name="x", version=now.names_version + 1)
    return Group.objects.get(pk=group.pk)


def shown(cast: Cast, thread) -> str:
    url = reverse("chat:thread", args=[cast.harbour.public_id, thread.public_id])
    return cast.bob.client.get(url).content.decode()


def test_without_that_choice_no_hour_is_kept_or_counted(cast: Cast) -> None:
    settle(cast.meadow, Policy(times=Times.HOURS, rhythm=True))
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    assert Post.objects.get().posted_hour is None and not GroupRhythm.objects.exists()
    assert ", about" not in shown(cast, thread)


def test_only_new_messages_show_about_what_hour_by_the_groups_clock(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    with clock.held_at(EVENING):
        send(cast.alice, thread, "old")
        group = settle(cast.harbour, HOURS)
        send(cast.alice, make_thread(group), "other")
        send(cast.alice, type(thread).objects.get(pk=thread.pk), "new")
        page = shown(cast, thread)
    assert sorted(str(post.posted_hour) for post in Post.objects.all()) == ["23", "23", "None"]
    assert page.count(", about") == 1 and ", about 00:00</time>" in page
    assert 'datetime="2026-07-01">today</time>' in page and 'datetime="2026-07-02"' in page
    assert "23:40" not in page and "40" not in {str(post.posted_hour) for post in Post.objects.all()}


def test_back_to_days_forgets_every_hour_at_once(cast: Cast) -> None:
    group = settle(cast.harbour, HOURS)
    thread = make_thread(group)
    send(cast.alice, thread)
    assert Post.objects.get().posted_hour is not None
    settle(cast.harbour, DEFAULT)
    assert Post.objects.get().posted_hour is None and ", about" not in shown(cast, thread)


def test_a_rhythm_shows_after_a_week_and_not_before(cast: Cast) -> None:
    group = settle(cast.harbour, RHYTHM)
    GroupRhythm.objects.create(group=group, gathered=[0] * 19 + [6, 6, 6, 0, 0], folded_on=clock.today())
    hours.fold()
    assert rhythm_of(group=group) is None
    GroupRhythm.objects.update(folded_on=clock.today() - dt.timedelta(days=7))
    hours.fold()
    with clock.held_at(EVENING):
        found = rhythm_of(group=group)
        page = cast.alice.client.get(reverse("chat:group", args=[group.public_id])).content.decode()
    assert found is not None and (found.start, found.end, found.is_quiet) == (19, 22, True)
    assert "Often quiet at this hour. Most replies come 19:00 to 22:00 (London time)." in page
    row = GroupRhythm.objects.get()
    assert row.gathered == [0] * 24 and sum(row.shown) == 18
    GroupRhythm.objects.update(folded_on=clock.today() - dt.timedelta(days=7))
    hours.fold()
    assert sum(GroupRhythm.objects.get().shown) == 9


@pytest.mark.parametrize("counts", [[0] * 24, [1] * 24, [4] + [0] * 23, [9] * 24])
def test_too_little_or_nothing_that_stands_out_says_nothing(cast: Cast, counts: list[int]) -> None:
    group = settle(cast.harbour, RHYTHM)
    GroupRhythm.objects.create(group=group, shown=counts)
    assert rhythm_of(group=group) is None


def test_one_message_does_not_move_what_is_shown(cast: Cast) -> None:
    group = settle(cast.harbour, RHYTHM)
    thread = make_thread(group)
    GroupRhythm.objects.create(group=group, shown=[0] * 19 + [2, 2, 2, 0, 0])
    before = rhythm_of(group=group)
    for _ in range(5):
        send(cast.alice, thread)
    row = GroupRhythm.objects.get()
    assert sum(row.gathered) == 5 and sum(row.shown) == 6
    with clock.held_at(clock.now()):
        assert rhythm_of(group=group) == before


def test_half_of_the_counts_are_drawn_by_lot(cast: Cast) -> None:
    """Of 400 messages at one hour about half stand at that hour: a count of one is as likely drawn as true."""
    group = settle(cast.harbour, RHYTHM)
    with clock.held_at(EVENING):
        for _ in range(400):
            hours.count_hour(group)
    at_that_hour = GroupRhythm.objects.get().gathered[0]
    assert 150 < at_that_hour < 270


def test_without_the_line_the_counts_go(cast: Cast) -> None:
    group = settle(cast.harbour, RHYTHM)
    send(cast.alice, make_thread(group))
    assert GroupRhythm.objects.exists()
    settle(cast.harbour, DEFAULT)
    assert not GroupRhythm.objects.exists()


def test_it_is_said_where_one_comes_in_and_where_one_writes_with_the_way_round_it(cast: Cast) -> None:
    before, thread = "People see the day you wrote, not the hour.", make_thread(cast.harbour)
    front = reverse("community:front", args=[cast.harbour.public_id])
    join = reverse("community:join", args=[cast.harbour.public_id])
    assert before in cast.olga.client.get(front).content.decode()
    assert "about what hour" not in cast.olga.client.get(join).content.decode() + shown(cast, thread)
    settle(cast.harbour, HOURS)
    for page in (cast.olga.client.get(front).content.decode(), cast.olga.client.get(join).content.decode()):
        assert "about what hour you wrote" in page and "let a message appear a little later" in page
        assert before not in page
    assert "“A little later” makes that harder. It does not hide it." in shown(cast, thread)
