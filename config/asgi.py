"""Everything in one process, or the sockets alone in a live process of their own (config.live)."""

import os

from django.core.asgi import get_asgi_application

os.umask(0o077)  # what Kith writes, the database first of all, is for its own user alone
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
pages = get_asgi_application()  # first: it loads the apps

from channels.routing import ProtocolTypeRouter  # noqa: E402

from config import bodies, gate, sockets  # noqa: E402
from core import memory  # noqa: E402

application = ProtocolTypeRouter({"http": gate.asgi(bodies.bounded(pages)), "websocket": sockets.door})
memory.keep_what_is_loaded()
