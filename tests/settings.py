"""Settings for the tests: the real ones, with cheap stretching, and rows and keys in a temporary folder."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("KITH_VAR", tempfile.mkdtemp(prefix="kith-test-"))
os.environ.setdefault("KITH_SECRET_KEY", "only for tests, and never for a site that people come to")
if os.environ.get("KITH_TEST_DATABASE_URL"):
    os.environ["KITH_DATABASE_URL"] = os.environ["KITH_TEST_DATABASE_URL"]
if os.environ.get("KITH_REDIS_URL"):  # a Redis database for each process of the suite
    _base, _, _number = os.environ["KITH_REDIS_URL"].rpartition("/")
    _worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    os.environ["KITH_REDIS_URL"] = f"{_base}/{int(_number) + _worker}"

from config.settings import *  # noqa: F403
from config.settings import DATABASES, VAR_DIR

Path(VAR_DIR).mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
KITH_ARGON2 = {"passes": 1, "lanes": 1, "memory_kib": 8}
PASSWORD_HASHERS = ["tests.hashers.Cheap"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    # What docker-compose sets for the whole server: no refused statement is written to its log.
    # And what only a test may do: not to wait for the disk, since no test survives a crash of the server, nor to
    # compile what is asked once.
    DATABASES["default"]["OPTIONS"]["options"] = (
        "-c log_min_error_statement=panic -c log_statement=none -c synchronous_commit=off -c jit=off"
    )
else:
    # SQLite keeps the statements that it compiled. A process of the suite asks more than any other.
    DATABASES["default"]["OPTIONS"]["cached_statements"] = 2000
