"""Pages and forms, for WSGI servers."""

import os

from django.core.wsgi import get_wsgi_application

os.umask(0o077)  # what Kith writes, the database first of all, is for its own user alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_wsgi_application()  # first: it loads the apps

from config import gate  # noqa: E402
from core import memory  # noqa: E402

application = gate.wsgi(pages)
memory.keep_what_is_loaded()
