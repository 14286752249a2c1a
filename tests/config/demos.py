"""The demo, loaded once for a module's tests, and the doors to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.test import override_settings
from django.urls import path

from config import urls
from config.demo import load, views

urlpatterns = [
    *urls.urlpatterns,
    path("demo/", views.door, name="demo"),
    path("demo/member/", views.as_member, name="demo_member"),
    path("demo/moderator/", views.as_moderator, name="demo_moderator"),
    path("demo/researcher/", views.as_researcher, name="demo_researcher"),
]


def loaded(blocker: Any, factory: Any) -> Iterator[str]:
    """The demo, loaded once, under this key ring: each test undoes what it did, and the last one all of it."""
    ring = str(factory.mktemp("demo") / "ring.json")
    with blocker.unblock(), transaction.atomic():
        with override_settings(KITH_KEY_RING=ring):
            load.load(say=print)
        yield ring
        transaction.set_rollback(True)
