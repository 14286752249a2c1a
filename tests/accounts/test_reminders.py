"""Reminders: refusals first; then that a mail says nothing, and comes whether or not anything happened."""

from __future__ import annotations

import datetime as dt
import random
import re
import secrets
from collections import Counter

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.actions import reminders as actions
from accounts.enums import Cadence
from accounts.models import Account, Reminder
from core import clock, mailed_codes
from tests.chat.saying import send
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db
PAGE = "/account/reminder/"
ADDRESS = "planted.address@mail.example"
ASK = {"ask": "1", "address": ADDRESS, "cadence": "weekly"}


@pytest.fixture
def cast(settings) -> Cast:
    settings.KITH_MAIL_HOST = "mail.example"
    settings.DEFAULT_FROM_EMAIL = "reminder@site.example"
    settings.KITH_ORIGINS = ["https://site.example"]
    return make_cast()


def code_in_mail() -> str:
    return re.findall(r"\d{6}", mail.outbox[-1].body)[0]


def turn_on(person: Person, **changes: str) -> Reminder:
    person.client.post(PAGE, ASK | changes)
    person.client.post(PAGE, {"confirm": "1", "code": code_in_mail()})
    mail.outbox.clear()
    return Reminder.objects.get(account=person.account)


def days(number: int, *, hours: range = range(24)) -> list[str]:
    """Let the worker look once an hour. Returns the hours at which mails went, as text."""
    start = clock.now().replace(minute=5, second=0, microsecond=0)
    went = []
    for day in range(number):
        for hour in hours:
            moment = start.replace(hour=hour) + dt.timedelta(days=day)
            before = len(mail.outbox)
            with clock.held_at(moment):
                actions.send_due()
            went += [f"{moment:%a %d %H}"] * (len(mail.outbox) - before)
    return went


def test_strangers_are_asked_to_sign_in() -> None:
    assert reverse("accounts:reminder") == PAGE
    for answer in (Client().get(PAGE), Client().post(PAGE, ASK), Client().post(PAGE, {"stop": "1"})):
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")
    assert not mail.outbox


def test_without_a_mail_server_the_page_says_so(cast: Cast, settings) -> None:
    settings.KITH_MAIL_HOST = ""
    assert "cannot send mail" in cast.alice.client.get(PAGE).content.decode()
    cast.alice.client.post(PAGE, ASK)
    assert not Reminder.objects.exists() and not mail.outbox


@pytest.mark.parametrize(
    "wrong", [{"address": "not one"}, {"address": ""}, {"cadence": "hourly"}, {"cadence": ""}]
)
def test_what_is_no_address_or_no_cadence_is_sent_back(cast: Cast, wrong: dict[str, str]) -> None:
    cast.alice.client.post(PAGE, ASK | wrong)
    assert not Reminder.objects.exists() and not mail.outbox


def test_nothing_comes_before_the_code_is_typed(cast: Cast) -> None:
    cast.alice.client.post(PAGE, ASK)
    assert len(mail.outbox) == 1 and days(9) == []
    assert not Reminder.objects.exists(), "an address that was not confirmed is forgotten after a day"


def test_a_code_takes_a_few_tries_for_a_day_and_is_ones_own(cast: Cast) -> None:
    cast.alice.client.post(PAGE, ASK)
    right = code_in_mail()
    assert not actions.confirm(account_id=cast.bob.account.pk, code=right)
    with clock.held_at(clock.now() + dt.timedelta(days=2)):
        assert not actions.confirm(account_id=cast.alice.account.pk, code=right)
    for _ in range(mailed_codes.MOST_TRIES):
        assert not actions.confirm(account_id=cast.alice.account.pk, code="wrong!")
    assert not actions.confirm(account_id=cast.alice.account.pk, code=right)
    assert Reminder.objects.get().next_on is None


def test_nobody_is_flooded_with_codes(cast: Cast) -> None:
    for _ in range(6):
        cast.alice.client.post(PAGE, ASK)
        cast.alice.client.post(PAGE, {"stop": "1"})
    assert len(mail.outbox) == mailed_codes.CODES_A_DAY
    cast.bob.client.post(PAGE, ASK | {"address": ADDRESS.upper()})
    assert len(mail.outbox) == mailed_codes.CODES_A_DAY, "nor the same address through another account"


def test_nobody_learns_that_an_address_was_used_through_another_account(cast: Cast) -> None:
    for _ in range(mailed_codes.CODES_A_DAY):
        cast.alice.client.post(PAGE, ASK)
        cast.alice.client.post(PAGE, {"stop": "1"})
    mail.outbox.clear()
    unused = ASK | {"address": "other@mail.example"}
    used, free = cast.bob.client.post(PAGE, ASK), cast.lena.client.post(PAGE, unused)
    assert used.status_code == free.status_code == 302 and used["Location"] == free["Location"]
    assert [message.to for message in mail.outbox] == [["other@mail.example"]]
    assert Reminder.objects.filter(next_on=None).count() == 2
    shown = cast.bob.client.get(PAGE).content.decode()
    assert ADDRESS in shown and 'name="confirm"' in shown


def test_it_is_asked_for_confirmed_changed_and_stopped(cast: Cast) -> None:
    row = turn_on(cast.alice)
    assert 1 <= (row.next_on - clock.today()).days <= 7 and not bytes(row.code)
    assert ADDRESS in cast.alice.client.get(PAGE).content.decode()
    assert ADDRESS not in cast.bob.client.get(PAGE).content.decode()
    cast.alice.client.post(PAGE, {"change": "1", "cadence": "monthly"})
    assert Reminder.objects.get().cadence == Cadence.MONTHLY
    cast.bob.client.post(PAGE, {"stop": "1"})
    assert Reminder.objects.exists()
    cast.alice.client.post(PAGE, {"stop": "1"})
    assert not Reminder.objects.exists()


def test_the_row_says_neither_where_nor_how_long_the_address_is(cast: Cast) -> None:
    turn_on(cast.alice)
    turn_on(cast.bob, address="a@b.example")
    rows = list(Reminder.objects.all())
    assert all(
        ADDRESS.encode() not in bytes(value) for row in rows for value in (row.sealed, row.stop, row.code)
    )
    assert len({len(row.sealed) for row in rows}) == 1


def test_the_link_stops_it_without_signing_in_and_a_wrong_one_looks_alike(cast: Cast) -> None:
    turn_on(cast.alice)
    days(8)
    (link,) = re.findall(r"https://site\.example(/stop/\w+/)", mail.outbox[0].body)
    token = link.split("/")[2]
    assert link == reverse("accounts:reminder_stop", args=[token])
    looked, wrong = Client().get(link), Client().get("/stop/none/")
    assert looked.status_code == wrong.status_code == 200 and Reminder.objects.exists()
    hidden = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert hidden.sub(b"", looked.content) == hidden.sub(b"", wrong.content)
    assert Client().post("/stop/none/").status_code == 200 and Reminder.objects.exists()
    assert Client().post(link).status_code == 200 and not Reminder.objects.exists()


def test_a_mail_is_the_same_for_everybody_whatever_happened(cast: Cast) -> None:
    turn_on(cast.alice)
    turn_on(cast.bob, address="other@mail.example")
    thread = make_thread(cast.harbour, title="Plantedtitle")
    send(cast.alice, thread, "plantedtext")
    send(cast.bob, thread, "an answer to alice")
    assert len(days(8)) == 2
    same = [message.message() for message in mail.outbox]
    for one in same:
        del one["Message-ID"], one["Date"], one["To"]
    left, right = (re.sub(r"/stop/\w+/", "/stop/x/", one.as_string()) for one in same)
    assert left == right
    assert sorted(same[0].keys()) == [
        "Content-Transfer-Encoding",
        "Content-Type",
        "From",
        "MIME-Version",
        "Subject",
    ]
    assert mail.outbox[0].subject == "A reminder you asked for"
    told = left.lower()
    assert not any(
        word in told for word in ("harbour", "planted", "heron", "kith", "group", "message", "/g/")
    )


def test_when_it_comes_does_not_move_when_somebody_answers(cast: Cast, monkeypatch) -> None:
    """Two worlds with the same chances; in one of them somebody answers. The same mails come at the same hours."""
    turn_on(cast.alice)
    first = Reminder.objects.get().next_on
    came: list[list[str]] = []
    said: list[list[object]] = []
    for busy in (False, True):
        Reminder.objects.update(next_on=first)
        monkeypatch.setattr(secrets, "randbelow", random.Random(7).randrange)
        mail.outbox.clear()
        thread = make_thread(cast.harbour)
        if busy:
            monkeypatch.undo()
            for _ in range(5):
                send(cast.bob, thread)
            monkeypatch.setattr(secrets, "randbelow", random.Random(7).randrange)
        came.append(days(30))
        said.append(
            [(message.subject, message.body, message.extra_headers.keys()) for message in mail.outbox]
        )
    assert came[0] == came[1] and 4 <= len(came[0]) <= 5
    assert said[0] == said[1]
    assert len({at.split()[0] for at in came[0]}) == 1, "always the same day of the week"


def test_all_hours_are_alike_and_nothing_comes_twice(cast: Cast) -> None:
    made = [Account(username=f"made-up-{number}") for number in range(480)]
    Account.objects.bulk_create(made)
    sealed = bytes(turn_on(cast.alice).sealed)
    Reminder.objects.all().delete()
    Reminder.objects.bulk_create(
        Reminder(
            account=one, sealed=sealed, stop=secrets.token_bytes(32), cadence="weekly", next_on=clock.today()
        )
        for one in made
    )
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "_post", lambda row: sent.append(str(row.pk)))
        by_hour = Counter()
        for hour in range(24):
            before = len(sent)
            with clock.held_at(clock.now().replace(hour=hour, minute=5)):
                actions.send_due()
            by_hour[hour] = len(sent) - before
    assert len(sent) == len(set(sent)) == 480
    assert max(by_hour.values()) < 60 and min(by_hour.values()) > 0  # 20 on average


@pytest.mark.parametrize(("cadence", "mails"), [("weekly", 8), ("fortnightly", 4), ("monthly", 2)])
def test_it_comes_as_often_as_was_chosen(cast: Cast, cadence: str, mails: int) -> None:
    turn_on(cast.alice, cadence=cadence)
    Reminder.objects.update(next_on=clock.today())
    assert len(days(56, hours=range(22, 24))) == mails


def test_a_worker_that_was_away_sends_one_and_keeps_the_day(cast: Cast) -> None:
    row = turn_on(cast.alice)
    Reminder.objects.update(next_on=clock.today() - dt.timedelta(days=30))
    actions.send_due()
    actions.send_due()
    later = Reminder.objects.get(pk=row.pk).next_on
    assert len(mail.outbox) == 1 and later == clock.today() + dt.timedelta(days=5)


def test_a_break_and_a_closed_account_hold_it_back(cast: Cast) -> None:
    turn_on(cast.alice)
    actions.pause(account_id=cast.alice.account.pk, until=clock.today() + dt.timedelta(days=20))
    came = days(40, hours=range(23, 24))
    assert 2 <= len(came) <= 3
    mail.outbox.clear()
    Account.objects.filter(pk=cast.alice.account.pk).update(closing_at=clock.now())
    Reminder.objects.update(next_on=clock.today())
    assert days(9, hours=range(23, 24)) == []
    Account.objects.filter(pk=cast.alice.account.pk).delete()
    assert not Reminder.objects.exists()


def test_a_mail_server_that_is_away_is_one_plain_line(cast: Cast, settings, caplog) -> None:
    turn_on(cast.alice)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    Reminder.objects.update(next_on=clock.today() - dt.timedelta(days=1))
    actions.send_due()
    assert "a mail ended with ConnectionRefusedError" in caplog.text and ADDRESS not in caplog.text
