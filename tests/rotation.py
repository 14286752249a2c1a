"""What takes turns, so that all of it has run within some days; with KITH_FULL=1 all of it runs at once."""

from __future__ import annotations

import os
import zlib
from datetime import date

FULL = os.environ.get("KITH_FULL") == "1"
TODAY = date.today().toordinal()  # noqa: DTZ011 - any day will do


def is_todays(name: str) -> bool:
    """Whether this is among the third of today."""
    return FULL or zlib.crc32(name.encode()) % 3 == TODAY % 3
