"""Due work on the record: signing what came, and checking each chain once a day."""

from __future__ import annotations

import logging
import time

from audit import actions, selectors, verification
from audit.errors import RecordAway
from core import clock, ticker
from core.ledger import LedgerAway

logger = logging.getLogger("kith.record")
BUDGET = 2.0  # seconds a minute, or one chain: other due work waits behind this


def register() -> None:
    """Hand the duties to the ticker."""
    ticker.register("sign the record", actions.sign_all, every=60)
    ticker.register("check the record", check, every=60)


def check() -> None:
    """Check chains that were not checked today, as many as the time allows."""
    began = time.monotonic()
    for scope in selectors.due_for_checking(on=clock.today()):
        try:
            is_sound = verification.verify(scope=scope).is_sound
        except (RecordAway, LedgerAway):
            return  # said in the log: tried again in a minute
        if not is_sound:
            logger.error("the record is not intact: run manage.py audit verify")
        actions.keep_verdict(scope=scope, is_sound=is_sound)
        if time.monotonic() - began > BUDGET:
            return
