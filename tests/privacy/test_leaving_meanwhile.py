"""What comes in at the very moment of leaving is deleted with the rest, or refused."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from django.db import connections

from chat.actions import blocks, labels, proposals, reactions, reading, statements, thanks
from chat.actions import posts as posting
from chat.enums import LabelKind, ReactionKind
from chat.models import (
    Block,
    Label,
    Mute,
    Post,
    Proposal,
    Reaction,
    ReadMark,
    Signing,
    Statement,
    Thanks,
    Thread,
)
from community.actions import disclosures, due, erasing, leaving, library, own_lists, personas
from community.enums import Audience
from community.errors import NotHere
from community.models import Disclosure, DueAct, OwnList, Persona, Resource
from community.selectors.disclosures import Detail
from community.selectors.own_lists import keys_for
from core import clock
from core.registries.holdings import Owner
from moderation.actions import folds
from moderation.actions.reports import Told
from moderation.enums import Reason
from moderation.models import Fold, Report
from tests.chat.saying import face, send
from tests.community.test_persona_life import SEED
from tests.moderation.judging import report
from tests.moderation.test_held import write
from tests.people import Cast, Person, make_thread

pytestmark = pytest.mark.django_db
MOOD = Detail(kind="diagnosis", level="family", audience=Audience.GROUP, path="mood/")
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
    words = {"title": "Plain letters", "for_whom": "A clinic", "text": "x"}
    Statement.objects.get_or_create(thread=post.thread, defaults=words)
    here = bob.here(post.thread.group)
    statements.sign(here=here, thread=post.thread, version=1, stands=True, key_of=bob.keyed)


def _write(bob: Person, post: Post) -> None:
    write(bob, post.thread, "I hide this.")


def _stop_seeing(bob: Person, post: Post) -> None:
    key = bob.keyed("mutes", post.thread.group.public_id)
    blocks.mute(face=face(bob, post.thread), key=key, other=post.byline.face)


def _block(bob: Person, post: Post) -> None:
    blocks.block(face=face(bob, post.thread), other=post.byline.face)


def _show_later(bob: Person, post: Post) -> None:
    group = post.thread.group
    key = bob.keyed("due", disclosures.waits_under(group.public_id))
    disclosures.update_later(here=bob.here(group), key=key, detail=MOOD, due_at=clock.now())


def _read(bob: Person, post: Post) -> None:
    post.thread.refresh_from_db()
    reading.mark_read(here=bob.here(post.thread.group), thread=post.thread, key_of=bob.keyed, seq=1)


def _rename(bob: Person, post: Post) -> None:
    personas.take_another_name(
        here=bob.here(post.thread.group), handle="Quiet Lantern", avatar=SEED, details_go_along=False
    )


def _show(bob: Person, post: Post) -> None:
    disclosures.show(here=bob.here(post.thread.group), details=[MOOD])


KEPT: list[Callable[[Person, Post], object]] = [
    _suggest, _keep_a_list, _label, _thank, _react, _propose, _stand_behind, _write, report, _fold, _stop_seeing, _read,
    _rename, _show, _block, _show_later,
]  # fmt: skip
ROWS = [
    Resource, OwnList, Label, Thanks, Reaction, Proposal, Signing, Post, Report, Fold, Mute, ReadMark, Persona,
    Disclosure, Block, DueAct,
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


def _rows() -> list[int]:
    return [model._default_manager.count() for model in ROWS]


def plan_closing(cast: Cast, who: Person) -> None:
    """The part in harbour of closing an account."""
    gid, tag, begin = cast.harbour.public_id, who.tag(cast.harbour), clock.now() + dt.timedelta(days=4)
    moments = (begin + dt.timedelta(minutes=n) for n in itertools.count())
    owner, key_of = Owner(group=gid, tag=tag, key=who.keyed), partial(who.keyed, "closing")
    erasing.plan(owner, tag=tag, key_of=key_of, moments=moments, final=True)


@pytest.mark.parametrize("act", KEPT)
def test_what_is_on_its_way_while_an_account_closes_is_refused_and_possible_again_after_an_undo(
    cast: Cast, act: Callable[[Person, Post], object]
) -> None:
    """The member row is as it was until the erasure begins, so that alone does not refuse it."""
    post = send(cast.alice, make_thread(cast.harbour))
    send(cast.bob, make_thread(cast.harbour), "The second line should be shorter.")
    who = cast.mona if act is _label else cast.bob
    plan_closing(cast, who)
    before = _rows()
    with contextlib.suppress(NotHere):  # a page answers 404
        act(who, post)
    assert _rows() == before
    (first,) = due.waiting(keys=[who.keyed("closing", erasing.first_part(gid=cast.harbour.public_id))])
    assert erasing.take_back(first=first, key_of=partial(who.keyed, "closing"))
    assert not DueAct.objects.exists()
    before = _rows()
    act(who, post)
    assert _rows() != before


@pytest.mark.parametrize("act", KEPT)
def test_what_is_on_its_way_while_somebody_leaves_is_refused_and_nothing_breaks(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, act: Callable[[Person, Post], object]
) -> None:
    post = send(cast.alice, make_thread(cast.harbour))
    send(cast.bob, make_thread(cast.harbour), "The second line should be shorter.")
    who = cast.mona if act is _label else cast.bob
    here, before = who.here(cast.harbour), _rows()
    leaving.leave_group(here=here, key_of=who.keyed)
    monkeypatch.setattr(type(who), "here", lambda *_: here)
    with contextlib.suppress(NotHere):
        act(who, post)
    assert _rows() == before
    assert not Persona.objects.filter(is_current=True, member__left_month__isnull=False).exists()


def test_who_only_reads_and_leaves_while_picking_a_first_name_gets_a_plain_answer(cast: Cast) -> None:
    here = cast.lena.here(cast.harbour)
    leaving.leave_group(here=here, key_of=cast.lena.keyed)
    with pytest.raises(NotHere):
        personas.create_persona(here=here, handle="Quiet Lantern", avatar=SEED)
    with pytest.raises(NotHere):
        disclosures.show(here=replace(here, persona=cast.bob.here(cast.harbour).persona), details=[])
