"""What single parts of the measurement do before anything counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import posting, stopped
from core import ratelimit


@pytest.mark.django_db
def test_the_page_that_is_measured_is_the_same_at_each_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ratelimit, "hit", ratelimit.hit)  # put back afterwards
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)  # the tests' own
    post, page, read_on = posting._acts()
    post()
    page()
    for _ in range(60):
        post()
    read_on()
    with CaptureQueriesContext(connection) as asked:
        page()
    assert not [one["sql"] for one in asked if one["sql"].startswith("UPDATE")]


def test_a_stopped_reader_is_not_given_what_did_not_come(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stopped, "TOTAL", 5)

    def reader(*seqs: int, reload: bool) -> stopped.Reader:
        found = stopped.Reader()
        for seq in seqs:
            event = {"seq": seq, "html": "0.0 x"}
            found.take({"type": "events", "to": seq, "events": [event]})
        if reload:
            found.take({"type": "reload"})
        return found

    assert reader(1, 2, 3, 4, 5, reload=False).lacks == 0
    assert reader(1, 2, reload=False).lacks == 3
    told = reader(1, 2, reload=True)
    assert (told.lacks, told.has, told.seen) == (0, [1, 2], 5)
    assert reader(1, 3, reload=True).lacks == 1


def test_neither_with_nor_without_a_stopped_reader_always_comes_first(monkeypatch: pytest.MonkeyPatch):
    asked: list[bool] = []

    def one_round(*, stops: bool) -> stopped.Round:
        asked.append(stops)
        return stopped.Round(p99=1.0, grew=1.0, lacks=0, came=700, loads=1)

    monkeypatch.setattr(stopped, "_one_round", one_round)
    monkeypatch.setattr(stopped, "ROUNDS", 2)
    monkeypatch.setattr(stopped.os, "sched_setaffinity", lambda *_: None)
    found: list[Any] = list(stopped.run())
    assert asked == [False, True, True, False]
    assert found[-1] == "700 of 1,000 messages came to it by the socket; it was told to load the page 1 times"
