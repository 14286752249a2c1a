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
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


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


def main(only: list[str]) -> int:
    """Run the proofs in turn. Returns 1 if a promise did not hold."""
    import proof

    names = [m.name for m in pkgutil.iter_modules(proof.__path__) if m.name != "__main__"]
    chosen = [name for name in names if not only or name in only]
    rows: dict[str, dict[str, Any]] = {}
    latest = FOLDER / "latest.json"
    if latest.exists():
        rows = {row["name"]: row for row in json.loads(latest.read_text())}
    failed = False
    for number, name in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {name} ...", flush=True)
        started = time.monotonic()
        with a_fresh_database():
            result = importlib.import_module(f"proof.{name}").prove()
        rows[name] = {"name": name, **result, "seconds": round(time.monotonic() - started, 1)}
        print(f"    tried {result['tried']}, found {result['found']}, goal {result['goal']}", flush=True)
        failed |= result["holds"] is False
    ordered = [rows[name] for name in names if name in rows]
    latest.write_text(json.dumps(ordered, indent=2) + "\n")
    (FOLDER / "README.md").write_text(page(ordered))
    return int(failed)


def page(rows: list[dict[str, Any]]) -> str:
    """The rows as a page for people. Nothing found in n tries is reported as less than 3/n."""
    lines = [
        "# What is proved by attack",
        "",
        "`make prove` wrote this page. Nothing found in n tries means: less than 3/n, with 95 % confidence.",
        "",
        "| promise | tried | found | goal | holds | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        found = f"0 (< {3 / row['tried']:.2g})" if row["found"] == 0 and row["tried"] else row["found"]
        holds = {True: "yes", False: "**no**", None: "no goal"}[row["holds"]]
        lines.append(
            f"| {row['promise']} | {row['tried']} | {found} | {row['goal']} | {holds} | {row['seconds']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
