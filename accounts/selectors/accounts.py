"""Looking accounts up."""

from __future__ import annotations

from accounts import signin_names
from accounts.models import Account


def by_name(*, name: str) -> Account | None:
    """The account with a sign-in name, or None."""
    return Account.objects.filter(username=name).first()


def free_name() -> str:
    """A drawn sign-in name that nobody has."""
    name = signin_names.draw()
    while Account.objects.filter(username=name).exists():
        name = signin_names.draw()
    return name
