"""Getting ready for an appointment: a list that its owner alone can open."""

from __future__ import annotations

import json

from community import policies
from community.errors import MayNot
from community.models import OwnList
from community.selectors import own_lists
from community.selectors.here import Here
from community.selectors.own_lists import Keys, Lines
from core import sealing
from core import text as texts


def keep(*, here: Here, keys: Keys, lines: Lines) -> None:
    """Keep the list in place of the one before; an empty one is none. Raises NotHere or MayNot."""
    policies.require("keep_own_list", here)
    tidied = {name: tidy for name, text in lines.items() if (tidy := texts.tidy(text))}
    if not tidied:
        OwnList.objects.filter(key=keys.row).delete()
        return
    plain = json.dumps(tidied, ensure_ascii=False).encode()
    if len(plain) > own_lists.SIZE:
        raise MayNot(str(own_lists.TOO_LONG))
    sealed = sealing.seal(key=keys.seal, value=plain.ljust(own_lists.SIZE), place=own_lists.PLACE)
    OwnList.objects.update_or_create(key=keys.row, defaults={"sealed": sealed})
