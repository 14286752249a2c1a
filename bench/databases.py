"""One measurement on both databases, each in a process and a database of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench.rows import Row

POSTGRES = os.environ.get("KITH_BENCH_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")


def on_both(module: str) -> Iterator[str]:
    """The lines that a module of this folder prints when it is run, by the name of the database. Connections to a
    server stay open between requests, as docker-compose.yml has it."""
    for name, url in (("SQLite", ""), ("PostgreSQL", POSTGRES)):
        environment = os.environ | {
            "KITH_TEST_DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings", "KITH_CONN_MAX_AGE": "60",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", module], env=environment, cwd=Path(__file__).parent.parent,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            yield f"{name}: not here ({done.stderr.strip().splitlines()[-1][:80]})"
        for line in done.stdout.splitlines():
            yield f"{name}: {line}"


def rows_on_both(module: str) -> Iterator[str | Row]:
    """The same, where a line may be a row in JSON."""
    for line in on_both(module):
        name, _, said = line.partition(": ")
        yield Row(**json.loads(said)) if said.startswith("{") else f"{name}: {said}"


def measure(lines: Callable[[], Iterable[str]], *, name: str) -> None:
    """Print lines over fresh tables. `name` is the database on a server: not that of the tests, which may run."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_databases, teardown_databases

    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = name
    made = setup_databases(verbosity=0, interactive=False)
    try:
        for line in lines():
            print(line, flush=True)
    finally:
        teardown_databases(made, verbosity=0)
