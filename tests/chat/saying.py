"""How tests say things in threads."""

from __future__ import annotations

import uuid
from typing import Any

from chat.actions import bylines as signing
from chat.actions.bylines import Signature
from chat.actions.posts import publish_post
from chat.enums import EventKind
from chat.models import Byline, Post, Thread, ThreadEvent
from chat.policies import Face
from tests.people import Person


def fresh() -> str:
    """A client id that nobody used."""
    return str(uuid.uuid4())


def send(
    person: Person, thread: Thread, text: str = "Hello", *, key_for_alias: bytes = b"", **more: Any
) -> Post:
    """Publish as somebody, under their alias where its key is given."""
    signature = Signature(alias_key=key_for_alias, as_alias=bool(key_for_alias))
    given = {"client_id": fresh(), "signature": signature} | more
    return publish_post(here=person.here(thread.group), thread=thread, text=text, **given)[0]


def fill(person: Person, thread: Thread, texts: list[str]) -> None:
    """Many posts at once, as if published one by one: the first as it is done, the rest as its rows would be."""
    first = send(person, thread, texts[0])
    posts = Post.objects.bulk_create(
        Post(thread=thread, byline=first.byline, seq=seq, text=text, html=f"<p>{text}</p>")
        for seq, text in enumerate(texts[1:], start=first.seq + 1)
    )
    ThreadEvent.objects.bulk_create(
        ThreadEvent(stream=thread, seq=post.seq, kind=EventKind.POST_PUBLISHED, ref=post.public_id)
        for post in posts
    )
    Thread.objects.filter(pk=thread.pk).update(last_seq=posts[-1].seq)


def alias_key(person: Person, thread: Thread) -> bytes:
    """The key that somebody's alias has in a thread."""
    return person.keyed("alias", thread.public_id)


def sign_as_alias(person: Person, thread: Thread, *, handle: str = "Soft Lamp") -> Byline:
    """Give somebody an alias in a thread."""
    return signing.sign_as_alias(
        thread=thread,
        owner_tag=person.tag(thread.group),
        key=alias_key(person, thread),
        handle=handle,
        avatar_svg="<svg/>",
    )


def face(person: Person, thread: Thread) -> Face:
    """Somebody as they stand before a thread."""
    return Face(here=person.here(thread.group), alias_key=alias_key(person, thread))
