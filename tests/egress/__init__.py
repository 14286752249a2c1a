"""Shuts the way out of this machine, in this process and in all that it starts."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = str(Path(__file__).parent)


def shut() -> None:
    """From here on; again changes nothing."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if FOLDER not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([FOLDER, *filter(None, paths)])
    from tests.egress import sitecustomize  # noqa: F401
