"""What takes turns, so that all of it has run within some days; with KITH_FULL=1 all of it runs at once."""

from __future__ import annotations

import os
import zlib
from datetime import date

FULL = os.environ.get("KITH_FULL") == "1"
TODAY = date.today().toordinal()  # noqa: DTZ011 - any day will do


def is_todays(name: str, *, days: int = 3) -> bool:
    """Whether this is among what runs today, so that all has run in so many days."""
    return FULL or zlib.crc32(name.encode()) % days == TODAY % days
