"""Who runs the site: a role taken with a one-time code, and known by a tag alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from community.errors import NotHere
from community.models import SiteCode, SiteRole
from core import clock, ids, sealing

CODE_LENGTH = 26  # characters: over 128 bits, so that a fingerprint is enough to store


@transaction.atomic
def make_code() -> str:
    """A new one-time code that is good until the end of tomorrow. Codes made before it end."""
    code = ids.new_code(length=CODE_LENGTH)
    SiteCode.objects.all().delete()
    SiteCode.objects.create(
        fingerprint=sealing.fingerprint(value=code.encode()), expires_on=clock.today() + dt.timedelta(days=1)
    )
    return code


@transaction.atomic
def claim(*, site_tag: bytes, typed: str) -> bool:
    """Use a code up and give its bearer the role. False if the code does not fit or is too old."""
    code = "".join(char for char in typed.upper() if char.isalnum())
    found = SiteCode.objects.filter(
        fingerprint=sealing.fingerprint(value=code.encode()), expires_on__gte=clock.today()
    )
    if not found.delete()[0]:
        return False
    SiteRole.objects.get_or_create(owner_tag=site_tag)
    return True


def take_all_roles_back() -> int:
    """End the role for everybody who has it: nobody is named, so it goes for all or for none."""
    return SiteRole.objects.all().delete()[0]


def require_role(*, site_tag: bytes) -> None:
    """Raise NotHere unless this is a site administrator."""
    if not SiteRole.objects.filter(owner_tag=site_tag).exists():
        raise NotHere
