"""Looking accounts up."""

from __future__ import annotations

from typing import Any

from accounts import signin_names
from accounts.models import Account
from core import clock


def by_name(*, name: str) -> Account | None:
    """The account with a sign-in name, or None. One whose undo time is over is gone, though its row may be there
    for some seconds more."""
    return Account.objects.exclude(closing_at__lte=clock.now()).filter(username=name).first()


def is_open(*, pk: int) -> bool:
    """Whether an account is there and nobody closed it."""
    return Account.objects.filter(pk=pk, closing_at=None).exists()


def is_closing(account: Any) -> bool:
    """Whether somebody closed their account, and may only take that back. Who is signed out did not."""
    return getattr(account, "closing_at", None) is not None


def free_name() -> str:
    """A drawn sign-in name that nobody has."""
    name = signin_names.draw()
    while Account.objects.filter(username=name).exists():
        name = signin_names.draw()
    return name
