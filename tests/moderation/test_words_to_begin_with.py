"""Words for the team to begin from: each says on its button whom it is for."""

from __future__ import annotations

import pytest

from moderation.actions import worries
from moderation.models import Notice
from moderation.presenters.worries import SCRIPTS, with_script
from tests.architecture.reading import measure
from tests.moderation.console import Desk, text_of
from tests.people import Cast

HURT = "To someone who hurt another, or fears they could"


def of_whoever_hurt() -> str:
    return dict(SCRIPTS)[HURT]


def test_each_name_says_whom_the_words_are_for() -> None:
    assert all(name.startswith(("To anyone", "To someone")) for name, _ in SCRIPTS)
    assert len({name for name, _ in SCRIPTS}) == len(SCRIPTS)


def test_whoever_fears_to_hurt_somebody_is_written_to_themselves() -> None:
    words = of_whoever_hurt()
    for said in ("call for help for them", "go to another room", "out of reach", "someone you trust",
                 "help line", "What you write here goes to the team."):  # fmt: skip
        assert said in words
    for hard in ("must", "why did", "fault", "crime", "police", "report"):
        assert hard not in words.lower()
    assert measure([words]).grade <= 5


@pytest.mark.django_db
def test_the_team_begins_from_them_and_nothing_is_sent(cast: Cast) -> None:
    case = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="I am afraid I will hit my son.")
    desk = Desk(cast.mona, case)
    fence = desk.take()
    page = desk.page()
    assert all(f">{name}</button>" in page for name, _ in SCRIPTS)
    number = [name for name, _ in SCRIPTS].index(HURT)
    began = text_of(desk.post("write", fence=fence, script=str(number)))
    assert of_whoever_hurt() in began and not Notice.objects.exists()
    assert with_script("Hello you.", number) == f"Hello you.\n\n{of_whoever_hurt()}"
