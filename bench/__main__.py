"""`make bench`: run every measurement, or those named, and print its rows."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import bench


def main(names: list[str]) -> None:
    """Run `run()` of each module in this folder: it yields sentences with a figure and its baseline."""
    for module in pkgutil.iter_modules(bench.__path__):
        if module.name in {"__main__", "databases"} or (names and module.name not in names):
            continue
        print(f"{module.name}:", flush=True)
        for line in importlib.import_module(f"bench.{module.name}").run():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
