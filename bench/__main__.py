"""`make bench`: run every measurement, or those named, print what they say, and keep the rows."""

from __future__ import annotations

import importlib
import pkgutil
import signal
import sys
import time

import bench
from bench.rows import Row, keep

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


def main(names: list[str]) -> None:
    """Run `run()` of each module in this folder: it yields rows, and sentences with a figure and its baseline."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name in PARTS or (names and module.name not in names):
            continue
        print(f"{module.name}:", flush=True)
        rows: list[Row] = []
        began = time.monotonic()
        for found in importlib.import_module(f"bench.{module.name}").run():
            rows += [found] if isinstance(found, Row) else []
            print(f"  {found}", flush=True)
        keep(rows)
        print(f"  in {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started ends with it
    main(sys.argv[1:])
