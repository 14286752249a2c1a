"""The answer got lost, so the writer thinks that nothing was sent: what they do next never puts other words, or another
face, in the place of what stands there, and never brings back what they took away."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from chat.actions.expiring import forget_client_ids
from chat.actions.posts import delete_post
from chat.enums import PostState
from chat.models import Post
from core import clock
from tests.chat.saying import face, fresh
from tests.chat.test_alias import JSON, ONCE, say
from tests.chat.test_pages import at
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
NAMED = "I am Sarah from Leeds"
LATER = {"when": "24"}


def shown() -> list[str]:
    return list(Post.objects.filter(state=PostState.SHOWN).order_by("seq").values_list("text", flat=True))


@pytest.mark.parametrize(
    "then",
    [{"text": "I am from the north"}, {"text": NAMED, "face": "once", "once": ONCE}],
    ids=["words", "face"],
)
def test_other_words_or_another_face_are_not_taken_for_what_came(cast: Cast, then: dict[str, str]) -> None:
    thread, same = make_thread(cast.harbour), fresh()
    say(cast.alice, thread, NAMED, client_id=same)
    for accept in (JSON, {}):
        url = at("post_send", cast.harbour, thread.public_id)
        answer = cast.alice.client.post(url, {"client_id": same} | then, headers=accept)
        assert answer.status_code == 409
        assert "did come" in answer.content.decode()
    assert shown() == [NAMED]
    page = answer.content.decode()
    assert then["text"] in page.partition("<textarea")[2]
    [anew] = re.findall(r'name="client_id" value="([^"]+)"', page)
    assert anew != same
    assert say(cast.alice, thread, **{"client_id": anew} | then).status_code == 302
    assert shown() == [NAMED, then["text"]]


def test_what_was_taken_away_does_not_come_back_by_itself(cast: Cast) -> None:
    thread, same = make_thread(cast.harbour), fresh()
    say(cast.alice, thread, NAMED, client_id=same)
    delete_post(face=face(cast.alice, thread), post=Post.objects.get())
    answer = cast.alice.client.post(
        at("post_send", cast.harbour, thread.public_id), {"text": NAMED, "client_id": same}, headers=JSON
    )
    assert answer.status_code == 409
    assert "You took this message away" in answer.json()["message"]
    assert shown() == []


def test_what_tells_a_repeat_goes_within_a_day_also_of_what_was_taken_away(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    say(cast.alice, thread, NAMED)
    delete_post(face=face(cast.alice, thread), post=Post.objects.get())
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        forget_client_ids()
    assert Post.objects.get().client_id is None


def test_other_words_are_not_taken_for_what_waits(cast: Cast) -> None:
    thread, same = make_thread(cast.harbour), fresh()
    assert say(cast.alice, thread, NAMED, client_id=same, **LATER).status_code == 302
    assert say(cast.alice, thread, NAMED, client_id=same, **LATER).status_code == 302
    answer = say(cast.alice, thread, "I am from the north", client_id=same, **LATER)
    assert answer.status_code == 409
    assert "waits to appear" in answer.content.decode()
