"""`make bench`: run every measurement, or those named, print what they say, and keep the rows."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import bench
from bench.rows import Row, drop, gathered, keep, row, this_run

PARTS = {
    "__main__",
    "browsing",
    "databases",
    "filling",
    "peers",
    "plots",
    "rivals",
    "rows",
    "servers",
    "sites",
    "wires",
}
SECONDS = 1200.0  # that a whole run may take
# As long as all the others together, and with goals of pages of their own: measured where they are named.
LONG = {"files", "lookalikes", "phrases", "record"}


def main(names: Sequence[str]) -> int:
    """Run `run()` of each module in this folder: it yields rows, and sentences with a figure and its baseline. What
    was measured before goes first: of the parts that are named, or all of it. Returns how many parts failed."""
    known = [found.name for found in pkgutil.iter_modules(bench.__path__) if found.name not in PARTS]
    if unknown := set(names) - set(known):
        sys.exit(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    parts, run, began = names or [name for name in known if name not in LONG], this_run(), time.monotonic()
    drop(names)
    print(run, flush=True)
    failed = sum(not _measured(part, run) for part in parts)
    seconds = time.monotonic() - began
    print(f"{seconds:.0f} s, {failed} parts failed", flush=True)
    if not names:
        keep("whole", _whole(seconds, failed, len(parts)), run=run, took=seconds)
    return failed


def _measured(part: str, run: str) -> bool:
    """Measure one part and keep its rows, if it came to its end."""
    print(f"{part}:", flush=True)
    began, cores = time.monotonic(), os.sched_getaffinity(0)
    try:
        rows, said = gathered(importlib.import_module(f"bench.{part}").run())
    except Exception as error:  # the other parts are measured all the same
        print(f"  NOT MEASURED: {error!r}", flush=True)
        return False
    finally:
        os.sched_setaffinity(0, cores)  # some parts keep to one
    took = time.monotonic() - began
    keep(part, rows, run=run, took=took, said=said)
    print(f"  in {took:.0f} s", flush=True)
    return True


def _whole(seconds: float, failed: int, parts: int) -> list[Row]:
    took = row(
        name="a whole run: 20 minutes", baseline="20 minutes", metric="seconds", kith=[seconds], other=[SECONDS],
        at_most=1, budget=True,
    )  # fmt: skip
    lacks = row(
        name="a whole run: parts that failed", baseline="all parts", metric="parts", kith=[float(failed)],
        other=[float(parts)], at_most=0,
    )  # fmt: skip
    return [replace(took, holds=took.holds and not failed), lacks]


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with it
    sys.exit(1 if main(sys.argv[1:]) else 0)
