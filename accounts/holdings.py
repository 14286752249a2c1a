"""What the private world holds of a person, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator

from accounts.actions import closing
from accounts.models import Account, FactSheet, Lock, Reminder, Session, SessionEvent, SessionStream
from accounts.selectors import reminders
from core import ledger
from core.registries import holdings
from core.registries.holdings import Owner, Row


def _account_rows(owner: Owner) -> Iterable[Row]:
    return Account.objects.filter(pk=owner.account_id or 0).values("username", "discreet")


def _erase_account(owner: Owner) -> None:
    if owner.account_id:
        closing.delete(str(owner.account_id))  # locks, facts and second factors go with it


def _accounts_there() -> Iterable[str]:
    return map(str, Account.objects.values_list("pk", flat=True).iterator())


def _reminder_rows(owner: Owner) -> Iterable[Row]:
    mine = reminders.own(account_id=owner.account_id or 0)
    return [{"address": mine.address, "cadence": str(mine.cadence)}] if mine else []


def _nothing(owner: Owner) -> Iterable[Row]:
    return []


def _gone_with_account(owner: Owner) -> None:
    return


def _erase_sessions(owner: Owner) -> None:
    if owner.tag:
        Session.objects.filter(owner_tag=owner.tag).delete()


def register() -> None:
    """Register every model of the private world, and allauth's, and what the ledger of erasures can name."""
    ledger.register_waiting("closing", rows=closing.lines, restore=closing.restore)
    ledger.register("account", refs=_accounts_there, erase=closing.delete)
    holdings.hold(Account, export=_account_rows, erase=_erase_account)
    holdings.hold(Reminder, export=_reminder_rows, erase=_gone_with_account)
    for model in (FactSheet, Lock, Authenticator):
        holdings.hold(model, export=_nothing, erase=_gone_with_account)
    holdings.hold(Session, export=_nothing, erase=_erase_sessions)
    holdings.keep(SessionStream, because="one counter for the whole site")
    holdings.keep(SessionEvent, because="fingerprints of ended sessions, the last 10,000 of the site")
    holdings.keep(EmailAddress, because="stays empty: Kith asks for no address")
    holdings.keep(EmailConfirmation, because="stays empty: Kith asks for no address")
