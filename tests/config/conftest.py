"""The demo, for whoever asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.config import demos


@pytest.fixture(scope="module")
def ring(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[str]:
    yield from demos.loaded(django_db_blocker, tmp_path_factory)
