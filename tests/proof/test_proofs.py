"""Every proof in its small form: it holds, and without any one of its defences it does not."""

from __future__ import annotations

from typing import Any

import pytest

from proof import __main__ as proofs
from proof.harness import Defence, Proof
from tests import rotation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sqlite]
PROOFS = [proofs.load(name) for name in proofs.names()]
QUICK = {"behaviour", "copied_database", "known_times", "phrases", "publishing", "reply_and_watch", "sealed"}
HELD_AGAINST_OTHERS = {"anonymous", "suppressed"}


def marked(proof: Proof, *more: Any, late: bool) -> Any:
    """One proof as a case, with what it needs."""
    marks = [pytest.mark.late] * late + [pytest.mark.oracle] * (proof.name in HELD_AGAINST_OTHERS)
    return pytest.param(proof, *more, marks=marks)


EACH = [
    marked(proof, late=proof.name not in QUICK)
    for proof in PROOFS
    if proof.name in QUICK or rotation.is_todays(proof.name, days=6)
]
PAIRS = [
    marked(proof, defence, late=True)
    for proof in PROOFS
    for defence in proof.defences
    if rotation.is_todays(f"{proof.name}-{defence.name}", days=12)
]


@pytest.mark.parametrize("proof", EACH, ids=lambda proof: proof.name)
def test_it_holds(proof: Proof) -> None:
    results = list(proof.prove("small"))
    assert results
    for result in results:
        assert result.tried > 0, f"{result.promise}: nothing was tried"
        assert result.holds is not False, (
            f"{result.promise}: found {result.found} of {result.tried}, goal {result.goal}"
        )


@pytest.mark.late
def test_other_lives_each_day_get_round_no_limit() -> None:
    assert all(result.holds for result in proofs.load("sanctions").prove("daily"))


@pytest.mark.parametrize(("proof", "defence"), PAIRS, ids=lambda one: one.name)
def test_it_fails_without_its_defence(proof: Proof, defence: Defence) -> None:
    with defence.off():
        held = all(result.holds is not False for result in proof.prove("small"))
    assert not held, f"{proof.name} holds without: {defence.name}"


def test_every_proof_names_what_it_would_fail_without() -> None:
    assert [proof.name for proof in PROOFS if not proof.defences] == []
