"""Getting ready for an appointment: a list that its owner alone can open."""

from __future__ import annotations

import json

from django.db import transaction

from community import policies
from community.actions import leaving
from community.errors import MayNot
from community.models import OwnList
from community.selectors import here as places
from community.selectors import own_lists
from community.selectors.here import Here
from community.selectors.own_lists import Keys, Lines
from core import sealing
from core import text as texts


def keep(*, here: Here, keys: Keys, lines: Lines) -> None:
    """Keep the list in place of the one before; an empty one is none. Raises NotHere or MayNot."""
    tidied = {name: tidy for name, text in lines.items() if (tidy := texts.tidy(text))}
    plain = json.dumps(tidied, ensure_ascii=False).encode()
    if len(plain) > own_lists.SIZE:
        raise MayNot(str(own_lists.TOO_LONG))
    with transaction.atomic():
        leaving.keep_in(here=here)
        policies.require("keep_own_list", places.again(here))
        if not tidied:
            OwnList.objects.filter(key=keys.row).delete()
            return
        sealed = sealing.seal(key=keys.seal, value=plain.ljust(own_lists.SIZE), place=own_lists.PLACE)
        OwnList.objects.update_or_create(key=keys.row, defaults={"sealed": sealed})
