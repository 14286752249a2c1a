"""What comes in at the very moment of leaving is deleted with the rest, or refused."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest
from django.db import connections

from chat.actions import posts as posting
from chat.models import Post
from community.actions import due, erasing
from core import clock
from tests.moderation.test_held import write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


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
