"""What somebody reads who calls for help for the first time, after another had worried about them: "again" is of what
they did themselves."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.urls import reverse

from chat.models import Thread
from core import clock
from moderation.actions import worries
from moderation.enums import Act, Reason
from moderation.models import Case
from tests.chat.saying import fresh, send
from tests.moderation.judging import claim, decide, judge, report
from tests.moderation.own_pages import read
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
FRIDAY = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
MONDAY = FRIDAY + dt.timedelta(days=3)
WROTE = "The team wrote to you on 27 November."


def page(cast: Cast, person: Person) -> str:
    return read(person, reverse("moderation:now_in", args=["g", cast.harbour.public_id]))


def worried_about(cast: Cast, thread: Thread) -> Case:
    return report(cast.bob, send(cast.alice, thread, "It rains."), reason=Reason.WORRIED).case


def closed(cast: Cast, case: Case, *, wrote: bool) -> None:
    """On that Friday the team wrote, or not; on the next day it closed the case."""
    if wrote:
        held = claim(cast.mona, case)
        worries.write(
            judge=judge(cast.mona, case.group), case=held, fence=held.fence, words="How are you now?"
        )
    with clock.held_at(FRIDAY + dt.timedelta(days=1)):
        decide(cast.mona, case, Act.NOTHING)


def test_after_a_worry_of_another_to_which_the_team_wrote(cast: Cast, thread: Thread) -> None:
    with clock.held_at(FRIDAY):
        closed(cast, worried_about(cast, thread), wrote=True)
    with clock.held_at(MONDAY):
        shown = page(cast, cast.alice)
        assert WROTE in shown and "You can tell them that you need help." in shown
        assert "tell them again" not in shown and "looked at this" not in shown
        assert "Read the last note from the team" in shown
        call = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
        shown = page(cast, cast.alice)
        assert f"It is on the team's list. {WROTE} They have not answered this yet." in shown
        assert "to you again" not in shown and "to you yet" not in shown
        claim(cast.mona, call)
        assert f"Someone from the team has taken this up. {WROTE} They have not" in page(cast, cast.alice)


def test_after_one_that_was_closed_with_a_note(cast: Cast, thread: Thread) -> None:
    with clock.held_at(FRIDAY):
        decide(cast.mona, worried_about(cast, thread), Act.NOTE, message="Be well.")
    with clock.held_at(MONDAY):
        assert WROTE in page(cast, cast.alice)


def test_after_one_to_which_nobody_wrote(cast: Cast, thread: Thread) -> None:
    with clock.held_at(FRIDAY):
        closed(cast, worried_about(cast, thread), wrote=False)
    with clock.held_at(MONDAY):
        shown = page(cast, cast.alice)
        assert "The team looked at this on 28 November. You can tell them that you need help." in shown
        assert "tell them again" not in shown and "wrote to you" not in shown
        worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
        assert "Nobody from the team has written to you yet." in page(cast, cast.alice)


def test_after_a_call_of_their_own_it_is_again(cast: Cast) -> None:
    with clock.held_at(FRIDAY):
        closed(cast, worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad."), wrote=True)
    with clock.held_at(MONDAY):
        said = "The team looked at this on 28 November and wrote to you. You can tell them again."
        assert said in page(cast, cast.alice)
        worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
        assert "Nobody from the team has written to you again yet." in page(cast, cast.alice)


def test_the_card_in_the_talk_says_what_the_page_says(cast: Cast, thread: Thread) -> None:
    with clock.held_at(FRIDAY):
        closed(cast, worried_about(cast, thread), wrote=True)
    with clock.held_at(MONDAY):
        url = reverse("chat:post_send", args=[thread.group.public_id, thread.public_id])
        said = {"text": "I want to die and I do not know who to tell", "client_id": fresh()}
        told = cast.alice.client.post(url, said, headers={"accept": "application/json"})
        talk = reverse("chat:thread", args=[thread.group.public_id, thread.public_id])
        for answer in (told.json()["care"], read(cast.alice, talk), page(cast, cast.alice)):
            shown = html.unescape(answer)
            assert f"It is on the team's list. {WROTE} They have not answered this yet." in shown
            assert "written to you yet" not in shown


def test_the_team_looked_at_no_words_that_it_was_not_told(cast: Cast, thread: Thread) -> None:
    with clock.held_at(FRIDAY):
        closed(cast, worried_about(cast, thread), wrote=True)
    with clock.held_at(MONDAY):
        url = reverse("chat:thread", args=[thread.group.public_id, thread.public_id])
        shown = read(cast.alice, f"{url}?care=1")
        assert "The team has not been told. You can tell them." in shown and WROTE not in shown
