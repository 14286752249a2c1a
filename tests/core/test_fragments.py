"""Fragments kept in memory: used again only where nothing changed, and let go with what they were made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable

import pytest
from django.utils.safestring import SafeString

from core import clock, fragments
from core.fragments import Fragments


def shown(kept: Fragments, slot: Hashable, words: str) -> tuple[str, bool]:
    """The fragment, and whether it had to be made."""
    made = []

    def make() -> SafeString:
        made.append(words)
        return SafeString(f"<p>{words}</p>")

    return kept.get(slot, made_of=(words,), make=make), bool(made)


def test_made_once_and_made_again_when_what_it_is_made_of_changed() -> None:
    kept = Fragments()
    assert shown(kept, "a", "one") == ("<p>one</p>", True)
    assert shown(kept, "a", "one") == ("<p>one</p>", False)
    assert shown(kept, "b", "one") == ("<p>one</p>", True)
    assert shown(kept, "a", "two") == ("<p>two</p>", True)
    assert "one" not in str(kept._kept["a"])


def test_nothing_is_kept_past_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Fragments()
    shown(kept, "a", "one")
    tomorrow = clock.today() + dt.timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    shown(kept, "b", "two")
    assert list(kept._kept) == ["b"]


def test_what_was_used_last_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fragments, "MOST", 2)
    kept = Fragments()
    for slot in ("a", "b", "a", "c"):
        shown(kept, slot, "one")
    assert list(kept._kept) == ["a", "c"]
