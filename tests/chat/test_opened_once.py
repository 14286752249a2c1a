"""The same words open one talk, from whichever page they are sent: "Back" brings a fresh form with them."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.http import HttpResponse

from chat.actions import later, posts
from chat.actions import threads as opening
from chat.models import Post, Thread
from community.actions import due, standing
from community.actions.standing import Effect
from community.models import DueAct, Persona
from core import clock
from moderation.actions import held
from moderation.models import Held
from moderation.policies import judge_of
from tests.chat.saying import face, fresh
from tests.chat.test_pages import at
from tests.chat.test_side_by_side import LONG, Requests
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
WORDS = {"title": "Awake again", "ask": "advice_welcome", "text": "It is three in the morning."}
ONCE = {"face": "once", "once": "Soft Lantern"}


def start(person: Person, cast: Cast, **more: str) -> HttpResponse:
    """Send the words from a fresh form."""
    return person.client.post(at("thread_new", cast.harbour), WORDS | {"client_id": fresh()} | more)


def address(thread: Thread, cast: Cast) -> str:
    return at("thread", cast.harbour, thread.public_id)


# --- what is another talk ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [{"title": "Awake once more"}, {"text": "It is four in the morning."}])
def test_other_words_are_another_talk_also_from_a_page_that_the_browser_kept(
    cast: Cast, more: dict[str, str]
) -> None:
    same = {"client_id": fresh()}
    start(cast.alice, cast, **same)
    assert start(cast.alice, cast, **same | more).status_code == 302
    assert Thread.objects.count() == Post.objects.count() == 2


def test_the_same_words_of_somebody_else_or_of_another_day_are_another_talk(cast: Cast) -> None:
    for person in (cast.alice, cast.bob):
        start(person, cast)
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        start(cast.alice, cast)
    assert Thread.objects.count() == Post.objects.count() == 3


def test_whoever_took_their_words_away_can_open_them_again(cast: Cast) -> None:
    for count in (1, 2, 3):
        start(cast.alice, cast)
        thread = Thread.objects.exclude(title="").get()
        assert Thread.objects.count() == count
        posts.delete_post(face=face(cast.alice, thread), post=Post.objects.get(thread=thread))
    start(cast.alice, cast)
    assert start(cast.alice, cast)["Location"] == address(Thread.objects.exclude(title="").get(), cast)


def test_words_that_the_team_sent_back_can_wait_again(cast: Cast) -> None:
    tag = cast.alice.tag(cast.harbour)
    standing.limit(group=cast.harbour, owner_tag=tag, effect=Effect(is_checked_first=True))
    for _ in range(2):
        assert start(cast.alice, cast)["Location"].endswith("#waiting")
    held.send_back(
        judge=judge_of(cast.mona.here(cast.harbour)), public_id=Held.objects.get().public_id, words="Why?"
    )
    start(cast.alice, cast)
    assert Held.objects.count() == 1 and DueAct.objects.count() == 2


# --- what is the same one ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("signs", [{}, ONCE])
def test_a_fresh_form_with_the_same_words_lands_on_the_first_talk(cast: Cast, signs: dict[str, str]) -> None:
    first = start(cast.alice, cast, **signs)
    assert first["Location"] == address(Thread.objects.get(), cast)
    again = start(cast.alice, cast, **signs)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Thread.objects.count() == Post.objects.count() == 1


def test_also_when_a_name_was_picked_in_between(cast: Cast) -> None:
    assert start(cast.lena, cast).status_code == 409
    first = start(cast.lena, cast, handle="Quiet Lantern")
    assert start(cast.lena, cast, named="Quiet Lantern")["Location"] == first["Location"]
    assert Thread.objects.count() == 1 and Persona.objects.filter(handle="Quiet Lantern").count() == 1


@pytest.mark.parametrize("signs", [{}, ONCE])
def test_what_waits_to_be_opened_waits_once_and_is_then_there(cast: Cast, signs: dict[str, str]) -> None:
    for _ in range(2):
        assert start(cast.alice, cast, when="3", **signs)["Location"].endswith("#waiting")
    assert DueAct.objects.count() == 1
    with clock.held_at(clock.now() + dt.timedelta(hours=4)):
        due.do_due()
    assert start(cast.alice, cast, when="3", **signs)["Location"] == address(Thread.objects.get(), cast)
    assert not DueAct.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["", "3"])
def test_two_at_the_same_moment_are_one(cast: Cast, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Both are looked at before either is there."""
    both, requests, answers = threading.Barrier(2), Requests(), list[str]()
    module, name = (later, "open_later") if when else (opening, "open_thread")
    act = getattr(module, name)

    def meet(**given: object) -> object:
        both.wait(LONG)
        return act(**given)

    monkeypatch.setattr(module, name, meet)
    cast.alice.client.get(at("thread_new", cast.harbour))
    sent = [
        requests.of(lambda: answers.append(start(cast.alice, cast, when=when)["Location"])) for _ in range(2)
    ]
    for one in sent:
        one.start()
    for one in sent:
        one.join(LONG)
    assert requests.trouble == [] and len(set(answers)) == 1 and len(answers) == 2
    assert (Thread.objects.count(), DueAct.objects.count()) == ((0, 1) if when else (1, 0))
