"""Reading one's own list for an appointment."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from community.models import OwnList
from core import sealing

SIZE = 12_288  # bytes: every list is as long as any other
PLACE = "own list|appointment"
TOO_LONG = _("This is too long to keep. Make it shorter, please.")
Lines = Mapping[str, str]
KeyOf = Callable[[str, str], bytes]


@dataclass(frozen=True, kw_only=True)
class Keys:
    """How one's row is found, and what opens it: both made in its owner's own request."""

    row: bytes = field(repr=False)
    seal: bytes = field(repr=False)


def keys_for(*, key_of: KeyOf, gid: str) -> Keys:
    """The keys of one's own list in a group."""
    return Keys(row=key_of("appointment", gid), seal=key_of("appointment seal", gid))


def read(*, keys: Keys) -> dict[str, str]:
    """What one wrote, or nothing."""
    row = OwnList.objects.filter(key=keys.row).first()
    if row is None:
        return {}
    found: dict[str, str] = json.loads(sealing.unseal(key=keys.seal, sealed=bytes(row.sealed), place=PLACE))
    return found
