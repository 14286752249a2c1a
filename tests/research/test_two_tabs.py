"""Two tabs on PostgreSQL, where they write at the same time: proof/waves.py on a second database."""

from __future__ import annotations

import pytest

from proof import waves
from proof.harness import Defence

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.late]


def test_no_answer_is_missed_or_doubled() -> None:
    for result in waves.prove("small"):
        assert result.tried and result.holds, f"{result.part}: found {result.found}"


@pytest.mark.parametrize("defence", waves.NEEDS_POSTGRES, ids=lambda defence: defence.name)
def test_it_fails_without(defence: Defence) -> None:
    with defence.off():
        assert not all(result.holds for result in waves.prove("small"))
