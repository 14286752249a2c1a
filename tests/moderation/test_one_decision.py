"""Moderators race on PostgreSQL, where they write at the same time: proof/one_decision.py on a second database."""

from __future__ import annotations

import pytest

from proof import one_decision
from proof.harness import Defence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.late]


def test_no_case_is_decided_twice() -> None:
    for result in one_decision.prove("small"):
        assert result.tried and result.holds, f"{result.part}: found {result.found}"


@pytest.mark.parametrize("defence", one_decision.NEEDS_POSTGRES, ids=lambda defence: defence.name)
def test_it_fails_without(defence: Defence) -> None:
    with defence.off():
        assert not all(result.holds for result in one_decision.prove("small"))
