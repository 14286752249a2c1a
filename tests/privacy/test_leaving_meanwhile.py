"""What comes in at the very moment of leaving is deleted with the rest, or refused."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections

from chat.actions import labels, proposals, reactions, statements, thanks
from chat.actions import posts as posting
from chat.enums import LabelKind, ReactionKind
from chat.models import Post, Statement, Thread
from community.actions import due, erasing, leaving, library, own_lists
from community.selectors.own_lists import keys_for
from core import clock
from moderation.actions import folds
from moderation.actions.reports import Told
from moderation.enums import Reason
from tests.chat.saying import face, send
from tests.moderation.judging import report
from tests.moderation.test_held import write
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
NEEDS = labels.Draft(kind=LabelKind.NEEDS_SOURCE, days=90)


def test_a_one_thread_message_sent_in_another_tab_meanwhile_does_not_stay(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, real, sent = make_thread(cast.harbour), erasing.gather, list[int]()

    def spy(owner: object) -> object:
        found = real(owner)  # type: ignore[arg-type]
        if not sent:
            sent.append(0)
            answer = write(cast.alice, thread, "I hide this.", face="once", once="Soft Lantern")
            sent.append(answer.status_code)
        return found

    monkeypatch.setattr(erasing, "gather", spy)
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()
    assert not Post.objects.filter(text="I hide this.").exists()


@pytest.mark.django_db(transaction=True)
def test_who_leaves_waits_for_what_is_just_being_written(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    thread, real, begun = make_thread(cast.harbour), posting.pass_gates, threading.Event()

    def slow(**given: object) -> object:
        begun.set()
        time.sleep(0.5)  # the one who leaves comes now
        return real(**given)  # type: ignore[arg-type]

    def send() -> None:
        write(cast.alice, thread, "I hide this.", face="once", once="Soft Lantern")
        connections.close_all()

    monkeypatch.setattr(posting, "pass_gates", slow)
    tab = threading.Thread(target=send)
    tab.start()
    assert begun.wait(30)
    leaves = cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    tab.join()
    assert leaves.status_code == 200 and Post.objects.filter(text="I hide this.").exists()
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        due.do_due()
    assert not Post.objects.filter(text="I hide this.").exists()


def _suggest(bob: Person, post: Post) -> None:
    here = bob.here(post.thread.group)
    library.suggest(here=here, words=library.Words(title="The blue leaflet"), key_of=bob.keyed)


def _keep_a_list(bob: Person, post: Post) -> None:
    keys = keys_for(key_of=bob.keyed, gid=post.thread.group.public_id)
    own_lists.keep(here=bob.here(post.thread.group), keys=keys, lines={"ask": "The dose"})


def _label(mona: Person, post: Post) -> None:
    labels.add(face=face(mona, post.thread), post=post, draft=NEEDS, key_of=mona.keyed)


def _thank(bob: Person, post: Post) -> None:
    thanks.set_thanks(face=face(bob, post.thread), post=post, helped=True, key_of=bob.keyed)


def _react(bob: Person, post: Post) -> None:
    kind = ReactionKind.THANK_YOU
    reactions.react(face=face(bob, post.thread), post=post, kind=kind, key_of=bob.keyed)


def _fold(bob: Person, post: Post) -> None:
    told = Told(kind="post", subject_id=post.public_id, reason=Reason.GIVES_AWAY)
    send(bob, post.thread, "That is me.")  # two messages: no newcomer
    folds.fold(here=bob.here(post.thread.group), told=told, key_of=bob.keyed, is_about_me=True)


def _propose(bob: Person, post: Post) -> None:
    thread = Thread.objects.exclude(pk=post.thread.pk).get()
    proposals.propose(face=face(bob, thread), thread=thread)


def _stand_behind(bob: Person, post: Post) -> None:
    Statement.objects.create(thread=post.thread, title="Plain letters", for_whom="A clinic", text="x")
    here = bob.here(post.thread.group)
    statements.sign(here=here, thread=post.thread, version=1, stands=True, key_of=bob.keyed)


def _write(bob: Person, post: Post) -> None:
    write(bob, post.thread, "I hide this.")


KEPT: list[Callable[[Person, Post], object]] = [
    _suggest, _keep_a_list, _label, _thank, _react, _propose, _stand_behind, _write, report, _fold,
]  # fmt: skip


@pytest.mark.parametrize("act", KEPT)
def test_whatever_is_kept_for_somebody_lets_them_leave_only_afterwards(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, act: Callable[[Person, Post], object]
) -> None:
    post = send(cast.alice, make_thread(cast.harbour))
    send(cast.bob, make_thread(cast.harbour), "The second line should be shorter.")
    real, kept = leaving.keep_in, list[bytes]()

    def spy(**given: object) -> None:
        real(**given)  # type: ignore[arg-type]
        kept.append(bytes(given["here"].member.owner_tag))  # type: ignore[attr-defined]

    monkeypatch.setattr(leaving, "keep_in", spy)
    who = cast.mona if act is _label else cast.bob
    act(who, post)
    assert who.tag(cast.harbour) in kept
