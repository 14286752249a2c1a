"""What most tests of moderation begin with."""

from __future__ import annotations

import pytest

from chat.models import Thread
from tests.people import Cast, make_thread


@pytest.fixture
def thread(cast: Cast) -> Thread:
    return make_thread(cast.harbour)
