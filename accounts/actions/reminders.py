"""Reminders by mail: asked for, confirmed with a code, sent on their day whether or not anything happened.

What is sent and when depends on this one row and on chance. Nothing that happens in a group is read here.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.db.models import Q

from accounts import reminders
from accounts.enums import Cadence
from accounts.models import Reminder
from core import clock, ids, mail, mailed_codes, sealing


def ask(*, account_id: int, address: str, cadence: Cadence) -> bool:
    """Send a code to an address, in place of an earlier one. False if none could be sent."""
    code = mailed_codes.send("email/code.txt", to=address, by=f"reminder|{account_id}")
    if code is None:
        return False
    token = ids.new_secret().hex()
    Reminder.objects.update_or_create(
        account_id=account_id,
        defaults={
            "sealed": reminders.seal(account_id=account_id, address=address, stop=token),
            "stop": sealing.fingerprint(value=token.encode()),
            "cadence": cadence,
            "next_on": None,
            "code": reminders.code_tag(account_id=account_id, code=code),
            "tries": 0,
            "asked_on": clock.today(),
        },
    )
    return True


def confirm(*, account_id: int, code: str) -> bool:
    """Turn it on with the code from the mail, for a day of the week drawn by lot. A few tries, for a day."""
    waiting = Reminder.objects.filter(account_id=account_id, next_on=None, asked_on__gte=mailed_codes.since())
    row = mailed_codes.tried(waiting, tag=reminders.code_tag(account_id=account_id, code=code.strip()))
    if row is None:
        return False
    first = clock.today() + dt.timedelta(days=1 + secrets.randbelow(7))
    return waiting.filter(pk=row.pk).update(next_on=first, code=b"") == 1


def change(*, account_id: int, cadence: Cadence) -> None:
    """Another cadence, from the next mail on."""
    Reminder.objects.filter(account_id=account_id).update(cadence=cadence)


def pause(*, account_id: int, until: dt.date | None) -> None:
    """No mail before a day, or none held back any more."""
    Reminder.objects.filter(account_id=account_id).update(paused_until=until)


def stop(*, account_id: int) -> None:
    """No more mail, and the address is forgotten."""
    Reminder.objects.filter(account_id=account_id).delete()


def stop_by_link(*, token: str) -> None:
    """The same, by the link in a mail. It looks alike for a link that leads to nothing."""
    Reminder.objects.filter(stop=sealing.fingerprint(value=token.encode())).delete()


def send_due() -> None:
    """Send what is due. Due work, about once an hour: at each hour of its day a mail goes with a chance that makes
    all hours alike, so that no row holds a time of day."""
    today = clock.today()
    for row in Reminder.objects.filter(Q(next_on__lte=today), account__closing_at=None):
        if row.next_on == today and secrets.randbelow(24 - clock.now().hour):
            continue
        _send(row, today)
    Reminder.objects.filter(next_on=None, asked_on__lt=mailed_codes.since()).delete()


def _send(row: Reminder, today: dt.date) -> None:
    assert row.next_on is not None
    steps = (today - row.next_on).days // Cadence(row.cadence).days + 1
    later = row.next_on + steps * dt.timedelta(days=Cadence(row.cadence).days)
    if not Reminder.objects.filter(pk=row.pk, next_on=row.next_on).update(next_on=later):
        return  # somebody else sends it: never twice
    if row.paused_until is None or row.paused_until <= today:
        _post(row)


def _post(row: Reminder) -> None:
    found = reminders.unseal(account_id=row.account_id, sealed=bytes(row.sealed))
    mail.send(
        "email/reminder.txt", to=found.address, stop_url=f"{settings.KITH_ORIGINS[0]}/stop/{found.stop}/"
    )
