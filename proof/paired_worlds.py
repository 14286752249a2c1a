"""Two worlds that differ in one secret: whoever has no right to the secret is served the same bytes in both."""

from __future__ import annotations

import copy
import random
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from chat import presenters
from chat.actions import blocks, reactions, reading
from chat.actions import posts as posting
from chat.actions.bylines import Signature
from chat.enums import ReactionKind
from chat.models import Post, Thread
from chat.policies import Face
from community import fact_kinds, handles
from community.actions import disclosures as showing
from community.enums import Audience
from community.models import Persona
from community.selectors import disclosures
from community.selectors.disclosures import Detail
from core import clock, ids
from proof.harness import Defence, Result, none_found, swapped

TRIALS = {"small": 300, "full": 10_000}
UUID = re.compile(rb"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")  # a form's own client id
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=)"\w+"')
INSIDE = ["about/", "names/", "promise/", "roles/", "requests/", "rota/", "who/", "new/", "inbox/", "name/"]
VALUES = {"role": ["self/", "carer/", "parent/"], "diagnosis": ["mood/", "mood/bipolar/", "anxiety/panic/"]}
Worlds = tuple[Callable[[], Any], Callable[[], Any]]
WORDS = ["I slept badly.", "The new dose is hard.", "Thank you all.", "It was a long week."]


@dataclass
class Town:
    """Two groups and their people: alice is in both, bob, mona (moderator) and others look."""

    cast: Any
    thread: Thread
    elsewhere: Thread
    dice: random.Random = field(default_factory=random.Random)

    def say(self, who: str, thread: Thread, text: str, signature: Signature | None = None) -> Post:
        person = self.cast.people[who]
        more = {"signature": signature} if signature else {}
        here = person.here(thread.group)
        return posting.publish_post(here=here, thread=thread, text=text, client_id=str(uuid.uuid4()), **more)[
            0
        ]

    def say_as_alias(self, who: str, text: str) -> None:
        key = self.cast.people[who].keyed("alias", self.thread.public_id)
        name = handles.propose(group=self.thread.group, n=1)[0]
        self.say(who, self.thread, text, Signature(alias_key=key, as_alias=True, shown=name))


@dataclass(frozen=True, kw_only=True)
class Secret:
    """One thing that may be so or otherwise, and who has no right to know which."""

    name: str
    watchers: tuple[str, ...]
    near: str  # where it would be seen first: one of the pages looked at is of this sort
    worlds: Callable[[Town], Worlds]


def prove(size: str) -> Iterator[Result]:
    """Seeded trials: a secret, the two worlds, something that everybody sees happen, and pages drawn by lot."""
    town = _town()
    tried = told = pages = 0
    for trial in range(TRIALS[size]):
        secret = SECRETS[trial % len(SECRETS)]
        town.dice = random.Random(trial)
        worlds = secret.worlds(town)
        watcher = town.dice.choice(secret.watchers)
        wanted = town.dice.randrange(1 << 30)
        with clock.held_at(clock.now()):  # an hour that ends between the worlds is no secret
            seen = [_world(town, secret, make, watcher, wanted) for make in worlds]
        tried, pages = tried + 1, pages + len(seen[0])
        told += seen[0] != seen[1]
        if told and size == "small":
            break
    promise = f"{len(SECRETS)} kinds of secret change no byte for who may not know ({pages} pages drawn)"
    yield none_found(promise, tried=tried, found=told)


def _town() -> Town:
    from tests.people import make_cast, make_thread

    cast = make_cast()
    town = Town(cast=cast, thread=make_thread(cast.harbour), elsewhere=make_thread(cast.meadow))
    for who in ("alice", "bob", "mona", "alice"):
        town.say(who, town.thread, f"Hello from {who}.")
    town.say("alice", town.elsewhere, "Hello over here.")
    for who in ("alice", "bob"):
        _shows(town, who, Audience.GROUP, ["role"])
    return town


def _world(
    town: Town, secret: Secret, make: Callable[[], Any], watcher: str, wanted: int
) -> list[tuple[Any, ...]]:
    """What the watcher is served in one world, which is then undone, with what browsers were given in it."""
    clients = [person.client for person in town.cast.people.values()]
    jars = [copy.deepcopy(client.cookies) for client in clients]
    with transaction.atomic():
        with _drawn_by(1):
            make()
        with _drawn_by(2):
            town.say("bob", town.thread, "And then I said this.")
        dice = random.Random(wanted)
        seen = [_page(town, watcher, address) for address in _addresses(town, secret.near, dice)]
        transaction.set_rollback(True)
    for client, jar in zip(clients, jars, strict=True):
        client.cookies = jar
    return seen


class _Drawn:
    """What core.ids asks of `secrets`, from a seed: both worlds draw the same keys, the same public ids and the same
    secrets, each from a source of its own, so that one more of these moves none of those."""

    def __init__(self, seed: int) -> None:
        self.keys, self.names, self.secrets = (random.Random(seed * 3 + number) for number in range(3))

    def randbits(self, k: int) -> int:
        return self.keys.getrandbits(k)

    def choice(self, among: str) -> str:
        return self.names.choice(among)

    def token_bytes(self, size: int) -> bytes:
        return self.secrets.randbytes(size)


@contextmanager
def _drawn_by(seed: int) -> Iterator[None]:
    with swapped(ids, "secrets", _Drawn(seed))():
        yield


def _addresses(town: Town, near: str, dice: random.Random) -> list[str]:
    """Two pages drawn by lot: one where the secret would be seen first, and one of all there are."""
    group, thread = town.thread.group, town.thread
    base, other = f"/g/{group.public_id}/", f"/g/{town.elsewhere.group.public_id}/"
    talk = f"{base}t/{thread.public_id}/"
    posts = Post.objects.filter(thread=thread).order_by("seq").values_list("public_id", flat=True)
    faces = Persona.objects.filter(group=group).order_by("public_id")
    pages = {
        "talk": [talk, f"{talk}events/?after=0", *(f"{talk}p/{post}/" for post in posts)],
        "card": [f"{base}who/{face.public_id}/" for face in faces if face.handle == "Grey Heron"],
        "group": [base, *(base + page for page in INSIDE)],
        "away": ["/home/", "/groups/", other, f"{other}t/{town.elsewhere.public_id}/"],
    }
    cards = [f"{base}who/{face.public_id}/" for face in faces] + [
        f"/a/{face.avatar_id}.svg" for face in faces
    ]
    return [
        dice.choice(pages[near]),
        dice.choice([*cards, *(page for some in pages.values() for page in some)]),
    ]


def _page(town: Town, watcher: str, address: str) -> tuple[Any, ...]:
    client = town.cast.people[watcher].client
    with _drawn_by(3):  # names on offer
        answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    headers = sorted((name, value) for name, value in answer.headers.items())
    return address, answer.status_code, headers, TOKEN.sub(rb"\1", UUID.sub(b"", body))


# --- the secrets ------------------------------------------------------------------------------------------------
def _shows(town: Town, who: str, audience: Audience, kinds: list[str]) -> None:
    group = town.thread.group
    details = [_detail(kind, audience, town.dice) for kind in kinds]
    showing.show(here=town.cast.people[who].here(group), details=details)


def _detail(code: str, audience: Audience, dice: random.Random) -> Detail:
    kind = fact_kinds.kinds()[code]
    path = dice.choice(VALUES[code])
    return Detail(kind=code, level=kind.level_of(path), audience=audience, path=path)


def _other_detail(town: Town) -> Worlds:
    kinds = town.dice.choice([["role"], ["diagnosis"], ["role", "diagnosis"], []])
    return (
        lambda: _shows(town, "alice", Audience.MODERATORS, kinds),
        lambda: _shows(town, "alice", Audience.MODERATORS, ["role", "diagnosis"]),
    )


def _other_author(town: Town) -> Worlds:
    text = town.dice.choice(WORDS)
    return lambda: town.say_as_alias("alice", text), lambda: town.say_as_alias("lena", text)


def _elsewhere(town: Town) -> Worlds:
    text = town.dice.choice(WORDS)

    def acts() -> None:
        town.say("alice", town.elsewhere, text)
        town.cast.alice.client.post(f"/g/{town.elsewhere.group.public_id}/name/stop/")

    return acts, lambda: None


def _another_group(town: Town) -> Worlds:
    from tests.people import add

    return lambda: add(town.cast.bob, town.elsewhere.group, handle="Far Away"), lambda: None


def _other_hand(town: Town) -> Worlds:
    post = Post.objects.filter(thread=town.thread, byline__persona__handle="Calm Otter").first()
    assert post is not None

    def thanks(who: str) -> Callable[[], None]:
        person = town.cast.people[who]
        return lambda: reactions.react(
            face=Face(here=person.here(town.thread.group)),
            post=post,
            kind=ReactionKind.SAME_HERE,
            key_of=person.keyed,
        )

    return thanks("alice"), thanks("lena")


def _has_read(town: Town) -> Worlds:
    return (
        lambda: reading.mark_read(
            here=town.cast.alice.here(town.thread.group),
            thread=town.thread,
            key_of=town.cast.alice.keyed,
            seq=town.dice.randrange(1, 4),
        ),
        lambda: None,
    )


def _hides(town: Town) -> Worlds:
    here = town.cast.alice.here(town.thread.group)
    key = town.cast.alice.keyed("mutes", town.thread.group.public_id)

    def acts(handle: str) -> Callable[[], None]:
        other = Persona.objects.get(group=town.thread.group, handle=handle)
        if town.dice.random() < 0.5:
            return lambda: blocks.block(face=Face(here=here), other=other)
        return lambda: blocks.mute(face=Face(here=here), key=key, other=other)

    return acts("Clear Brook"), acts("Broad Field")


SECRETS = [
    Secret(
        name="what moderators alone may see", near="card", watchers=("bob", "lena", "olga", "ned"),
        worlds=_other_detail,
    ),
    Secret(
        name="who wrote under a one-thread name", near="talk", watchers=("bob", "mona", "lead", "ned"),
        worlds=_other_author,
    ),
    Secret(name="what somebody does elsewhere", near="card", watchers=("bob", "mona"), worlds=_elsewhere),
    Secret(
        name="that somebody is in another group", near="group", watchers=("alice", "mona", "lena"),
        worlds=_another_group,
    ),
    Secret(name="who was kind to a post", near="talk", watchers=("bob", "mona", "lead"), worlds=_other_hand),
    Secret(name="who hides whom", near="talk", watchers=("bob", "lena", "ned"), worlds=_hides),
    Secret(name="how far somebody has read", near="group", watchers=("bob", "mona"), worlds=_has_read),
]  # fmt: skip


def _everything(viewer: Any, *, member: Any) -> tuple[Audience, ...]:
    return tuple(Audience) if viewer and member else ()


def _with_the_writer(post: Any) -> list[str]:
    """An alias that lets something of its writer through."""
    alias = post.byline.alias
    return [] if alias is None else [bytes(alias.key).hex()]


DEFENCES = [
    Defence(name="each audience sees its own", off=swapped(disclosures, "seen_by", _everything)),
    Defence(
        name="a one-thread name shows nothing of its writer",
        off=swapped(presenters, "_marks", _with_the_writer),
    ),
]
