"""`make prove`: run every proof, or ONLY=name, over a database of its own; write latest.json and README.md."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proof import harness

FOLDER = Path(__file__).parent
# Modules that prove nothing by themselves.
TOOLS = {
    "__main__",
    "crowd",
    "fewer",
    "harness",
    "hurried",
    "lives",
    "measures",
    "oracle",
    "pairing",
    "physical",
    "sockets",
    "solving",
    "talkative",
    "forgetful",
    "tampering",
    "told",
    "tied",
    "totals",
    "traces",
    "wording",
    "worry_weights",
}


@contextmanager
def a_fresh_database() -> Iterator[None]:
    """Kith's own rows in a database that is thrown away afterwards."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django
    from django.test.utils import get_runner, setup_test_environment, teardown_test_environment

    django.setup()
    from django.conf import settings

    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)
        teardown_test_environment()


def names() -> list[str]:
    """Every proof in this folder."""
    return sorted(m.name for m in pkgutil.iter_modules([str(FOLDER)]) if m.name not in TOOLS)


def load(name: str) -> harness.Proof:
    """One proof by name. Django must be set up."""
    return harness.of_module(importlib.import_module(f"proof.{name}"))


def main(only: list[str]) -> int:
    """Run the proofs in turn, each in a process of its own. Returns 1 if a promise did not hold."""
    chosen = [name for name in names() if not only or name in only]
    latest = FOLDER / "latest.json"
    rows = json.loads(latest.read_text()) if latest.exists() else []
    failed = False
    for number, name in enumerate(chosen):
        _progress(number, len(chosen), name)
        found = _run(name)
        failed |= any(row["holds"] is False for row in found)
        rows = [row for row in rows if row["name"].partition(": ")[0] != name] + found
        rows = [row for row in rows if row["name"].partition(": ")[0] in names()]
        rows.sort(key=lambda row: row["name"])
        latest.write_text(json.dumps(rows, indent=2) + "\n")
        (FOLDER / "README.md").write_text(page(rows))
    _progress(len(chosen), len(chosen), "done")
    print()
    for row in rows:
        if row["name"].partition(": ")[0] in chosen:
            held = {True: "holds", False: "DOES NOT HOLD", None: "no goal"}[row["holds"]]
            print(f"{row['name']}: tried {row['tried']}, found {row['found']}, goal {row['goal']}: {held}")
    return int(failed)


def _run(name: str) -> list[dict[str, Any]]:
    started = time.monotonic()
    with a_fresh_database():
        size = "small" if os.environ.get("SMALL") else "full"
        results = list(load(name).prove(size))
    seconds = round(time.monotonic() - started, 1)
    return [
        {
            "name": f"{name}: {result.part}" if result.part else name,
            **asdict(result),
            "size": size,
            "seconds": seconds,
        }
        for result in results
    ]


def _progress(done: int, of: int, name: str) -> None:
    bar = "#" * round(20 * done / max(of, 1))
    print(f"\r[{bar:20}] {done}/{of} {name:40}", end="", flush=True)


def page(rows: list[dict[str, Any]]) -> str:
    """The rows as a page for people. Nothing found in n tries is reported as less than 3/n."""
    lines = [
        "# What is proved by attack",
        "",
        "`make prove` wrote this page. Nothing found in n tries means: less than 3/n, with 95 % confidence. "
        "Where there is no goal, the figure says what Kith cannot hide.",
        "",
        "| proof | promise | tried | found | goal | holds | size | seconds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = f"0 (< {3 / row['tried']:.2g})" if row["found"] == 0 and row["tried"] else row["found"]
        holds = {True: "yes", False: "**no**", None: "no goal"}[row["holds"]]
        lines.append(
            f"| {row['name']} | {row['promise']} | {row['tried']} | {found} | {row['goal']} | {holds} "
            f"| {row['size']} | {row['seconds']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
