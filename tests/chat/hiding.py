"""How tests hide people from each other."""

from __future__ import annotations

from chat.actions import blocks
from chat.models import Post, Thread
from chat.policies import Face, Hidden
from chat.selectors import hidden
from community.models import Group, Persona
from tests.chat.saying import alias_key
from tests.people import Person


def persona(person: Person, group: Group) -> Persona:
    """The name somebody uses in a group."""
    found = person.here(group).persona
    assert found is not None
    return found


def mutes_key(person: Person, group: Group) -> bytes:
    """The key of somebody's mutes in a group."""
    return person.keyed("mutes", group.public_id)


def mute(who: Person, post: Post) -> None:
    """Stop seeing whoever signed a post."""
    face = looking(who, post.thread)
    blocks.mute(face=face, key=mutes_key(who, post.thread.group), other=post.byline.face)


def block(who: Person, whom: Person, group: Group) -> None:
    """Two names stop seeing each other."""
    blocks.block(face=Face(here=who.here(group)), other=persona(whom, group))


def unseen(who: Person, thread: Thread) -> Hidden:
    """Whom somebody does not see in a thread."""
    here, key = who.here(thread.group), mutes_key(who, thread.group)
    return hidden.of(here=here, key=key, alias_key=alias_key(who, thread)).all


def looking(who: Person, thread: Thread) -> Face:
    """Somebody before a thread, with whom they do not see."""
    here, key = who.here(thread.group), alias_key(who, thread)
    return Face(here=here, alias_key=key, hidden=unseen(who, thread))
