"""Acts done later: sealed, found by their owner alone, done once, apart from each other."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from django.test import override_settings

from community.actions import due
from community.models import DueAct
from core import clock, ids, sealing

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(hours=3)


@pytest.fixture
def done(monkeypatch) -> list[due.Payload]:
    found: list[due.Payload] = []
    monkeypatch.setitem(due._executors, "note", found.append)
    return found


def _ask(word: str = "harbour lights") -> bytes:
    key = ids.new_secret()
    due.later(key=key, act="note", payload={"word": word}, due_at=clock.now() + SOON)
    return key


def test_it_is_done_once_when_due_and_not_before(done):
    _ask()
    due.do_due()
    assert done == []
    with clock.held_at(clock.now() + SOON * 2):
        due.do_due()
        due.do_due()
    assert done == [{"word": "harbour lights"}] and not DueAct.objects.exists()


def test_its_owner_can_look_and_take_it_back_and_nobody_else(done):
    key = _ask()
    assert due.waiting(keys=[ids.new_secret()]) == [] and due.take_back(keys=[ids.new_secret()]) == 0
    [found] = due.waiting(keys=[key])
    assert found.payload == {"word": "harbour lights"} and not found.reason
    assert due.take_back(keys=[key], pk=found.pk) == 1
    with clock.held_at(clock.now() + SOON * 2):
        due.do_due()
    assert done == []


def test_what_may_not_be_done_waits_for_its_owner_with_the_reason(monkeypatch):
    def refuse(payload: due.Payload) -> None:
        raise due.CannotBeDone("A limit was set.")

    monkeypatch.setitem(due._executors, "note", refuse)
    key = _ask()
    with clock.held_at(clock.now() + SOON * 2):
        due.do_due()
        [found] = due.waiting(keys=[key])
        assert found.reason == "A limit was set." and found.due_at is None and found.payload["word"]
    with clock.held_at(clock.now() + dt.timedelta(days=32)):
        due.do_due()
    assert due.waiting(keys=[key]) == []


def test_one_that_breaks_keeps_nobody_else_from_being_done(monkeypatch, done):
    def breaks(payload: due.Payload) -> None:
        DueAct.objects.all().delete()
        raise OSError("disk")

    monkeypatch.setitem(due._executors, "break", breaks)
    due.later(key=ids.new_secret(), act="break", payload={}, due_at=clock.now())
    _ask()
    with clock.held_at(clock.now() + SOON * 2):
        due.do_due()
        assert len(done) == 1
        [row] = DueAct.objects.all()  # the broken one is whole again, and comes back in an hour
        assert row.due_at == clock.now() + due.AGAIN


def test_the_row_says_neither_what_nor_for_whom_nor_how_much():
    _ask("a"), _ask("b" * 300)
    first, second = DueAct.objects.all()
    assert len(first.sealed) == len(second.sealed) and b"harbour" not in bytes(first.sealed)


def test_it_opens_under_its_own_months_key_alone_and_moves_on_with_the_months(tmp_path):
    key = _ask()
    with override_settings(KITH_KEY_RING=str(tmp_path / "other.json")), pytest.raises(sealing.SealBroken):
        due.waiting(keys=[key])
    with clock.held_at(clock.now() + dt.timedelta(days=32)):
        due.reseal_all()
        assert DueAct.objects.get().epoch == clock.today().strftime("%Y-%m")
        assert due.waiting(keys=[key])[0].payload["word"] == "harbour lights"


def test_what_two_groups_see_is_at_least_72_hours_apart_and_in_no_telling_order():
    start = clock.now()
    orders = set()
    for _ in range(40):
        moments = due.apart(groups=4, start=start)
        in_order = sorted(moments)
        assert start <= in_order[0]
        assert all(b - a >= due.APART for a, b in itertools.pairwise(in_order))
        orders.add(tuple(in_order.index(moment) for moment in moments))
    assert len(orders) > 5
