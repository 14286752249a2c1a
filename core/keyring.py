"""The key ring: one random key a month, in a file outside the database.

Locks carry an outer layer under the month's key. When a month's key is destroyed, every backup that still
carries that layer opens nothing, whatever passphrase is guessed.
"""

from __future__ import annotations

import base64
import fcntl
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from core import clock, ids

logger = logging.getLogger("kith.keyring")
LASTING = "lasting"  # a name no month has


class KeyGone(Exception):
    """The key of that month was destroyed, or never existed."""


class RingAway(Exception):
    """The ring cannot be read or written now. Nothing is made anew in its place: what it locks would be lost."""


def current_epoch() -> str:
    """The month whose key new locks are put under, as 'YYYY-MM'."""
    return clock.today().strftime("%Y-%m")


def key_of(*, epoch: str) -> bytes:
    """The 32-byte key of a month. The current month's key is made at first use; a missing older one raises."""
    ring = _read()
    if epoch not in ring:
        if epoch != current_epoch():
            raise KeyGone(epoch)
        ring = _add(epoch)
    return base64.b64decode(ring[epoch])


def epochs() -> list[str]:
    """The months that still have a key, oldest first."""
    return sorted(set(_read()) - {LASTING})


def destroy(*, epoch: str) -> None:
    """Forget one month's key for good. The current month's key cannot be destroyed."""
    if epoch == current_epoch():
        raise ValueError("the current month's key is in use")
    with _held() as ring:
        if ring.pop(epoch, None):
            _write(ring)


def _path() -> Path:
    return Path(settings.KITH_KEY_RING)


def _guard() -> Path:
    """Whoever changes the ring holds this file. It is empty until there is a ring."""
    return _path().with_suffix(".guard")


def _read() -> dict[str, str]:
    try:
        ring: dict[str, str] = json.loads(_path().read_text())
    except FileNotFoundError:
        if _guard().exists() and _guard().stat().st_size:
            logger.error("the key ring (KITH_KEY_RING) is gone: put its copy back")
            raise RingAway from None
        return {}
    except (OSError, ValueError):
        logger.error(
            "the key ring (KITH_KEY_RING) cannot be read: look at its owner, its rights and its disk"
        )
        raise RingAway from None
    return ring


@contextmanager
def _held() -> Iterator[dict[str, str]]:
    """The ring as it is now, which nobody changes meanwhile: what another process added is not written over."""
    try:
        _path().parent.mkdir(parents=True, exist_ok=True)
        with _guard().open("a") as guard:
            fcntl.flock(guard.fileno(), fcntl.LOCK_EX)
            ring = _read()
            yield ring
            if ring and not guard.tell():
                guard.write("there is a ring\n")
    except OSError:
        logger.error("the key ring cannot be changed: look at its owner, its rights and its disk")
        raise RingAway from None


def _add(name: str) -> dict[str, str]:
    # Several processes may meet a new month at once: the first to hold the guard writes, the rest re-read.
    with _held() as ring:
        if name not in ring:
            ring[name] = base64.b64encode(ids.new_secret()).decode()
            _write(ring)
    return ring


def _write(ring: dict[str, str]) -> None:
    path = _path()
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w") as handle:
            json.dump(ring, handle)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.chmod(0o600)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def lasting_key() -> bytes:
    """A 32-byte key of this installation that is not destroyed with the months: for second-factor seeds."""
    ring = _read()
    if LASTING not in ring:
        ring = _add(LASTING)
    return base64.b64decode(ring[LASTING])
