"""Taking a break: until a day, home shows nothing else but what a team has for its owner, and no reminder comes."""

from __future__ import annotations

import datetime as dt

from accounts import facts
from accounts.actions import reminders
from accounts.models import Account

UNTIL = "break_until"  # among the settings on the sealed sheet: nobody else can see who is away


def take(*, account_id: int, secret: bytes, until: dt.date) -> None:
    """Be away until a day. The reminder's row learns the day, for the worker cannot open the sheet."""
    _keep(account_id, secret, until.isoformat())
    reminders.pause(account_id=account_id, until=until)


def end(*, account_id: int, secret: bytes) -> None:
    """Be back."""
    _keep(account_id, secret, "")
    reminders.pause(account_id=account_id, until=None)


def _keep(account_id: int, secret: bytes, until: str) -> None:
    account = Account.objects.get(pk=account_id)
    sheet = facts.read(account=account, secret=secret)
    settings = {name: value for name, value in sheet.get("settings", {}).items() if name != UNTIL}
    sheet["settings"] = settings | ({UNTIL: until} if until else {})
    facts.write(account=account, secret=secret, sheet=sheet)
