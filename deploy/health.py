"""Ask this container's server for the health page: ends with 0 when it can serve pages."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

# The server answers only to its own names, so the question is put in one of them.
host = urlsplit(os.environ["KITH_ORIGINS"].split(",")[0].strip()).hostname or ""
question = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/healthz", headers={"Host": host})
try:
    urllib.request.urlopen(question, timeout=4).close()  # noqa: S310
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(str(error))
