"""A code that goes to a mail address, and is typed by whoever reads there: an address is used only after that."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import TypeVar

from django import forms
from django.db.models import F, Model, QuerySet
from django.utils.translation import gettext_lazy as _

from core import clock, mail, ratelimit

DIGITS = 6
MOST_TRIES = 5
CODES_A_DAY = 3  # to one address, and for one who asks
DAY = 86_400
M = TypeVar("M", bound=Model)


class MailedCode(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(
        label=_("The code from the mail"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the code from the mail.")},
    )


def send(template: str, *, to: str, by: str) -> str | None:
    """Send a code to an address, for one who asks. Returns the code, or None if none could be sent. An address that got
    its codes for the day gets no more, and the answer is the same: else it would tell that somebody here uses it."""
    if ratelimit.hit("code", by, limit=CODES_A_DAY, seconds=DAY):
        return None
    had_enough = ratelimit.hit("code to", to.lower(), limit=CODES_A_DAY, seconds=DAY)
    code = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
    return code if mail.is_set_up() and (had_enough or mail.send(template, to=to, code=code)) else None


def since() -> dt.date:
    """The day from which on a code still works: it does for a day."""
    return clock.today() - dt.timedelta(days=1)


def tried(waiting: QuerySet[M], *, tag: bytes) -> M | None:
    """The one row that waits, if this is the tag of its code. A few tries."""
    # Counted before it is compared, so that many tries at once are no more than many in turn.
    if not waiting.filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1):
        return None
    row = waiting.first()
    return row if row and secrets.compare_digest(bytes(vars(row)["code"]), tag) else None
