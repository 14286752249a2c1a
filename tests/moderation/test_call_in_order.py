"""A call for help goes to and fro: the team reads it in the order in which it was written."""

from __future__ import annotations

import datetime as dt

import pytest

from chat.models import Thread
from core import clock
from moderation.actions import claims, decisions, worries
from moderation.enums import Act, CaseState, Reason
from moderation.models import Case, Notice
from tests.chat.saying import send
from tests.moderation.console import Desk
from tests.moderation.judging import claim, decide, judge, report
from tests.moderation.own_pages import read
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
NEW = "New since the team wrote"


def called(person: Person, cast: Cast, words: str) -> Case:
    return worries.ask_for_help(here=person.here(cast.harbour), words=words)


def wrote(person: Person, case: Case, words: str) -> None:
    held = claim(person, case)
    worries.write(judge=judge(person, case.group), case=held, fence=held.fence, words=words)


def page(cast: Cast, case: Case) -> str:
    return read(cast.mona, Desk(cast.mona, case).base)


def in_order(shown: str, *said: str) -> bool:
    """Each stands there once, one after another."""
    at = [shown.index(one) for one in said]
    return at == sorted(at) and all(shown.count(one) == 1 for one in said)


def test_nobody_but_the_team_reads_it(cast: Cast) -> None:
    case = called(cast.alice, cast, "It is bad.")
    wrote(cast.mona, case, "Where does it hurt?")
    for person in (cast.alice, cast.bob, cast.olga, cast.weak):
        assert person.client.get(Desk(person, case).base).status_code == 404


def test_the_team_reads_one_run(cast: Cast) -> None:
    with clock.held_at(clock.now().replace(hour=9, minute=5)):
        case = called(cast.alice, cast, "It is bad.")
        called(cast.alice, cast, "It is worse.")
        assert NEW not in page(cast, case)
        wrote(cast.mona, case, "Where does it hurt?")
        wrote(cast.mona, case, "Are you there?")
        assert NEW not in page(cast, case)
        called(cast.alice, cast, "I am here.")
    case.refresh_from_db()
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(days=1)):
        shown = page(cast, case)
    assert in_order(
        shown, "It is bad.", "It is worse.", "Where does it hurt?", "Are you there?", NEW, "I am here."
    )
    assert "between 09:00 and 10:00" in shown and "9:05" not in shown and "09:05" not in shown
    assert shown.count("The team wrote ") >= 2 and shown.count("They wrote ") >= 3
    assert case.text == "It is bad.\n\nIt is worse.\n\nI am here."


def test_a_note_that_closed_it_and_what_was_said_after_that_was_undone(cast: Cast) -> None:
    case = called(cast.alice, cast, "It is bad.")
    made = decide(cast.mona, case, Act.NOTE, message="Be well.")
    decisions.undo(judge=judge(cast.mona, cast.harbour), decision=made, because="Too early.")
    assert Case.objects.get().state == CaseState.OPEN
    called(cast.alice, cast, "I am not well.")
    assert in_order(page(cast, case), "It is bad.", "Be well.", NEW, "I am not well.")


def test_what_was_erased_moves_nothing(cast: Cast) -> None:
    case = called(cast.alice, cast, "It is bad.")
    wrote(cast.mona, case, "Where does it hurt?")
    called(cast.alice, cast, "My head.")
    wrote(cast.mona, case, "Did you eat?")
    called(cast.alice, cast, "No.")
    Notice.objects.filter(message__startswith="Where").update(message="")
    assert in_order(page(cast, case), "It is bad.", "My head.", "Did you eat?", NEW)
    Notice.objects.filter(message__startswith="Did").update(message="")
    wrote(cast.mona, case, "Can you sleep?")
    called(cast.alice, cast, "A bit.")
    assert in_order(page(cast, case), "My head.", "Can you sleep?", NEW, "A bit.")
    Case.objects.update(text="", context=[])
    shown = page(cast, case)
    assert (
        "The copy is gone" in shown and "What the team wrote to them" in shown and "Can you sleep?" in shown
    )


def test_names_in_their_words_stay_out_of_sight(cast: Cast) -> None:
    case = called(cast.alice, cast, "Write to me: alice@example.org")
    wrote(cast.mona, case, "How are you now?")
    assert "alice@example.org" not in page(cast, case)
    assert Desk(cast.mona, case).post("look", what="contacts").status_code in {200, 302}


def test_what_is_too_much_goes_from_the_beginning(cast: Cast) -> None:
    for number in range(10):
        called(cast.alice, cast, f"{number}" * worries.LONGEST)
    kept = Case.objects.get().context
    assert [line["text"][0] for line in kept] == list("23456789")


def test_a_worry_about_a_message_is_as_it_was(cast: Cast, thread: Thread) -> None:
    case = report(cast.bob, send(cast.alice, thread, "It is bad."), reason=Reason.WORRIED).case
    wrote(cast.mona, case, "How are you now?")
    shown = page(cast, case)
    assert "A wrote" in shown and "What the team wrote to them" in shown and NEW not in shown
