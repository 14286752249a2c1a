"""What the tests of trouble share."""

from __future__ import annotations

import pytest

from tests.faults.scene import Scene
from tests.people import make_cast, make_thread


@pytest.fixture
def scene(transactional_db: None) -> Scene:
    cast = make_cast()
    scene = Scene(cast=cast, thread=make_thread(cast.harbour))
    first = cast.bob.client.post(f"{scene.page}posts/", {"text": "first"})
    assert first.status_code == 302
    return scene
