"""Spirit as its project template sets it up, tuned for one core. Runs in its environment, not in Kith's."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from spirit.extra.project_template.project_name.settings.base import *  # noqa: F403 the template
from spirit.extra.project_template.project_name.settings.base import STORAGES

FOLDER, URL = Path(os.environ["PEER_FOLDER"]), urlsplit(os.environ["PEER_DATABASE_URL"])
DEBUG = False
SECRET_KEY = "only for measuring"
ALLOWED_HOSTS = ["127.0.0.1"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql", "NAME": URL.path[1:], "USER": URL.username, "PASSWORD": URL.password,
        "HOST": URL.hostname, "PORT": URL.port, "CONN_MAX_AGE": None,  # a thread keeps its connection
    }
}  # fmt: skip
_local = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": None}  # one process
CACHES = {"default": _local, "st_rate_limit": _local | {"LOCATION": "limits"}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ST_SITE_URL = "http://127.0.0.1/"
ST_RATELIMIT_ENABLE = False  # everybody may write as fast as they can
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
HAYSTACK_SIGNAL_PROCESSOR = "haystack.signals.BaseSignalProcessor"  # nothing is indexed while somebody waits
STATIC_ROOT, MEDIA_ROOT = str(FOLDER / "static"), str(FOLDER / "media")
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
ROOT_URLCONF = "spirit.extra.project_template.project_name.urls"
WSGI_APPLICATION = "spirit_wsgi.application"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
LOGGING = {
    "version": 1,
    "handlers": {"err": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["err"]},
}
