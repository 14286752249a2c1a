"""Words of worry that wait for the team's look: what is raised about them never says that two names are one, nor who
asked for help without a name."""

from __future__ import annotations

import pytest

from community.errors import NotHere
from moderation.actions import care, worries
from moderation.enums import Act, Checking
from moderation.errors import Incomplete
from moderation.models import Case, Held
from tests.moderation.judging import decide
from tests.moderation.test_held import write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
NAMED = "I want to die, the rain never stops"
ONCE = "I want to die, my brother knows it all"
ALONE = "I cannot say this under my name. I want to die."


@pytest.fixture
def checked(cast: Cast) -> Cast:
    care.check_first(here=cast.lead.here(cast.harbour), checking=Checking.ALL, first_messages=1)
    return cast


def _each_alone(*texts: str) -> bool:
    """Whether the team reads all of these, and no two in one case."""
    found = [[text for text in texts if text in case.text] for case in Case.objects.all()]
    return sorted(found) == sorted([text] for text in texts)


def test_no_case_holds_what_waits_under_two_names(checked: Cast) -> None:
    first, second = make_thread(checked.harbour), make_thread(checked.harbour)
    write(checked.alice, first, NAMED)
    write(checked.alice, second, ONCE, face="once", once="Soft Lantern")
    assert Held.objects.count() == 2, "the team lets both appear, each under its name"
    assert _each_alone(NAMED, ONCE)


@pytest.mark.parametrize("is_asked_first", [True, False])
def test_who_asks_without_a_name_is_not_named_by_what_waits(checked: Cast, is_asked_first: bool) -> None:
    def ask() -> None:
        worries.ask_for_help(here=checked.alice.here(checked.harbour), words=ALONE)

    if is_asked_first:
        ask()
    write(checked.alice, make_thread(checked.harbour), NAMED)
    if not is_asked_first:
        ask()
    assert Held.objects.count() == 1
    assert _each_alone(ALONE, NAMED)


def test_no_decision_about_them_makes_all_else_of_theirs_wait(cast: Cast) -> None:
    worries.ask_for_help(here=cast.alice.here(cast.harbour), words=ALONE)
    with pytest.raises((Incomplete, NotHere)):
        decide(cast.mona, Case.objects.get(), Act.CHECK_FIRST)
    assert not cast.alice.here(cast.harbour).is_checked_first, "whose messages wait now asked without a name"
