"""A peer's pages, for its WSGI server. Runs in the peer's environment, not in Kith's."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
