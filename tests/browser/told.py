"""A process over a site's data that does what its tests tell it, a command of `manage.py` a line: Django starts once,
and not for each of them. It answers with a line each, what was printed and what went wrong.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback

import django


def main() -> None:
    """Until nobody tells it anything more."""
    os.umask(0o077)  # as manage.py does
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    for line in sys.stdin:
        printed, wrong = io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                call_command(*json.loads(line))
        except BaseException:
            wrong = traceback.format_exc()
        connections.close_all()  # the site may be stopped, or its database taken away, before the next
        print(json.dumps([printed.getvalue(), wrong]), flush=True)


if __name__ == "__main__":
    main()
