"""Following a thread: what one missed, what comes, and what ends it."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils.translation.trans_real import get_languages

from accounts.actions import sessions
from accounts.keys import session_tag
from chat.actions import posts
from chat.models import Post, Thread
from chat.policies import Face
from community.models import Member, Standing, StandingEvent, StandingStream
from core.live import doorbell, hub, log
from tests.live.conftest import Open
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def people() -> Cast:
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(people: Cast) -> Thread:
    return await sync_to_async(make_thread)(people.harbour)


QUICK = hub.Timing(tend=0.05, heal=0.2)
ONLY_THE_BELL = hub.Timing(tend=0.05, heal=60)  # nothing is healed


@sync_to_async
def write(person: Person, thread: Thread, text: str) -> Post:
    """Publish as the pages do."""
    post, _ = posts.publish_post(
        here=person.here(thread.group), thread=thread, text=text, client_id=str(uuid.uuid4())
    )
    return post


@sync_to_async
def stand(person: Person, thread: Thread, **standing: bool) -> None:
    """Change somebody's standing and tell their sockets, as a decision does."""
    tag = person.tag(thread.group)
    from django.db import transaction

    stream, _ = StandingStream.objects.get_or_create(name="standings")
    with transaction.atomic():
        seq = log.take_seq(stream=stream)
        Standing.objects.update_or_create(owner_tag=tag, defaults={"group": thread.group, **standing})
        log.append(
            events=StandingEvent, stream=stream, seq=seq, kind="changed", ref=tag.hex(), bell="standings"
        )


async def test_what_was_missed_comes_first_then_what_is_new(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    for number in range(1, 6):
        await write(people.alice, thread, f"message {number}")
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=2)
    missed = await socket.events(upto=5)
    assert [event["seq"] for event in missed] == [3, 4, 5]
    new = await write(people.alice, thread, "message 6")
    (event,) = await socket.events(upto=6)
    assert (event["seq"], event["kind"], event["id"]) == (6, "post_published", new.public_id)
    assert "message 6" in event["html"]
    assert await socket.silent()


async def test_nothing_missed_nothing_sent(people: Cast, thread: Thread, sockets: Open) -> None:
    await write(people.alice, thread, "one")
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=1)
    assert await socket.silent()


async def test_another_threads_posts_stay_there(people: Cast, thread: Thread, sockets: Open) -> None:
    other = await sync_to_async(make_thread)(people.harbour)
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=0)
    await write(people.alice, other, "elsewhere")
    assert await socket.silent(0.4)


async def test_an_edit_comes_as_the_post_is_now_and_a_replay_never_brings_the_old_text_back(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    gid = people.harbour.public_id
    first = await sockets(people.bob, gid=gid, tid=thread.public_id, after=0)
    post = await write(people.alice, thread, "my phone is 123")
    await first.events(upto=1)
    face = Face(here=await sync_to_async(people.alice.here)(people.harbour))
    whole = await sync_to_async(lambda: Post.objects.select_related("thread__group").get(pk=post.pk))()
    await sync_to_async(posts.delete_post)(face=face, post=whole)
    (event,) = await first.events(upto=2)
    assert event["kind"] == "post_changed"
    assert "123" not in event["html"]
    assert event["id"] == post.public_id
    late = await sockets(people.lena, gid=gid, tid=thread.public_id, after=0)
    again = await late.events(upto=2)
    assert [event["seq"] for event in again] == [1, 2]
    assert "123" not in json.dumps(again)


async def test_two_languages_get_their_own_words(people: Cast, thread: Thread, sockets: Open) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    rendered: list[str] = []
    from chat import consumers

    real = consumers.LOG.render

    def counting(**wanted: object) -> object:
        rendered.append(str(wanted["language"]))
        return real(**wanted)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(consumers.LOG, "render", counting)
        english = [await sockets(people.bob, gid=gid, tid=tid, after=0) for _ in range(3)]
        with_spanish = [("en-gb", "English"), ("es", "Español")]
        patch.setattr(settings, "LANGUAGES", with_spanish)
        get_languages.cache_clear()
        spanish = [await sockets(people.lena, gid=gid, tid=tid, after=0, language="es") for _ in range(3)]
        await write(people.alice, thread, "hello")
        for socket in english + spanish:
            (event,) = await socket.events(upto=1)
            assert "hello" in event["html"]
    get_languages.cache_clear()
    assert sorted(rendered) == ["en-gb", "es"], "each language is rendered once, however many sockets"


async def test_joining_while_people_write_leaves_no_gap_and_no_double(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    total = 30

    async def talk() -> None:
        for number in range(total):
            await write(people.alice if number % 2 else people.bob, thread, f"m{number}")

    talking = asyncio.create_task(talk())
    found = []
    for _ in range(8):
        await asyncio.sleep(0.03)
        found.append(await sockets(people.lena, gid=gid, tid=tid, after=0))
    await talking
    for socket in found:
        assert [event["seq"] for event in await socket.events(upto=total)] == list(range(1, total + 1))
        assert await socket.silent(0.05)


async def test_a_lost_bell_heals(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TIMING", ONLY_THE_BELL)
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=0)
    monkeypatch.setattr(doorbell, "ring", lambda **_: None)
    await write(people.alice, thread, "unheard")
    assert await socket.silent(0.3)
    hub.here().timing = QUICK
    assert [event["seq"] for event in await socket.events(upto=1)] == [1]


def test_in_earnest_a_lost_bell_heals_within_five_seconds() -> None:
    assert hub.Timing().heal + hub.Timing().tend <= 5


async def test_far_behind_means_reload(people: Cast, thread: Thread, sockets: Open) -> None:
    await Thread.objects.filter(pk=thread.pk).aupdate(last_seq=300)
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=1)
    assert await socket.frame() == {"type": "reload"}
    assert (await socket.closing())[0] == 4408


async def test_ahead_of_the_log_means_reload(people: Cast, thread: Thread, sockets: Open) -> None:
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=5)
    assert await socket.frame() == {"type": "reload"}


# --- revocation ---------------------------------------------------------------------------------------------


@sync_to_async
def end_session(person: Person) -> None:
    sessions.end_all(owner_tag=session_tag(person.client.session) or b"")


@pytest.mark.parametrize("bell", [True, False], ids=["bell", "no-bell"])
async def test_an_ended_session_silences_its_sockets(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch, bell: bool
) -> None:
    monkeypatch.setattr(hub, "TIMING", ONLY_THE_BELL if bell else QUICK)
    gid, tid = people.harbour.public_id, thread.public_id
    ended = await sockets(people.bob, gid=gid, tid=tid, after=0)
    other = await sockets(people.lena, gid=gid, tid=tid, after=0)
    if not bell:
        monkeypatch.setattr(doorbell, "ring", lambda **_: None)
    await end_session(people.bob)
    assert await ended.frame(timeout=6) == {"type": "gone"}
    assert (await ended.closing())[0] == 4403
    await write(people.alice, thread, "after that")
    assert [event["seq"] for event in await other.events(upto=1)] == [1]


@pytest.mark.parametrize("bell", [True, False], ids=["bell", "no-bell"])
async def test_a_ban_silences_sockets_and_a_mute_does_not(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch, bell: bool
) -> None:
    monkeypatch.setattr(hub, "TIMING", ONLY_THE_BELL if bell else QUICK)
    gid, tid = people.harbour.public_id, thread.public_id
    banned = await sockets(people.bob, gid=gid, tid=tid, after=0)
    muted = await sockets(people.lena, gid=gid, tid=tid, after=0)
    if not bell:
        monkeypatch.setattr(doorbell, "ring", lambda **_: None)
    await stand(people.lena, thread, may_post=False)
    await stand(people.bob, thread, may_read=False, may_post=False)
    assert await banned.frame(timeout=6) == {"type": "gone"}
    assert (await banned.closing())[0] == 4403
    await write(people.alice, thread, "after that")
    assert [event["seq"] for event in await muted.events(upto=1)] == [1]
    assert not (await sockets(people.bob, gid=gid, tid=tid)).is_open


async def test_leaving_the_group_ends_its_sockets_and_no_others(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    meadow = await sync_to_async(make_thread)(people.meadow)
    left = await sockets(people.alice, gid=people.harbour.public_id, tid=thread.public_id)
    stays = await sockets(people.alice, gid=people.meadow.public_id, tid=meadow.public_id)
    await Member.objects.filter(owner_tag=people.alice.tag(people.harbour)).adelete()
    await stand(people.alice, thread)
    assert await left.frame() == {"type": "gone"}
    assert await stays.silent(0.3)


@pytest.mark.parametrize("stream", ["standings", "sessions"])
async def test_a_ban_or_signing_out_between_the_question_and_the_seat_is_not_missed(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    await sockets(people.lena, gid=gid, tid=tid)  # the hub is at work
    from chat import consumers

    real, ended, desk, loop = consumers.admit, [], hub.here(), asyncio.get_running_loop()

    def slow(carrier: object, **where: str) -> hub.Seat:
        seat = real(carrier, **where)
        if not ended:
            ended.append(stream)
            if stream == "standings":
                stand.func(people.bob, thread, may_read=False)  # type: ignore[attr-defined]
            else:
                sessions.end_this(session=people.bob.client.session)
            # It is heard before this socket has its seat.
            asyncio.run_coroutine_threadsafe(desk._revoke(stream), loop).result(timeout=5)
        return seat

    monkeypatch.setattr(consumers, "admit", slow)
    assert not (await sockets(people.bob, gid=gid, tid=tid)).is_open


async def test_a_thread_that_is_gone_ends_its_sockets(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TIMING", QUICK)
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
    await Thread.objects.filter(pk=thread.pk).adelete()
    assert await socket.frame(timeout=6) == {"type": "gone"}


# --- inbound ------------------------------------------------------------------------------------------------

BAD = {
    "not JSON": "hello",
    "a list": "[]",
    "another type": '{"type":"typing","seq":1}',
    "more than it should say": '{"type":"after","seq":1,"x":1}',
    "no seq": '{"type":"after"}',
    "a negative seq": '{"type":"after","seq":-1}',
    "a fraction": '{"type":"after","seq":1.5}',
    "a boolean": '{"type":"after","seq":true}',
    "a string": '{"type":"after","seq":"1"}',
    "too big a seq": '{"type":"after","seq":9007199254740993}',
    "nested": "[" * 200,
    "empty": "",
    "too long": '{"type":"after","seq":1' + " " * 300 + "}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
async def test_a_bad_frame_closes_its_own_socket_with_a_reason(
    people: Cast, thread: Thread, sockets: Open, text: str
) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    bad = await sockets(people.bob, gid=gid, tid=tid)
    other = await sockets(people.lena, gid=gid, tid=tid)
    await bad.say(text)
    code, reason = await bad.closing()
    assert code == 4400
    assert reason
    await write(people.alice, thread, "still here")
    assert [event["seq"] for event in await other.events(upto=1)] == [1]


async def test_bytes_are_refused(people: Cast, thread: Thread, sockets: Open) -> None:
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
    await socket.say(data=b'{"type":"after","seq":0}')
    assert await socket.closing() == (4400, "text only")


async def test_too_many_frames_are_refused(people: Cast, thread: Thread, sockets: Open) -> None:
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id)
    for _ in range(6):
        await socket.say('{"type":"after","seq":0}')
    assert await socket.closing() == (4400, "too many")


async def test_a_client_can_ask_again_for_what_it_lost(people: Cast, thread: Thread, sockets: Open) -> None:
    for number in range(3):
        await write(people.alice, thread, f"m{number}")
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=0)
    await socket.events(upto=3)
    await socket.say('{"type":"after","seq":1}')
    assert [event["seq"] for event in await socket.events(upto=3)] == [2, 3]
    await socket.say('{"type":"after","seq":9}')
    assert await socket.frame() == {"type": "reload"}


async def test_the_heartbeat_carries_the_head(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "TIMING", hub.Timing(tend=0.05, heartbeat=0.2))
    await write(people.alice, thread, "one")
    socket = await sockets(people.bob, gid=people.harbour.public_id, tid=thread.public_id, after=1)
    assert await socket.frame() == {"type": "heartbeat", "head": 1}


async def test_one_session_opens_a_bounded_number_of_sockets(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    gid, tid = people.harbour.public_id, thread.public_id
    found = [await sockets(people.bob, gid=gid, tid=tid) for _ in range(hub.MAX_PER_KEY + 1)]
    assert [socket.is_open for socket in found] == [True] * hub.MAX_PER_KEY + [False]
    assert (await sockets(people.lena, gid=gid, tid=tid)).is_open
