"""Messages that the team keeps back, asked to be changed, or put a heads-up over: refusals first."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.actions import hiding
from chat.actions.posts import delete_post, edit_post
from chat.enums import EventKind, PostState
from chat.models import Post, Thread, ThreadEvent
from chat.presenters import render_post
from chat.selectors import posts, threads
from community.errors import MayNot
from core import clock
from core.registries import holdings
from moderation.enums import Act
from moderation.models import QueueEvent
from tests.chat.saying import face, send
from tests.chat.test_pages import at, page
from tests.moderation.judging import decided
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
BACK = [(hiding.hide, "hidden this message"), (hiding.remove, "removed this message"),
        (hiding.ask_edit, "asked to change this message")]  # fmt: skip


@pytest.mark.parametrize(("keep", "said"), BACK)
def test_nobody_reads_it_and_the_page_says_what_happened(cast: Cast, keep, said: str) -> None:
    thread = make_thread(cast.harbour, title="Secret title")
    post = send(cast.alice, thread, "Kept words")
    send(cast.bob, thread, "An answer")
    keep(post=post)
    for who in (cast.bob, cast.lena, cast.alice):
        shown = page(who, thread)
        assert said in shown and "Kept words" not in shown and "Secret title" not in shown
    for name in ("group", "inbox"):
        assert b"Secret title" not in cast.bob.client.get(at(name, cast.harbour)).content
    own = cast.bob.client.get(at("post", cast.harbour, thread.public_id, post.public_id)).content.decode()
    assert said in own and "Kept words" not in own
    hiding.restore(post=post)
    assert "Kept words" in page(cast.bob, thread) and "Secret title" in page(cast.bob, thread)


@pytest.mark.parametrize("keep", [hiding.hide, hiding.remove])
def test_what_is_kept_back_is_not_changed_into_something_else(cast: Cast, keep) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Kept words")
    keep(post=post)
    with pytest.raises(MayNot, match="keeps this message back"):
        edit_post(face=face(cast.alice, thread), post=post, text="Other words")
    delete_post(face=face(cast.alice, thread), post=post)
    hiding.restore(post=post)
    assert Post.objects.get().state == PostState.DELETED


def test_its_writer_reads_what_to_do(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Kept words")
    url = at("post", cast.harbour, thread.public_id, post.public_id)
    hiding.hide(post=post)
    shown = cast.alice.client.get(url).content.decode()
    assert "Kept words" in shown and "Take it away" in shown and "/edit/" not in shown
    hiding.ask_edit(post=post)
    shown = cast.alice.client.get(url).content.decode()
    assert "Kept words" in shown and "Once you have changed it" in shown and "/edit/" in shown
    assert "What you can do" in page(cast.alice, thread)


@pytest.mark.parametrize("days", [0, 40])
def test_a_change_that_was_asked_for_brings_it_back_and_the_team_sees_it(cast: Cast, days: int) -> None:
    thread = make_thread(cast.harbour)
    decision = decided(cast, thread, Act.ASK_EDIT)
    post = Post.objects.get()
    told = QueueEvent.objects.count()
    with clock.held_at(clock.now() + dt.timedelta(days=days)):
        edit_post(face=face(cast.alice, thread), post=post, text="Kinder words")
    assert Post.objects.get().state == PostState.SHOWN and "Kinder words" in page(cast.bob, thread)
    newest = QueueEvent.objects.order_by("-seq")[0]
    assert QueueEvent.objects.count() == told + 1 and newest.ref == decision.case.public_id


def test_a_heads_up_folds_the_words_until_they_are_asked_for(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "About wards")
    hiding.warn(post=post, heads_up="hospital")
    shown = page(cast.bob, thread)
    assert "Heads-up: hospital · added by the team" in shown
    assert (
        shown.index('<details class="fold"><summary>')
        < shown.index("About wards")
        < shown.index("</details>")
    )
    assert ThreadEvent.objects.order_by("seq").last().kind == EventKind.POST_CHANGED


def test_open_pages_get_the_same_for_everybody(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    post = send(cast.alice, thread, "Kept words")
    hiding.hide(post=post)
    [live] = posts.with_ids(thread_id=thread.pk, public_ids=[post.public_id])
    html = render_post(live, language="en")
    assert "hidden this message" in html and "Kept words" not in html


def test_it_is_no_news_and_nobody_waits_for_an_answer_to_it(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    cast.bob.client.get(at("thread", cast.harbour, thread.public_id))
    post = send(cast.alice, thread)
    hiding.remove(post=post)
    shown = cast.bob.client.get(at("group", cast.harbour)).content.decode()
    assert "new to you" not in shown and "Someone is waiting" not in shown
    assert b"messages you have not read" not in cast.bob.client.get("/home/").content


def test_its_writer_takes_it_along_and_it_says_so(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    hiding.ask_edit(post=send(cast.alice, thread, "Kept words"))
    owner = holdings.Owner(
        group=cast.harbour.public_id, tag=cast.alice.tag(cast.harbour), key=cast.alice.keyed
    )
    [held] = [one for one in holdings.holdings() if one.model is Post]
    [row] = held.export(owner)
    assert row["message"] == "Kept words" and row["kept back by the team"] == "asked"
    held.erase(owner)
    hiding.restore(post=Post.objects.get())
    assert Post.objects.get().text == "" and not Thread.objects.get().kept_title


def test_the_title_is_back_with_the_first_message_alone(cast: Cast) -> None:
    thread = make_thread(cast.harbour, title="Good title")
    send(cast.alice, thread)
    hiding.hide(post=send(cast.bob, thread))
    assert threads.find(here=cast.bob.here(cast.harbour), tid=thread.public_id).title == "Good title"
