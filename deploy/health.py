"""Ask this container's server for the health page: ends with 0 when it can serve pages."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request

try:
    urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/healthz", timeout=4).close()
except (urllib.error.URLError, TimeoutError) as error:
    sys.exit(str(error))
