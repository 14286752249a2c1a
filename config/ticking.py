"""Running the ticker: one process at a time, by a lease row."""

from __future__ import annotations

import datetime as dt
import threading

from django.db.models import Q

from config.models import Lease
from core import clock, ids, ticker

LENGTH = dt.timedelta(seconds=20)
_me = ids.new_public_id()


def holds_lease() -> bool:
    """Take or renew the lease. True if this process has it: another may take it when it was not renewed, or where it
    ends later than any lease does: the clock was put back since."""
    moment = clock.now()
    epoch = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    Lease.objects.get_or_create(name="ticker", defaults={"holder": _me, "until": epoch})
    mine_or_over = Q(holder=_me) | Q(until__lt=moment) | Q(until__gt=moment + 2 * LENGTH)
    taken = Lease.objects.filter(mine_or_over, name="ticker").update(holder=_me, until=moment + LENGTH)
    return bool(taken)


def start() -> threading.Event:
    """Tick in a thread of this process. Returns the event that stops it."""
    stop = threading.Event()
    thread = threading.Thread(
        target=ticker.run_forever,
        kwargs={"stop": stop, "holds_lease": holds_lease},
        daemon=True,
        name="ticker",
    )
    thread.start()
    return stop
