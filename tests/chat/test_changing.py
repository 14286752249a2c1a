"""Changing, taking away and answering posts: refusals first."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.actions import hiding
from chat.actions.expiring import forget_client_ids
from chat.actions.posts import (
    delete_post,
    edit_post,
    erase_alias_posts_of,
    erase_posts_of,
)
from chat.actions.reactions import react, unreact
from chat.actions.reading import mark_read
from chat.enums import EventKind, PostState, ReactionKind
from chat.errors import Refused
from chat.models import Alias, Post, Reaction, ReadMark, Thread, ThreadEvent
from chat.policies import Face
from chat.selectors import posts, reading
from community.errors import MayNot, NotHere
from community.models import Standing
from core import clock
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
SAME = ReactionKind.SAME_HERE


def seqs() -> list[tuple[int, str]]:
    return list(ThreadEvent.objects.order_by("seq").values_list("seq", "kind"))


@pytest.mark.parametrize("who", ["bob", "mona", "lead"])
def test_nobody_changes_or_takes_away_what_somebody_else_wrote(cast: Cast, who: str) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Mine")
    other = face(getattr(cast, who), thread)
    with pytest.raises(MayNot):
        edit_post(face=other, post=post, text="Yours")
    with pytest.raises(MayNot):
        delete_post(face=other, post=post)
    assert Post.objects.get().text == "Mine"
    assert seqs() == [(1, EventKind.POST_PUBLISHED)]


def test_a_moderator_of_another_group_is_not_here(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    elsewhere = face(cast.ned, make_thread(cast.meadow))
    with pytest.raises(NotHere):
        delete_post(face=elsewhere, post=post)
    with pytest.raises(MayNot):
        react(face=Face(here=elsewhere.here), post=post, kind=SAME, key_of=cast.ned.keyed)
    assert not Reaction.objects.exists()


def test_one_who_may_only_read_takes_words_back_but_changes_none(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    Standing.objects.create(group=cast.harbour, owner_tag=cast.alice.tag(cast.harbour), may_post=False)
    with pytest.raises(MayNot, match="limit is set for you"):
        edit_post(face=face(cast.alice, thread), post=post, text="New")
    with pytest.raises(MayNot):
        react(face=Face(here=cast.alice.here(cast.harbour)), post=post, kind=SAME, key_of=cast.alice.keyed)
    delete_post(face=face(cast.alice, thread), post=post)
    assert Post.objects.get().state == PostState.DELETED


def test_a_change_is_screened_and_told(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "One")
    with pytest.raises(Refused):
        edit_post(face=face(cast.alice, thread), post=post, text="   ")
    edit_post(face=face(cast.alice, thread), post=post, text="*Two*")
    now = Post.objects.get()
    assert (now.text, now.html, now.is_edited, now.seq) == ("*Two*", "<p><em>Two</em></p>\n", True, 1)
    assert seqs() == [(1, EventKind.POST_PUBLISHED), (2, EventKind.POST_CHANGED)]


def test_taking_a_post_away_leaves_its_place_and_nothing_of_its_words(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="My secret")
    send(cast.alice, thread, "First secret")
    second = send(cast.alice, thread, "Second secret")
    delete_post(face=face(cast.alice, thread), post=second)
    assert Thread.objects.get().title == "My secret"
    delete_post(face=face(cast.alice, thread), post=Post.objects.get(seq=1))
    for post in Post.objects.all():
        assert (post.text, post.html, post.state) == ("", "", PostState.DELETED)
    assert Thread.objects.get().title == ""
    assert list(Post.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    with pytest.raises(MayNot):
        edit_post(face=face(cast.alice, thread), post=second, text="Back again")
    assert [seq for seq, _ in seqs()] == [1, 2, 3, 4]


def test_ones_alias_is_ones_own_and_nobody_elses(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    post = send(cast.alice, thread, key_for_alias=alias_key(cast.alice, thread))
    with pytest.raises(MayNot):
        delete_post(face=face(cast.bob, thread), post=post)
    edit_post(face=face(cast.alice, thread), post=post, text="Changed")
    delete_post(face=face(cast.alice, thread), post=post)
    assert Post.objects.get().state == PostState.DELETED


def test_a_hidden_post_comes_back_unless_its_writer_took_it_away(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Text")
    hiding.hide(post=post)
    hiding.hide(post=post)
    assert Post.objects.get().state == PostState.HIDDEN
    with pytest.raises(MayNot):
        edit_post(face=face(cast.alice, thread), post=post, text="Other")
    hiding.restore(post=post)
    assert Post.objects.get().state == PostState.SHOWN
    hiding.hide(post=post)
    delete_post(face=face(cast.alice, thread), post=post)
    hiding.restore(post=post)
    assert Post.objects.get().state == PostState.DELETED
    assert [seq for seq, _ in seqs()] == [1, 2, 3, 4, 5]


def test_a_reaction_is_told_only_when_what_is_shown_changes(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    for person in (cast.bob, cast.bob, cast.lena, cast.mona):
        react(face=Face(here=person.here(cast.harbour)), post=post, kind=SAME, key_of=person.keyed)
    assert Reaction.objects.count() == 3
    assert [seq for seq, _ in seqs()] == [1, 2]
    assert posts.kinds_of(posts.to_show().get()) == [SAME]
    for person in (cast.bob, cast.bob, cast.lena):
        unreact(face=Face(here=person.here(cast.harbour)), post=post, kind=SAME, key_of=person.keyed)
    assert [seq for seq, _ in seqs()] == [1, 2]
    unreact(face=Face(here=cast.mona.here(cast.harbour)), post=post, kind=SAME, key_of=cast.mona.keyed)
    assert [seq for seq, _ in seqs()] == [1, 2, 3]
    assert posts.kinds_of(posts.to_show().get()) == []
    assert Thread.objects.get().last_seq == 3


def test_nobody_thanks_themselves(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    with pytest.raises(MayNot):
        react(face=face(cast.alice, thread), post=post, kind=SAME, key_of=cast.alice.keyed)


def test_no_row_says_who_reacted(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    react(face=Face(here=cast.bob.here(cast.harbour)), post=post, kind=SAME, key_of=cast.bob.keyed)
    row = Reaction.objects.get()
    assert {field.name for field in Reaction._meta.concrete_fields} == {"id", "post", "kind", "key"}
    assert bytes(row.key) == cast.bob.keyed("reaction:same_here", post.public_id)
    assert bytes(row.key) != cast.bob.keyed("reaction:thank_you", post.public_id)


def test_what_is_gone_is_not_reacted_to(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread)
    delete_post(face=face(cast.alice, thread), post=post)
    with pytest.raises(MayNot):
        react(face=Face(here=cast.bob.here(cast.harbour)), post=post, kind=SAME, key_of=cast.bob.keyed)


def test_reading_only_moves_forward_and_never_past_the_end(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    for _ in range(3):
        send(cast.alice, thread)
    thread.refresh_from_db()
    key = reading.key_for(key_of=cast.lena.keyed, thread=thread)
    for seq, expected in [(1, 1), (3, 3), (2, 3), (99, 3)]:
        mark_read(here=cast.lena.here(cast.harbour), thread=thread, key_of=cast.lena.keyed, seq=seq)
        assert reading.mark(key=key) == expected
    assert ReadMark.objects.count() == 1
    assert reading.mark(key=reading.key_for(key_of=cast.bob.keyed, thread=thread)) is None


def test_erasing_takes_ones_own_posts_in_one_group_and_leaves_the_aliases(cast: Cast) -> None:
    here, there = make_thread(cast.harbour), make_thread(cast.meadow)
    send(cast.alice, here, "A")
    send(cast.bob, here, "B")
    send(cast.alice, here, "C")
    send(cast.alice, there, "D")
    sign_as_alias(cast.alice, here)
    send(cast.alice, here, "E", key_for_alias=alias_key(cast.alice, here))
    erase_posts_of(owner_tag=cast.alice.tag(cast.harbour))
    assert sorted(Post.objects.exclude(text="").values_list("text", flat=True)) == ["B", "D", "E"]
    events = ThreadEvent.objects.filter(stream=here).order_by("seq").values_list("seq", flat=True)
    assert list(events) == [1, 2, 3, 4, 5, 6]
    erase_posts_of(owner_tag=cast.alice.tag(cast.harbour))  # again: nothing is left to tell
    assert Thread.objects.get(pk=here.pk).last_seq == 6
    keys = [alias_key(cast.alice, here), alias_key(cast.alice, there)]
    erase_alias_posts_of(keys=keys)
    assert sorted(Post.objects.exclude(text="").values_list("text", flat=True)) == ["B", "D"]
    assert Alias.objects.get().handle == "" and not Alias.objects.filter(key__in=keys).exists()


def test_client_ids_are_forgotten_after_a_day(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    old, new = send(cast.alice, thread), send(cast.alice, thread)
    Post.objects.filter(pk=old.pk).update(posted_on=clock.today() - dt.timedelta(days=1))
    forget_client_ids()
    assert Post.objects.get(pk=old.pk).client_id is None
    assert Post.objects.get(pk=new.pk).client_id == new.client_id


def test_words_are_changed_for_two_days_and_taken_away_at_any_time(cast: Cast) -> None:
    """What people read and answered to stays what it was; who gave something away can always take it back."""
    thread = make_thread(cast.harbour)
    sign_as_alias(cast.alice, thread)
    for key in (b"", alias_key(cast.alice, thread)):
        post = send(cast.alice, thread, "Mine", key_for_alias=key)
        own, url = (
            face(cast.alice, thread),
            f"/g/{cast.harbour.public_id}/t/{thread.public_id}/p/{post.public_id}/",
        )
        Post.objects.filter(pk=post.pk).update(posted_on=clock.today() - dt.timedelta(days=1))
        edit_post(face=own, post=post, text="Mine, changed")
        Post.objects.filter(pk=post.pk).update(posted_on=clock.today() - dt.timedelta(days=2))
        with pytest.raises(MayNot) as refused:
            edit_post(face=own, post=post, text="Mine, changed again")
        assert "take it away" in refused.value.reason
        shown = cast.alice.client.get(url).content.decode()
        assert "/edit/" not in shown and "/delete/" in shown and "on the day after" in shown
        with pytest.raises(MayNot) as refused:
            edit_post(face=face(cast.bob, thread), post=post, text="Yours")
        assert "only change your own" in refused.value.reason
        delete_post(face=own, post=post)
    assert not Post.objects.exclude(text="").exists()
