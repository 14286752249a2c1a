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
    rows = list(Authenticator.objects.filter(user_id=account.pk).order_by("pk").values_list("pk", "type"))
    return SecondSteps(
        has_codes=any(kind == Authenticator.Type.TOTP for _, kind in rows),
        passkeys=[pk for pk, kind in rows if kind == Authenticator.Type.WEBAUTHN],
    )


def find(*, account: Account, kind: str) -> Authenticator | None:
    """The one code app of an account, if there is one."""
    return Authenticator.objects.filter(user_id=account.pk, type=kind).first()
