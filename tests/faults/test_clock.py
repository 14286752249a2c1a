"""The clock is put forwards or back while people talk: posts keep their order, nothing acknowledged is lost, nobody is
kept out for as long as the clock was wrong, and whose sign-in is over reads so, with the words kept."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from chat.models import Post
from community.models import DueAct
from config import ticking
from config.models import Lease
from core import clock, ids, ticker
from tests.chat.saying import send
from tests.faults.scene import WORDS, Scene
from tests.live.conftest import Open, sockets
from tests.people import make_cast, make_thread, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
sockets = sockets  # noqa: PLW0127 a fixture
HOUR, DAY, YEAR = 3600.0, 86_400.0, 365 * 86_400.0
STEPS = pytest.mark.parametrize("step", [DAY, -DAY, HOUR, -HOUR], ids=["+day", "-day", "+hour", "-hour"])
Step = Callable[[float], None]


@pytest.fixture
def step_clock(monkeypatch: pytest.MonkeyPatch) -> Step:
    """Put the clock of this computer forwards by so many seconds, or back. What counts seconds since the start goes on
    as it does there."""
    real, real_now, off = time.time, timezone.now, [0.0]
    monkeypatch.setattr(time, "time", lambda: real() + off[0])
    monkeypatch.setattr(timezone, "now", lambda: real_now() + dt.timedelta(seconds=off[0]))

    def step(seconds: float) -> None:
        off[0] += seconds

    return step


def test_the_clock_of_the_tests_steps(step_clock: Step) -> None:
    before, today = time.time(), clock.today()
    step_clock(-DAY)
    assert time.time() < before - 86_000
    assert clock.today() < today


@STEPS
def test_posts_keep_their_numbers_and_nothing_is_lost_or_doubled(
    scene: Scene, step_clock: Step, step: float
) -> None:
    acknowledged = ["first"]
    for number in range(6):
        if number == 3:
            step_clock(step)
        scene.client_id = str(uuid.uuid4())
        for _ in range(2):  # each is tried again, as after an answer that was lost
            assert scene.send(text=f"number {number}").status_code in {200, 201}
        acknowledged.append(f"number {number}")
    rows = scene.rows()
    assert rows["posts"] == list(enumerate(acknowledged, start=1))
    assert [seq for seq, _ in rows["events"]] == list(range(1, 8))
    page = scene.alice.get(f"{scene.page}?newest=1").content.decode()
    assert [page.index(f"number {number}") for number in range(6)] == sorted(
        page.index(f"number {number}") for number in range(6)
    )
    missed = scene.alice.get(f"{scene.page}events/?after=3").json()
    assert [event["seq"] for event in missed["events"]] == [4, 5, 6, 7]


@STEPS
def test_nobody_waits_longer_than_the_page_says(
    scene: Scene, step_clock: Step, step: float, settings: object
) -> None:
    settings.KITH_REDIS_URL = ""  # type: ignore[attr-defined]  # Redis has a clock of its own
    for _ in range(25):
        scene.client_id = str(uuid.uuid4())
        answer = scene.send(text="quick")
    assert answer.status_code == 429
    step_clock(step)
    scene.client_id = str(uuid.uuid4())
    answer = scene.send(text="quick")
    assert answer.status_code == 201 or int(answer["Retry-After"]) <= 60


@pytest.mark.parametrize("by_script", [True, False])
def test_whose_sign_in_is_over_by_the_new_clock_reads_so_and_keeps_their_words(
    scene: Scene, step_clock: Step, by_script: bool
) -> None:
    before = scene.rows()
    step_clock(YEAR)
    answer = scene.send(by_script=by_script)
    if by_script:
        assert (answer.status_code, answer.json()["over"]) == (404, "out")
    else:
        assert answer.status_code == 404
        assert WORDS.replace("&", "&amp;") + "</textarea>" in answer.content.decode()
    step_clock(-YEAR)
    assert scene.rows() == before
    sign_in(scene.alice, scene.cast.alice.account, scene.cast.alice.secret, strong=False)
    scene.sends_once(seq=2)


@STEPS
def test_what_waits_comes_once_and_is_not_lost(scene: Scene, step_clock: Step, step: float) -> None:
    form = {"text": "a little later", "client_id": str(uuid.uuid4()), "when": "3"}
    assert scene.alice.post(f"{scene.page}posts/", form).status_code == 302
    assert DueAct.objects.count() == 1
    step_clock(step)
    for moment in (1e9, 2e9):
        ticker.tick(moment=moment)
    came = Post.objects.filter(text="a little later").count()
    assert came + DueAct.objects.count() == 1
    if step != HOUR:  # its moment lies within three hours, by lot
        assert came == (step == DAY)
    step_clock(2 * DAY - step)
    for moment in (3e9, 4e9):
        ticker.tick(moment=moment)
    assert Post.objects.filter(text="a little later").count() == 1
    for duty in ticker._duties.values():
        duty.next_at = 0.0


@STEPS
def test_another_process_takes_the_due_work_over_within_a_minute(step_clock: Step, step: float) -> None:
    """The one that held it ended while the clock was wrong: its lease seems to end hours from now."""
    Lease.objects.create(name="ticker", holder=ids.new_public_id(), until=clock.now() + ticking.LENGTH)
    assert not ticking.holds_lease()
    step_clock(step)
    assert ticking.holds_lease()


@STEPS
async def test_an_open_page_goes_on(sockets: Open, step_clock: Step, step: float) -> None:
    people = await sync_to_async(make_cast)()
    thread = await sync_to_async(make_thread)(people.harbour)
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
    await sync_to_async(send)(people.alice, thread, "before")
    await socket.events(upto=1)
    step_clock(step)
    await sync_to_async(send)(people.alice, thread, "after")
    assert [event["seq"] for event in await socket.events(upto=2)] == [2]
    await socket.say('{"type":"after","seq":0}')
    assert [event["seq"] for event in await socket.events(upto=2)] == [1, 2]
    page = await sync_to_async(people.bob.client.get)(f"/g/{people.harbour.public_id}/t/{thread.public_id}/")
    assert page.status_code == 200
