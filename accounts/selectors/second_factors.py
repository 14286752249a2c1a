"""What somebody has as a second step."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from accounts.models import Account


@dataclass(frozen=True, kw_only=True)
class SecondSteps:
    """A code app, passkeys, or neither. Passkeys are numbered, never dated."""

    has_codes: bool
    passkeys: list[int]  # row keys, in the order they were added


def of(*, account: Account) -> SecondSteps:
    """The second steps of an account."""
    rows = list(Authenticator.objects.filter(user_id=account.pk))
    passkeys = [(row.wrap().name, row.pk) for row in rows if row.type == Authenticator.Type.WEBAUTHN]
    return SecondSteps(
        has_codes=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=[pk for _, pk in sorted(passkeys, key=lambda passkey: (len(passkey[0]), passkey[0]))],
    )


def next_passkey_name(*, account: Account) -> str:
    """What the next passkey is called: a number, since row keys are random and rows have no time."""
    rows = Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.WEBAUTHN)
    names = [row.wrap().name for row in rows]
    return str(max([0, *(int(name) for name in names if name.isdecimal())]) + 1)


def find(*, account: Account, kind: str) -> Authenticator | None:
    """The one code app of an account, if there is one."""
    return Authenticator.objects.filter(user_id=account.pk, type=kind).first()
