"""The disk fills up while people write: whatever was acknowledged stands, what was not is still in the form, and it
goes on as soon as there is room."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection

from tests.faults import breaking
from tests.faults.scene import WORDS, Scene, is_calm_message, is_calm_page, next_request

pytestmark = pytest.mark.sqlite  # a server keeps files of its own
ROOM = 400_000  # bytes of journal


def test_posts_until_there_is_no_room_and_after_it(scene: Scene) -> None:
    acknowledged = []
    with breaking.no_room(left=ROOM):
        for number in range(18):  # fewer than one may send in a minute
            scene.client_id = str(uuid.uuid4())
            answer = scene.send(text=f"{number} {WORDS}")
            if answer.status_code != 201:
                break
            acknowledged.append(answer.json()["id"])
        else:
            pytest.fail("there was room for everything")
        is_calm_message(answer, status=503)
        html = is_calm_page(scene.send(by_script=False), status=503)
        assert WORDS.replace("&", "&amp;") + "</textarea>" in html
        page = scene.alice.get(f"{scene.page}?newest=1")
        assert page.status_code == 200
        assert [pid in page.content.decode() for pid in acknowledged[-3:]] == [True] * 3
    next_request()
    assert len(acknowledged) > 1
    rows = scene.rows()
    assert len(rows["posts"]) == len(rows["events"]) == len(acknowledged) + 1
    scene.sends_once(seq=len(acknowledged) + 2)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        assert cursor.fetchone() == ("ok",)
