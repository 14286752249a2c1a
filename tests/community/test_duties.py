"""What groups do by themselves is registered, and doing it twice is doing it once."""

from __future__ import annotations

from community.models import Invitation, JoinRequest, Persona
from core import ticker
from tests.people import Cast

OURS = {"count uses of invitations", "forget declined requests", "release names of people who left"}


def test_every_duty_of_groups_is_registered() -> None:
    assert set(ticker._duties) >= OURS


def test_a_duty_with_nothing_to_do_does_nothing(cast: Cast) -> None:
    def rows() -> list[object]:
        return [list(model.objects.order_by("pk").values()) for model in (Invitation, JoinRequest, Persona)]

    before = rows()
    for name in OURS:
        ticker._duties[name].run()
        ticker._duties[name].run()
    assert rows() == before
