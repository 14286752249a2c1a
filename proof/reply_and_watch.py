"""Somebody writes to you and watches whose phone lights up: mail comes at the same moments in the same words."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from types import SimpleNamespace

from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import override_settings

from accounts import reminders as kept
from accounts.actions import reminders
from accounts.enums import Cadence
from accounts.models import Reminder
from chat.models import Post
from core import clock
from proof.harness import Defence, Result, none_found, swapped

DAYS = 9
TRIALS = {"small": 3, "full": 60}
SITE = {
    "KITH_MAIL_HOST": "mail.example",
    "DEFAULT_FROM_EMAIL": "reminder@site.example",
    "KITH_ORIGINS": ["https://site.example"],
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
}
Went = list[tuple[dt.datetime, str, str, str, tuple[str, ...]]]


def prove(size: str) -> Iterator[Result]:
    """Days of hourly duty in two worlds: in one of them everybody is answered all the time, in one nobody ever is."""
    from tests.chat.saying import send
    from tests.people import make_cast, make_thread

    cast = make_cast()
    thread = make_thread(cast.harbour)
    people = [cast.people[name] for name in ("alice", "bob", "lena")]
    for number, person in enumerate(people):
        _remind(person.account.pk, f"person{number}@mail.example", number)
    tried = told = 0
    with override_settings(**SITE):
        for trial in range(TRIALS[size]):
            quiet = _days(trial, lambda: None)
            busy = _days(trial, lambda: send(cast.mona, thread) and None)
            assert busy, "the control: mails do go"
            tried += len(quiet) + len(busy)
            told += quiet != busy
    yield none_found(
        "mail does not move, and says nothing else, when someone answers", tried=tried, found=told
    )


def _remind(account_id: int, address: str, number: int) -> None:
    Reminder.objects.create(
        account_id=account_id,
        sealed=kept.seal(account_id=account_id, address=address, stop="t" * 64),
        stop=str(number).encode().ljust(32),
        cadence=Cadence.WEEKLY,
        next_on=clock.today() + dt.timedelta(days=number),
        code=b"",
        asked_on=clock.today(),
    )


def _days(seed: int, happens: Callable[[], None]) -> Went:
    """Every mail with its moment, over days that are undone afterwards. The worker's lots are drawn from the seed."""
    start = clock.now().replace(hour=0, minute=5, second=0, microsecond=0)
    went: Went = []
    outbox.outbox = []
    lots = SimpleNamespace(randbelow=random.Random(seed).randrange)
    with transaction.atomic(), swapped(reminders, "secrets", lots)():
        for hour in range(24 * DAYS):
            with clock.held_at(start + dt.timedelta(hours=hour)):
                if hour % 7 == 3:
                    happens()
                reminders.send_due()
            went += [_seen(start + dt.timedelta(hours=hour), message) for message in outbox.outbox]
            outbox.outbox = []
        transaction.set_rollback(True)
    return went


def _seen(moment: dt.datetime, message: EmailMessage) -> tuple[dt.datetime, str, str, str, tuple[str, ...]]:
    return moment, str(message.subject), message.body, message.from_email, tuple(message.to)


def _counts_news(row: Reminder) -> None:
    found = kept.unseal(account_id=row.account_id, sealed=bytes(row.sealed))
    EmailMessage("New messages", f"{Post.objects.count()} new messages.", to=[found.address]).send()


def _only_with_news(row: Reminder) -> None:
    if Post.objects.exists():
        _post(row)


_post = reminders._post
DEFENCES = [
    Defence(name="the words never change", off=swapped(reminders, "_post", _counts_news)),
    Defence(
        name="it goes whether or not anything happened", off=swapped(reminders, "_post", _only_with_news)
    ),
]
