"""What docker-compose.yml starts, so that tests and proofs run the parts as an installation does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

COMPOSE: dict[str, Any] = yaml.safe_load(
    (Path(__file__).resolve().parent.parent / "docker-compose.yml").read_text()
)
HERE = {"WEB_WORKERS": "2"}  # what a machine for tests has in place of a server's
ASKED = re.compile(r"\$\{(\w+)(?::[-?]([^}]*))?\}")


def command(service: str, *, port: int = 0) -> list[str]:
    """The command of a service; what serves is on loopback, on a port of its own. Kith's own parts are what Python is
    given."""
    parts = [_here(str(part), port) for part in COMPOSE["services"][service]["command"]]
    if parts[0] == "granian":
        return ["-m", *parts]
    return parts[1:] if parts[0] == "python" else parts


def _here(part: str, port: int) -> str:
    name, _, _ = part.partition("=")
    changed = {"--host": "--host=127.0.0.1", "--port": f"--port={port}"} if port else {}
    return changed.get(name, ASKED.sub(lambda found: HERE.get(found[1], found[2]), part))


def settings(service: str) -> dict[str, str]:
    """The settings that this service of Kith has beside those of all of them, but for secrets, which lie in files."""
    own = COMPOSE["services"][service].get("environment", {})
    beside = own.keys() - COMPOSE["x-kith"]["environment"].keys()
    return {key: str(own[key]) for key in beside if not key.endswith("_FILE")}
