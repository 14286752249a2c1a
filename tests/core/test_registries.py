"""Registries: apps offer themselves without being imported upward, and due work goes on when a part breaks."""

from __future__ import annotations

import logging
import threading
import time

import pytest
from django.test import RequestFactory

from core import ticker
from core.registries import holdings, screening, slots, subjects, tabs


@pytest.fixture(autouse=True)
def _own_registries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screening, "_advising", [])
    monkeypatch.setattr(screening, "_refusing", [])
    monkeypatch.setattr(slots, "_slots", {})
    monkeypatch.setattr(subjects, "_subjects", {})
    monkeypatch.setattr(ticker, "_duties", {})
    monkeypatch.setattr(ticker, "_last_tick", 0.0)
    monkeypatch.setattr(ticker, "_began", 0.0)


def test_every_screen_sees_a_draft_and_advice_never_refuses() -> None:
    seen = []

    def look(says: str) -> screening.Look:
        def looks(draft: screening.Draft) -> list[str]:
            seen.append((says, draft.text))
            return [says]

        return looks

    screening.register(advises=look("Is this a phone number?"))
    screening.register(advises=look("And this?"), refuses=look("Not here."))
    draft = screening.Draft(group_id=1, text="07700 900000")
    assert screening.advice(draft) == ["Is this a phone number?", "And this?"]
    assert screening.refusals(draft) == ["Not here."]
    assert [text for _, text in seen] == ["07700 900000"] * 3


def test_a_slot_shows_what_was_put_there_in_order() -> None:
    request = RequestFactory().get("/")
    slots.fill("home", lambda _: "<p>a</p>")
    slots.fill("home", lambda _: "<p>b</p>")
    assert slots.contents("home", request) == ["<p>a</p>", "<p>b</p>"]
    assert slots.contents("elsewhere", request) == []


def test_a_tab_is_for_some_and_says_how_much_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "_tabs", {})
    tabs.register(tabs.Tab(page="a:b", title="One", is_for=lambda here: here == "team", count=lambda _: 3))
    tabs.register(tabs.Tab(page="a:c", title="Two", is_for=lambda _: True))
    assert [(tab.title, count) for tab, count in tabs.tabs_for("team")] == [("One", 3), ("Two", 0)]
    assert [(tab.title, count) for tab, count in tabs.tabs_for("anyone")] == [("Two", 0)]


def test_what_nobody_registered_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.models import RandomKeyModel, Stream

    monkeypatch.setattr(holdings, "_held", {})
    monkeypatch.setattr(holdings, "_kept", {})
    holdings.keep(Stream, because="a counter")
    assert holdings.unregistered([RandomKeyModel, Stream]) == [RandomKeyModel]


def test_due_work_runs_when_due_and_a_broken_duty_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    ran = []

    def broken() -> None:
        raise ValueError("what a member wrote")

    ticker.register("broken", broken, every=10)
    ticker.register("counts", lambda: ran.append(1), every=10)
    logging.getLogger("kith").propagate = True
    try:
        for moment in (1.0, 5.0, 11.0):
            ticker.tick(moment=moment)
    finally:
        logging.getLogger("kith").propagate = False
    assert len(ran) == 2
    assert "ValueError" in caplog.text
    assert "what a member wrote" not in caplog.text


def test_what_broke_is_tried_again_soon_however_seldom_it_is_due() -> None:
    tried = []

    def breaks_once() -> None:
        tried.append(1)
        if len(tried) == 1:
            raise ValueError

    ticker.register("daily", breaks_once, every=86_400)
    for moment in (1.0, 50.0, 61.5, 200.0):
        ticker.tick(moment=moment)
    assert len(tried) == 2


def test_only_the_process_with_the_lease_runs_due_work(db: None) -> None:
    ran, stop, looks, said = [], threading.Event(), [], [ticker.state()]

    def holds_lease() -> bool:
        looks.append(1)
        said.append(ticker.state())
        if len(looks) == 3:
            stop.set()
        return len(looks) == 2

    ticker.register("counts", lambda: ran.append(len(looks)), every=0)
    ticker.run_forever(stop=stop, holds_lease=holds_lease, pause=0.01)
    assert ran == [2]
    assert said == ["elsewhere", "starting", "ok", "ok"]


@pytest.mark.parametrize(("began", "ticked"), [(31, None), (99, 31)])
def test_due_work_that_is_stuck_is_late_in_its_first_round_too(
    monkeypatch: pytest.MonkeyPatch, began: float, ticked: float | None
) -> None:
    moment = time.monotonic()
    monkeypatch.setattr(ticker, "_began", moment - began)
    monkeypatch.setattr(ticker, "_last_tick", ticked and moment - ticked)
    assert ticker.state() == "late"
