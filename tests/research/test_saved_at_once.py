"""Two saves of one set-up page at one moment, each with a connection of its own: nothing is lost without a word."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connections

from research.actions import codes
from research.enums import StudyState
from research.models import Study
from research.policies import Desk
from tests.people import Cast
from tests.research.studies import make_study
from tests.research.test_saved_since import SAYS, page, typed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
LONG = 20  # seconds, after which something is stuck


def test_of_two_at_once_one_is_kept_and_the_other_comes_back_whole(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)
    saved = [typed(team, "why", title="First words"), typed(team, "why", question="Second words")]
    both, lock = threading.Barrier(2), codes.locked
    answers: dict[int, Any] = {}

    def locked(desk: Desk, action: str) -> Desk:
        both.wait(LONG)  # each has read the study by now
        return lock(desk, action)

    def press(nth: int) -> None:
        try:
            answers[nth] = team.ruth.client.post(page(team, "why"), saved[nth])
        finally:
            connections.close_all()

    monkeypatch.setattr(codes, "locked", locked)
    presses = [threading.Thread(target=press, args=[nth]) for nth in range(2)]
    for one in presses:
        one.start()
    for one in presses:
        one.join(LONG)
    kept, back = sorted(answers, key=lambda nth: answers[nth].status_code)
    assert (answers[kept].status_code, answers[back].status_code) == (302, 422)
    text, draft = answers[back].content.decode(), Study.objects.get().draft
    assert SAYS in text and ["First words", "Second words"][back] in text
    assert (draft["title"] == "First words", draft["question"] == "Second words") == (kept == 0, kept == 1)
