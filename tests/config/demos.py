"""The demo, loaded once, and the doors to it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.urls import path

from config import urls
from config.demo import load, views
from tests import again
from tests.again import Said

urlpatterns = [
    *urls.urlpatterns,
    path("demo/", views.door, name="demo"),
    path("demo/member/", views.as_member, name="demo_member"),
    path("demo/moderator/", views.as_moderator, name="demo_moderator"),
    path("demo/researcher/", views.as_researcher, name="demo_researcher"),
]


_written: list[tuple[Path, Said]] = []


def loaded(blocker: Any, factory: Any) -> Iterator[str]:
    """The demo, loaded once in a process, under a key ring of this module's own: each test undoes what it did, and the
    last one all of it."""
    keys = factory.mktemp("demo") / "keys"
    with blocker.unblock(), transaction.atomic():
        if not _written:
            _written.append(_load(factory.mktemp("demo") / "keys"))
        else:
            again.say(_written[0][1])
        shutil.copytree(_written[0][0], keys)
        yield str(keys / "ring.json")
        transaction.set_rollback(True)


def _load(keys: Path) -> tuple[Path, Said]:
    with override_settings(KITH_KEY_RING=str(keys / "ring.json")), again.heard() as said:
        load.load(say=print)
    return keys, said
