"""Run every test: the style and import checks, the suite on SQLite, again on PostgreSQL with Redis, and browsers.

Parts whose server is missing are left out and named at the end, unless KITH_NO_SKIPS=1.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The Makefile keeps compiled files out of the tree; here they lie beside the packages, and halve the time to start.
COMPILED = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(Path(sys.prefix) / "pycache")}
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Run the parts in turn. Returns the worst exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", default="2", help="processes for the suite")
    parser.add_argument("--no-browsers", action="store_true", help="leave the browser tests out")
    parser.add_argument("--all", action="store_true", help="what takes long, too")
    arguments = parser.parse_args()
    from tests import rotation, servers

    strict = os.environ.get("KITH_NO_SKIPS") == "1"
    missing = {} if strict else servers.missing()
    common = ["--durations", "10", "--durations-min", "1"]
    # A test that hangs ends its process, is named, and the rest goes on.
    common += ["--timeout", "3600" if rotation.FULL else "300", "--timeout-method", "thread"]
    suite = [*common, "--ignore", "tests/browser", "-n", arguments.workers, "--dist", "worksteal", "-m"]
    again = "wholly" if rotation.FULL else "briefly"
    late = "" if arguments.all else " and not late"
    parts = {"suite on SQLite": ([*suite, f"not browser and not postgres{late}"], {})}
    if "postgres" not in missing and "redis" not in missing:
        real = {"KITH_TEST_DATABASE_URL": servers.POSTGRES_URL, "KITH_REDIS_URL": servers.REDIS_URL}
        chosen = [*suite, f"not browser and not sqlite{late}", "--again", again]
        parts["suite on PostgreSQL and Redis"] = (chosen, real)
    if "browser" not in missing and not arguments.no_browsers:
        side_by_side = ["-n", arguments.workers, "--dist", "loadfile", "--turns"]
        parts["browsers"] = ([*common, *side_by_side, "-m", "browser", "tests/browser"], {})
    worst = 0
    for name, (options, environment) in parts.items():
        worst = max(worst, _run(name, options, environment))
    for marker, reason in missing.items():
        print(f"skipped: {marker} tests: {reason}")
    return worst


def _run(name: str, options: list[str], environment: dict[str, str]) -> int:
    started = time.monotonic()
    print(f"== {name}", flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *options],
        cwd=ROOT,
        env=os.environ | COMPILED | environment,
        check=False,
    )
    print(f"== {name}: {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
