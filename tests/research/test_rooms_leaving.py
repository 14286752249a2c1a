"""Leaving a study with all that one wrote in its room: two names there are not emptied together, and nothing outlives
its three days."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.urls import reverse

from chat.enums import PostState
from community.actions import due
from community.models import DueAct
from core import clock
from research.actions import departing, room_leaving
from research.enums import Scope
from research.models import RoomPost
from tests.people import Cast
from tests.research.consenting import say
from tests.research.in_rooms import ONCE, InRoom, with_room
from tests.scenes import same


@pytest.fixture
@same
def one(cast: Cast) -> InRoom:
    return with_room(cast)


def leave(one: InRoom, scope: Scope = Scope.DELETE, **more: bool) -> None:
    departing.leave(
        group=one.cast.harbour, sid=one.field.sid, scope=scope, key_of=one.cast.alice.keyed, **more
    )


def there(*posts: RoomPost) -> list[bool]:
    return [RoomPost.objects.exclude(state=PostState.DELETED).filter(pk=post.pk).exists() for post in posts]


def waiting() -> list[dt.datetime]:
    acts = [act for act in DueAct.objects.all() if due.read(pk=act.pk).act == room_leaving.ACT]
    return [act.due_at for act in acts if act.due_at]


def test_two_names_are_never_emptied_together(one: InRoom) -> None:
    named = [one.say(one.cast.alice, "under my name"), one.say(one.cast.alice, "and more")]
    once = [
        one.say(one.cast.alice, "under another", once=ONCE),
        one.say(one.cast.alice, "there too", once=ONCE),
    ]
    theirs = one.say(one.cast.lena, "not mine", once="Brave Acorn")
    leave(one)
    assert there(*named, *once, theirs) == [False, False, True, True, True]
    (moment,) = waiting()
    assert clock.now() <= moment <= clock.now() + dt.timedelta(hours=72)
    due.do_due()
    assert there(*once) == [True, True], "its moment has not come"
    with clock.held_at(moment):
        due.do_due()
        assert there(*named, *once, theirs) == [False, False, False, False, True]
        assert RoomPost.objects.filter(text="under another").count() == 0 and not waiting()


def test_moments_are_by_lot(cast: Cast) -> None:
    found = set()
    for nth in range(6):
        one = with_room(cast, name=f"rosa-{nth}", handle=f"Wide Lantern {nth}")
        one.say(cast.alice, "under my name")
        one.say(cast.alice, "under another", once=ONCE)
        before = set(waiting())
        leave(one)
        (moment,) = set(waiting()) - before
        found.add((moment - clock.now()) // dt.timedelta(hours=1))
        one.field.rosa.member(cast.harbour).delete()
    assert len(found) > 2


@pytest.mark.parametrize("once", ["", ONCE])
def test_one_name_alone_is_emptied_at_once(one: InRoom, once: str) -> None:
    post = one.say(one.cast.alice, "all of mine", once=once)
    leave(one)
    assert there(post) == [False] and not waiting()


def test_whoever_wants_it_has_all_gone_at_once(one: InRoom) -> None:
    posts = [one.say(one.cast.alice, "under my name"), one.say(one.cast.alice, "under another", once=ONCE)]
    url = reverse("research:leave", args=[one.cast.harbour.public_id, one.field.sid])
    page = one.cast.alice.client.get(url).content.decode()
    assert "more than one name" in page and 'name="together"' in page and " checked" not in page
    receipt = one.cast.alice.client.post(url, {"scope": "delete", "together": "on"}).content.decode()
    assert there(*posts) == [False, False] and not waiting() and "three days" not in receipt


def test_the_page_and_the_receipt_say_how_long_it_takes(one: InRoom) -> None:
    url = reverse("research:leave", args=[one.cast.harbour.public_id, one.field.sid])
    one.say(one.cast.alice, "under my name")
    assert 'name="together"' not in one.cast.alice.client.get(url).content.decode()
    one.say(one.cast.alice, "under another", once=ONCE)
    assert "within three days" in one.cast.alice.client.post(url, {"scope": "delete"}).content.decode()


@pytest.mark.parametrize("scope", [Scope.STOP, Scope.EXCLUDE])
def test_without_deletion_nothing_is_emptied_ever(one: InRoom, scope: Scope) -> None:
    posts = [one.say(one.cast.alice, "under my name"), one.say(one.cast.alice, "under another", once=ONCE)]
    leave(one, scope)
    assert there(*posts) == [True, True] and not waiting()


def test_who_comes_back_meanwhile_loses_only_what_was_there(one: InRoom) -> None:
    one.say(one.cast.alice, "under my name")
    old = one.say(one.cast.alice, "under another", once=ONCE)
    leave(one)
    say(one.cast.alice, one.cast.harbour, one.field.study)
    one.come_in(one.cast.alice)
    new = one.say(one.cast.alice, "again", once=ONCE)
    with clock.held_at(waiting()[0]):
        due.do_due()
    assert there(old, new) == [False, True]


def test_an_older_copy_of_the_database_learns_what_waits(one: InRoom) -> None:
    one.say(one.cast.alice, "under my name")
    old = one.say(one.cast.alice, "under another", once=ONCE)
    leave(one)
    from core import ledger

    kept = ledger._waiting[room_leaving.ACT]
    lines = list(kept.rows())
    moment = waiting()[0]
    DueAct.objects.all().delete()
    kept.restore(lines)
    assert waiting() == [moment.replace(microsecond=0)]
    with clock.held_at(moment):
        due.do_due()
    assert there(old) == [False]
    again = partial(room_leaving.execute, {"face": old.face_id, "upto": old.seq})
    again()  # harmless
