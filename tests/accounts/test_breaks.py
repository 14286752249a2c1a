"""Taking a break: home shows that and what a team has for its owner, nobody else sees it, and one press ends it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import facts
from accounts.enums import Cadence
from accounts.models import Account, FactSheet, Reminder
from core import clock
from moderation.actions import worries
from moderation.enums import Act
from moderation.models import Notice
from tests.chat.saying import send
from tests.moderation.judging import decide, report
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db
PAGE = "/account/break/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def day(number: int) -> str:
    return (clock.today() + dt.timedelta(days=number)).isoformat()


def home(person: Person) -> str:
    return person.client.get(reverse("chat:home")).content.decode()


def test_strangers_are_asked_to_sign_in() -> None:
    assert reverse("accounts:break") == PAGE
    for answer in (
        Client().get(PAGE),
        Client().post(PAGE, {"until": day(3)}),
        Client().post(PAGE, {"back": "1"}),
    ):
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "9999-12-31", "today"])
def test_only_a_day_to_come_is_taken(cast: Cast, until: str) -> None:
    answer = cast.alice.client.post(PAGE, {"until": day(0) if until == "today" else until})
    assert answer.status_code == 422 and "harbour" in home(cast.alice)


def test_home_shows_only_the_break_and_the_way_back(cast: Cast) -> None:
    answer = cast.alice.client.post(PAGE, {"until": day(3)}, follow=True)
    shown = answer.content.decode()
    assert "You are taking a break" in shown and "Come back now" in shown
    assert "harbour" not in shown and "meadow" not in shown
    assert "harbour" in home(cast.bob)
    assert "harbour" in cast.alice.client.post(PAGE, {"back": "1"}, follow=True).content.decode()


def test_nothing_new_in_a_talk_and_nothing_of_anybody_else_stands_there(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    decide(cast.mona, report(cast.alice, send(cast.bob, thread, "You are lazy.")).case, Act.HIDE)
    send(cast.alice, thread, "Hello.")
    cast.lena.client.post(PAGE, {"until": day(3)})
    cast.mona.client.post(PAGE, {"until": day(3)})
    report(cast.bob, send(cast.alice, thread, "You too."))
    for who in (cast.lena, cast.mona):
        assert "harbour" not in home(who) and "/g/" not in home(who)


def test_an_answer_from_a_team_is_found_and_read_during_the_break(cast: Cast) -> None:
    """Of whoever asked for help, reported something, or was limited."""
    thread = make_thread(cast.harbour)
    call = worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    made = report(cast.alice, send(cast.bob, thread, "You are lazy."))
    for who in (cast.alice, cast.bob):
        who.client.post(PAGE, {"until": day(3)})
    assert "The team wrote you a note" not in home(cast.alice)
    decide(cast.mona, call, Act.NOTE, message="How are you now?")
    decide(cast.mona, made.case, Act.HIDE)
    notes, reports = (
        reverse(f"moderation:{name}", args=["g", cast.harbour.public_id]) for name in ("notices", "reports")
    )
    shown = home(cast.alice)
    assert "You are taking a break" in shown and "meadow" not in shown
    for url in (notes, reports):
        assert f'href="{url}"' in shown and cast.alice.client.get(url).status_code == 200
    assert f'href="{notes}"' in home(cast.bob) and f'href="{reports}"' not in home(cast.bob)
    for notice in Notice.objects.all():
        for who in (cast.alice, cast.bob):
            who.client.get(f"{notes}{notice.public_id}/")
    assert "The team wrote you a note" not in home(cast.alice) + home(cast.bob), "they have read it"


def test_whom_a_limit_keeps_out_finds_why(cast: Cast) -> None:
    barred = cast.people["barred"]
    barred.client.post(PAGE, {"until": day(3)})
    assert f'href="{reverse("moderation:limits")}"' in home(barred) and "harbour" not in home(barred)


def test_out_of_sight_no_group_is_named(cast: Cast) -> None:
    worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.")
    cast.alice.client.post(PAGE, {"until": day(3)})
    assert "harbour" in home(cast.alice)
    Account.objects.filter(pk=cast.alice.account.pk).update(discreet=True)
    assert "harbour" not in home(cast.alice) and "Help for you" in home(cast.alice)


def test_it_ends_by_itself(cast: Cast) -> None:
    cast.alice.client.post(PAGE, {"until": day(3)})
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        assert "You are taking a break" in home(cast.alice)
    with clock.held_at(clock.now() + dt.timedelta(days=3)):
        assert "harbour" in home(cast.alice)


def test_the_sheet_keeps_it_sealed_beside_what_was_there(cast: Cast) -> None:
    person = cast.alice
    facts.write(
        account=person.account,
        secret=person.secret,
        sheet={"facts": {"age": "1988"}, "settings": {"other": 1}},
    )
    size = len(FactSheet.objects.get().sealed)
    person.client.post(PAGE, {"until": day(3)})
    sheet = facts.read(account=person.account, secret=person.secret)
    assert sheet == {"facts": {"age": "1988"}, "settings": {"other": 1, "break_until": day(3)}}
    row = FactSheet.objects.get()
    assert len(row.sealed) == size and day(3).encode() not in bytes(row.sealed)
    person.client.post(PAGE, {"back": "1"})
    assert facts.read(account=person.account, secret=person.secret)["settings"] == {"other": 1}


def test_reminders_wait_until_then_and_no_longer(cast: Cast) -> None:
    for person in (cast.alice, cast.bob):
        Reminder.objects.create(
            account=person.account, sealed=b"x", stop=person.secret, cadence=Cadence.WEEKLY, code=b""
        )
    cast.alice.client.post(PAGE, {"until": day(3)})
    assert str(Reminder.objects.get(account=cast.alice.account).paused_until) == day(3)
    assert Reminder.objects.get(account=cast.bob.account).paused_until is None
    cast.alice.client.post(PAGE, {"back": "1"})
    assert Reminder.objects.get(account=cast.alice.account).paused_until is None
