"""Demo and real data never mix: the demo's passphrases are printed in the README."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import CommandError

from accounts.models import Account
from community.models import Group

DEMO_SIGN_IN = "demo-member"


class MixedData(CommandError):
    """Demo mode over real data, or real mode over the demo's."""


def check() -> None:
    """Raise MixedData, with what to do, unless the database fits the mode."""
    if settings.KITH_DEMO:
        if (Account.objects.exists() or Group.objects.exists()) and not has_demo():
            raise MixedData(
                "This database holds real accounts or groups, so the demo cannot be switched on over it. "
                "Start without KITH_DEMO, or point KITH_VAR or KITH_DATABASE_URL at an empty place."
            )
    elif has_demo():
        raise MixedData(
            "This database holds the demo, whose passphrases everyone knows. "
            "Start with KITH_DEMO=1, or point KITH_VAR or KITH_DATABASE_URL at an empty place."
        )


def has_demo() -> bool:
    """Whether the database is that of a demo."""
    return Account.objects.filter(username=DEMO_SIGN_IN).exists()
