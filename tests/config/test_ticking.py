"""One process at a time runs the due work."""

from __future__ import annotations

import datetime as dt

import pytest

from config import ticking
from config.models import Lease
from core import clock, ticker


@pytest.mark.django_db
def test_only_one_process_holds_the_lease_until_it_stops_renewing_it(monkeypatch) -> None:
    assert ticking.holds_lease()
    assert ticking.holds_lease()
    monkeypatch.setattr(ticking, "_me", "another")
    assert not ticking.holds_lease()
    with clock.held_at(clock.now() + ticking.LENGTH + dt.timedelta(seconds=1)):
        assert ticking.holds_lease()
    assert Lease.objects.count() == 1


def test_a_broken_duty_does_not_stop_the_others(monkeypatch, caplog) -> None:
    monkeypatch.setattr(ticker, "_duties", {})
    done = []
    ticker.register("broken", lambda: 1 / 0, every=1)
    ticker.register("whole", lambda: done.append(1), every=1)
    ticker.tick(moment=10.0)
    ticker.tick(moment=10.5)
    ticker.tick(moment=11.1)
    assert done == [1, 1]
