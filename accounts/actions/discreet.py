"""Whether the edges of the screen say where somebody is."""

from __future__ import annotations

from accounts.models import Account


def set_discreet(*, account_id: int, on: bool) -> None:
    """From the next page on, in every browser of this account."""
    Account.objects.filter(pk=account_id).update(discreet=on)
