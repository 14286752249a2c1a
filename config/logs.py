"""Log lines that say what happened and where in the code, never to whom: no path, value or message text."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path


class Plain(logging.Formatter):
    """Level, logger, and for an error its type and the places in the code it passed through.

    A message of Django's own can hold a path, and the text of an exception can hold what a member wrote:
    only Kith's own loggers may speak in sentences.
    """

    def format(self, record: logging.LogRecord) -> str:
        line = f"{record.levelname} {record.name}"
        if record.name.startswith(("kith", "uvicorn")) and not record.exc_info:
            line = f"{line}: {record.getMessage()}"
        status = getattr(record, "status_code", None)
        if status:
            line = f"{line}: answered {status}"
        if record.exc_info and record.exc_info[0]:
            places = traceback.extract_tb(record.exc_info[2])
            route = " > ".join(f"{Path(p.filename).name}:{p.lineno} {p.name}" for p in places[-6:])
            line = f"{line}: {record.exc_info[0].__name__} at {route}"
        return line
