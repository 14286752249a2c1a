"""Two requests about one talk, held at the moment at which they would wait for each other for ever."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import connections

from audit.models import AuditEntry
from chat.actions import activity, later, proposals
from chat.actions import posts as posting
from chat.actions import threads as pinning
from chat.actions.bylines import OWN
from chat.selectors.later import keys_for
from community.actions import due, joining, library, standing
from community.actions.library import Words
from community.actions.standing import Effect
from community.enums import RequestState
from community.errors import MayNot, NotHere
from community.models import DueAct, JoinRequest, Member
from community.selectors import library as shelf
from core import clock
from moderation.actions import automatic, care, held, queue
from moderation.enums import Checking, Kind, Step
from moderation.models import Held
from moderation.policies import judge_of
from tests.chat.saying import face, fresh, send
from tests.people import Cast, make_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LONG = 10  # seconds, after which something is stuck
Act = Callable[[], object]


class Requests:
    """Requests at the same time, each in its thread, and what went wrong in them."""

    def __init__(self) -> None:
        self.trouble: list[str] = []

    def of(self, act: Act) -> threading.Thread:
        def run() -> None:
            try:
                act()
            except (NotHere, MayNot):
                pass  # refused, in words
            except Exception as error:
                self.trouble.append(repr(error))
            finally:
                connections.close_all()

        return threading.Thread(target=run)


@pytest.mark.parametrize("act", ["pin", "propose"])
def test_somebody_answers_meanwhile(cast: Cast, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    thread, requests = make_thread(cast.harbour), Requests()
    send(cast.alice, thread, "first")
    has_thread, has_counter = threading.Event(), threading.Event()
    number, lock = activity.take, activity.lock

    def take(*, group_id: int) -> int:
        has_thread.set()
        has_counter.wait(0.5)  # in the wrong order the other one has it by then
        return number(group_id=group_id)

    def lock_it(*, group_id: int) -> None:
        lock(group_id=group_id)
        has_counter.set()

    monkeypatch.setattr(activity, "take", take)
    monkeypatch.setattr(activity, "lock", lock_it)
    here, opener = cast.mona.here(cast.harbour), face(cast.alice, thread)
    acts: dict[str, Act] = {
        "pin": lambda: pinning.pin(here=here, thread=thread, pinned=True),
        "propose": lambda: proposals.propose(face=opener, thread=thread),
    }
    one, other = requests.of(lambda: send(cast.bob, thread, "an answer")), requests.of(acts[act])
    one.start()
    assert has_thread.wait(LONG)
    other.start()
    one.join(LONG), other.join(LONG)
    assert requests.trouble == []


def test_words_are_changed_again_while_the_first_change_appears(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread, requests, logged = make_thread(cast.harbour), Requests(), list[object]()
    post = send(cast.alice, thread, "first")
    tag = cast.alice.tag(cast.harbour)
    standing.limit(group=cast.harbour, owner_tag=tag, effect=Effect(is_checked_first=True))
    keys = keys_for(key_of=cast.alice.keyed, tid=thread.public_id)
    own = face(cast.alice, thread)
    later.change_later(face=own, post=post, text="second", keys=keys)
    held.let_appear(judge=judge_of(cast.mona.here(cast.harbour)), public_id=Held.objects.get().public_id)
    DueAct.objects.update(due_at=clock.now() - dt.timedelta(seconds=5))
    has_thread, has_act, lock = threading.Event(), threading.Event(), posting.lock

    def in_turns(found: object) -> None:
        if threading.current_thread() is worker:
            has_act.set()
            has_thread.wait(LONG)
            time.sleep(0.2)
            return lock(found)  # type: ignore[arg-type]
        has_act.wait(LONG)
        lock(found)  # type: ignore[arg-type]
        return has_thread.set()

    monkeypatch.setattr(posting, "lock", in_turns)
    monkeypatch.setattr(due.logger, "error", lambda *what: logged.append(what))
    worker = requests.of(due.do_due)
    writer = requests.of(lambda: later.change_later(face=own, post=post, text="third", keys=keys))
    worker.start(), writer.start()
    worker.join(LONG), writer.join(LONG)
    assert (requests.trouble, logged) == ([], [])


def test_send_now_is_pressed_when_its_moment_comes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    thread, requests, lead = make_thread(cast.harbour), Requests(), cast.lead.here(cast.harbour)
    send(cast.bob, thread, "first")
    automatic.try_out(here=lead, kind=Kind.CONTACT, step=Step.FLAG)
    automatic.switch_on(here=lead, kind=Kind.CONTACT, step=Step.FLAG)
    keys = keys_for(key_of=cast.alice.keyed, tid=thread.public_id)
    later.publish_later(
        here=cast.alice.here(cast.harbour), thread=thread, text="Write to me: grey.heron@example.org",
        client_id=fresh(), signature=OWN, keys=keys, window=dt.timedelta(hours=1),
    )  # fmt: skip
    care.check_first(here=lead, checking=Checking.ALL, first_messages=2)
    DueAct.objects.update(due_at=clock.now() - dt.timedelta(seconds=5))
    pk = DueAct.objects.get().pk
    is_kept, has_act, lock, take_back = threading.Event(), threading.Event(), queue.lock, later.take_back

    def lock_queue(**given: object) -> object:
        found = lock(**given)  # type: ignore[arg-type]
        if threading.current_thread() is worker:
            is_kept.set()
            has_act.wait(0.5)
        return found

    def take_in_turns(**given: object) -> object:
        is_kept.wait(LONG)
        found = take_back(**given)  # type: ignore[arg-type]
        has_act.set()
        return found

    monkeypatch.setattr(queue, "lock", lock_queue)
    monkeypatch.setattr(later, "take_back", take_in_turns)
    worker = requests.of(due.do_due)
    writer = requests.of(lambda: later.publish_now(keys=keys.both, pk=pk))
    writer.start(), worker.start()
    worker.join(LONG), writer.join(LONG)
    assert [one for one in requests.trouble if "CannotBeDone" not in one] == []


def test_two_of_the_team_settle_one_suggestion(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    words = Words(title="The blue leaflet")
    rid = library.suggest(here=cast.bob.here(cast.harbour), words=words, key_of=cast.bob.keyed).public_id
    mona, lead = cast.mona.here(cast.harbour), cast.lead.here(cast.harbour)
    trouble = _overtaken(
        monkeypatch, (shelf, "find"),
        slow=lambda: library.shelve(here=mona, rid=rid, words=words, days=90),
        quick=lambda: library.take_away(here=lead, rid=rid, answer="No."),
    )  # fmt: skip
    assert trouble == []
    assert list(AuditEntry.objects.values_list("act", flat=True)) == ["library taken away"]


def test_two_of_the_team_answer_one_who_wants_to_join(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = cast.olga.tag(cast.harbour)
    asked = JoinRequest.objects.create(group=cast.harbour, owner_tag=tag, answer="hi", accepted_version=1)
    mona, lead = cast.mona.here(cast.harbour), cast.lead.here(cast.harbour)
    trouble = _overtaken(
        monkeypatch, (joining, "_waiting"),
        slow=lambda: joining.decline_request(here=mona, request_id=asked.public_id, note="not now"),
        quick=lambda: joining.accept_request(here=lead, request_id=asked.public_id),
    )  # fmt: skip
    is_in = Member.objects.filter(owner_tag=tag).exists()
    is_declined = JoinRequest.objects.filter(owner_tag=tag, state=RequestState.DECLINED).exists()
    assert trouble == [] and is_in != is_declined  # whoever held the request first answers it, alone


def _overtaken(
    monkeypatch: pytest.MonkeyPatch, look: tuple[object, str], *, slow: Act, quick: Act
) -> list[str]:
    """One has looked and not written yet, when another begins and ends. Returns what went wrong."""
    requests, has_looked, is_done = Requests(), threading.Event(), threading.Event()
    real = getattr(*look)

    def find(*args: object, **given: object) -> object:
        made = real(*args, **given)
        if threading.current_thread() is one:
            has_looked.set()
            is_done.wait(LONG)
        return made

    monkeypatch.setattr(*look, find)
    one, other = requests.of(slow), requests.of(quick)
    one.start()
    assert has_looked.wait(LONG)
    other.start()
    other.join(LONG)
    is_done.set()
    one.join(LONG)
    return requests.trouble
