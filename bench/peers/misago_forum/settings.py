"""Misago as its own example site sets it up, tuned for one core. Runs in its environment, not in Kith's."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from devproject.settings import *  # noqa: F403 the example site that comes with Misago
from devproject.settings import INSTALLED_APPS, MIDDLEWARE
from misago.conf.defaults import MISAGO_POSTING_MIDDLEWARES as POSTING

FOLDER, URL = Path(os.environ["PEER_FOLDER"]), urlsplit(os.environ["PEER_DATABASE_URL"])
DEBUG = False
SECRET_KEY = "only for measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": URL.path[1:], "USER": URL.username, "PASSWORD": URL.password,
        "HOST": URL.hostname, "PORT": URL.port, "CONN_MAX_AGE": None,  # a thread keeps its connection
    }
}  # fmt: skip
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}  # one process: nothing is faster
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
INSTALLED_APPS = [app for app in INSTALLED_APPS if app != "debug_toolbar"]
MIDDLEWARE = [one for one in MIDDLEWARE if "DebugToolbar" not in one]
STATIC_ROOT, MEDIA_ROOT = str(FOLDER / "static"), str(FOLDER / "media")
CELERY_BROKER_URL = "memory://"  # notices are handed over at once, and nobody works on them
# Everybody may write as fast as they can.
MISAGO_POSTING_MIDDLEWARES = [one for one in POSTING if "floodprotection" not in one]
ROOT_URLCONF = "devproject.urls"
WSGI_APPLICATION = "devproject.wsgi.application"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {
    "version": 1,
    "handlers": {"err": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["err"]},
}
