"""A process beside the one that ticks, in which files are made: the duties go on meanwhile, and so do pages."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings

from research.actions import making

_child: subprocess.Popen[bytes] | None = None


def start() -> None:
    """The duty: begin to make what waits, unless that is being done."""
    global _child  # noqa: PLW0603 - one child for each process that ticks
    if _child is not None and _child.poll() is None:
        return
    _child = None
    if making.is_wanted():
        command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "files"]
        _child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - nobody's words are in it
