"""Whom somebody does not see, they do not see live either: by the same rule, and from the moment it changes."""

from __future__ import annotations

import random
import time
from itertools import permutations

import pytest
from asgiref.sync import sync_to_async

from chat.actions import blocks
from chat.models import Block, Mute, Post, Thread
from chat.selectors import hidden
from core.live import doorbell, frames, hub
from tests.chat import hiding
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.live.conftest import Open
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = pytest.mark.django_db(transaction=True)
write, block, mute = sync_to_async(send), sync_to_async(hiding.block), sync_to_async(hiding.mute)
RENEW = {"type": "renew"}


@pytest.fixture
async def people() -> Cast:
    return await sync_to_async(make_cast)()


@pytest.fixture
async def thread(people: Cast) -> Thread:
    return await sync_to_async(make_thread)(people.harbour)


def where(thread: Thread, **more: object) -> dict[str, object]:
    return {"gid": thread.group.public_id, "tid": thread.public_id} | more


@sync_to_async
def unblock(person: Person, thread: Thread) -> None:
    blocks.unblock(here=person.here(thread.group), pk=Block.objects.get().pk)


@sync_to_async
def unmute(person: Person, thread: Thread) -> None:
    key = hiding.mutes_key(person, thread.group)
    blocks.unmute(here=person.here(thread.group), key=key, pk=Mute.objects.get().pk)


@pytest.mark.parametrize("bell", [True, False], ids=["bell", "no-bell"])
async def test_a_block_reaches_both_open_pages_and_nobody_elses(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch, bell: bool
) -> None:
    monkeypatch.setattr(hub, "TIMING", hub.Timing(tend=0.05, heal=4.0 if bell else 0.1))
    meadow = await sync_to_async(make_thread)(people.meadow)
    bob, alice, lena = [
        await sockets(who, **where(thread)) for who in (people.bob, people.alice, people.lena)
    ]
    elsewhere = await sockets(people.alice, **where(meadow))
    if not bell:
        monkeypatch.setattr(doorbell, "ring", lambda **_: None)
    started = time.monotonic()
    await block(people.bob, people.alice, people.harbour)
    assert [await bob.frame(), await alice.frame()] == [RENEW, RENEW]
    assert time.monotonic() - started < 1
    await write(people.alice, thread, "by alice")
    await write(people.bob, thread, "by bob")
    assert [event["seq"] for event in await bob.events(upto=2)] == [2]
    assert [event["seq"] for event in await alice.events(upto=2)] == [1]
    assert [event["seq"] for event in await lena.events(upto=2)] == [1, 2]
    await unblock(people.bob, thread)
    assert [await bob.frame(), await alice.frame()] == [RENEW, RENEW]
    await write(people.alice, thread, "again")
    assert [event["seq"] for event in await bob.events(upto=3)] == [3]
    assert [event["seq"] for event in await lena.events(upto=3)] == [3]
    assert await elsewhere.silent()


async def test_a_mute_reaches_ones_own_pages_alone(people: Cast, thread: Thread, sockets: Open) -> None:
    post = await write(people.alice, thread)
    bob, alice = [await sockets(who, **where(thread, after=1)) for who in (people.bob, people.alice)]
    await mute(people.bob, post)
    assert await bob.frame() == RENEW
    await unmute(people.bob, thread)
    assert await bob.frame() == RENEW
    assert await alice.silent()


async def test_the_first_word_of_somebody_hidden_does_not_slip_through(
    people: Cast, thread: Thread, sockets: Open
) -> None:
    """They had signed nothing in this thread when the socket opened."""
    await block(people.alice, people.bob, people.harbour)
    bob = await sockets(people.bob, **where(thread))
    await write(people.alice, thread, "first word")
    assert await bob.events(upto=1) == []


async def test_a_page_made_before_a_block_is_made_again(people: Cast, thread: Thread, sockets: Open) -> None:
    await write(people.alice, thread)
    word = await sync_to_async(word_for)(people.bob, thread)
    await block(people.alice, people.bob, people.harbour)
    late = await sockets(people.bob, **where(thread, after=f"1&view={word}"))
    assert await late.frame() == RENEW
    fresh = await sync_to_async(word_for)(people.bob, thread)
    assert fresh != word
    assert await (await sockets(people.bob, **where(thread, after=f"1&view={fresh}"))).silent()


def word_for(person: Person, thread: Thread) -> str:
    unseen = hiding.unseen(person, thread)
    return hidden.view_of(here=person.here(thread.group), hidden=unseen)


def test_asking_again_notices_it_too(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread)
    url = f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    page = cast.bob.client.get(url).content.decode()
    word = page.split('data-view="')[1].split('"')[0]
    asked = f"{url}events/?after=0&view={word}"
    assert len(cast.bob.client.get(asked).json()["events"]) == 1
    hiding.block(cast.alice, cast.bob, cast.harbour)
    assert cast.bob.client.get(asked).json() == {"renew": True}
    assert cast.bob.client.get(f"{url}events/?after=0").json()["events"] == []


async def test_a_frame_is_made_once_for_all_who_see_the_same(
    people: Cast, thread: Thread, sockets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    await block(people.alice, people.bob, people.harbour)
    who = [people.bob, people.bob, people.lena, people.lena, people.mona, people.muted, people.weak]
    found = [await sockets(person, **where(thread)) for person in who]
    made: list[int] = []
    real = frames.events

    def counting(**given: object) -> str:
        made.append(1)
        return real(**given)  # type: ignore[arg-type]

    monkeypatch.setattr(frames, "events", counting)
    await write(people.alice, thread)
    got = [len(await socket.events(upto=1)) for socket in found]
    assert got == [0, 0, 1, 1, 1, 1, 1] and len(made) == 2


# --- the same set, whichever way one looks ------------------------------------------------------------------------

NAMES = ("alice", "bob", "muted", "mona", "lead")


def expected(viewer: str, author: str, signs: str, world: World) -> bool:
    """The rule in a few lines. `signs` is 'persona' or 'alias'."""
    if viewer == author:
        return True
    if (viewer, author, signs) in world.mutes:
        return False
    if signs == "alias":
        return True
    if (viewer, author) in world.blocks:
        return False
    spared = viewer in ("mona", "lead") or author in ("mona", "lead") or viewer in world.aliases
    return spared or (author, viewer) not in world.blocks


class World:
    """A thread in which some wrote under two faces, and who hides whom."""

    def __init__(self, cast: Cast, seed: int) -> None:
        chance = random.Random(seed)
        self.thread = make_thread(cast.harbour)
        self.posts: dict[str, tuple[str, str]] = {}
        writers = [name for name in NAMES if name != "muted"]
        self.aliases = set(chance.sample(writers, k=2))
        for name in chance.sample(writers * 2, k=len(writers) * 2):
            self.write(cast, name, "persona")
        for number, name in enumerate(sorted(self.aliases)):
            sign_as_alias(getattr(cast, name), self.thread, handle=f"Soft Lamp {number}")
            self.write(cast, name, "alias")
        pairs = list(permutations(NAMES, 2))
        self.blocks = set(chance.sample(pairs, k=chance.randrange(6)))
        for by, whom in self.blocks:
            hiding.block(getattr(cast, by), getattr(cast, whom), cast.harbour)
        self.mutes = set()
        for viewer, author in chance.sample(
            [("lena", name) for name in writers] + pairs, k=chance.randrange(6)
        ):
            self.mute(cast, viewer, author, chance.choice(["persona", "alias"]))

    def write(self, cast: Cast, name: str, signs: str) -> None:
        person = getattr(cast, name)
        more = {"key_for_alias": alias_key(person, self.thread)} if signs == "alias" else {}
        self.posts[send(person, self.thread, **more).public_id] = (name, signs)

    def mute(self, cast: Cast, viewer: str, author: str, signs: str) -> None:
        found = [pid for pid, face in self.posts.items() if face == (author, signs)]
        if found:
            post = Post.objects.select_related("thread__group", "byline__persona", "byline__alias__thread")
            hiding.mute(getattr(cast, viewer), post.get(public_id=found[0]))
            self.mutes.add((viewer, author, signs))


@pytest.mark.parametrize("seed", range(6))
async def test_page_asking_again_and_socket_show_what_the_rule_says(
    people: Cast, sockets: Open, seed: int
) -> None:
    world = await sync_to_async(World)(people, seed)
    thread, hides = world.thread, 0
    for viewer in (*NAMES, "lena"):
        person = getattr(people, viewer)
        wanted = [
            pid for pid, (author, signs) in world.posts.items() if expected(viewer, author, signs, world)
        ]
        page, asked = await sync_to_async(look)(person, thread)
        socket = await sockets(person, **where(thread))
        live = [event["id"] for event in await socket.events(upto=len(world.posts))]
        assert page == asked == live == wanted, f"{viewer} in world {seed}"
        hides += len(world.posts) - len(wanted)
    assert hides or not (world.blocks or world.mutes)


def look(person: Person, thread: Thread) -> tuple[list[str], list[str]]:
    url = f"/g/{thread.group.public_id}/t/{thread.public_id}/"
    page = person.client.get(url).content.decode().split('data-post="')[1:]
    asked = person.client.get(f"{url}events/?after=0").json()["events"]
    return [part.split('"')[0] for part in page], [event["id"] for event in asked]
