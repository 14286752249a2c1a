"""Taking a break: home shows only that, nobody else sees it, and one press ends it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import facts
from accounts.enums import Cadence
from accounts.models import FactSheet, Reminder
from core import clock
from tests.people import Cast, Person, make_cast

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
