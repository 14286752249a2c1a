"""Reacting: a row that says what and never who, and an event only when what is shown changes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext

from chat.actions import posts as posting
from chat.enums import ReactionKind
from chat.models import Post, Reaction
from chat.policies import Act, Face, may
from chat.selectors import reactions
from chat.selectors.reading import KeyOf
from community.actions import leaving
from community.errors import MayNot


def react(*, face: Face, post: Post, kind: ReactionKind, key_of: KeyOf) -> None:
    """Say one of the kind things to a post. Saying it twice is the same as once."""
    key = reactions.key_for(key_of=key_of, kind=kind, post_public_id=post.public_id)
    with transaction.atomic():
        before = _kinds_under_lock(face, post)
        Reaction.objects.bulk_create([Reaction(post=post, kind=kind, key=key)], ignore_conflicts=True)
        _tell_if_changed(post, before)


def unreact(*, face: Face, post: Post, kind: ReactionKind, key_of: KeyOf) -> None:
    """Take it back."""
    key = reactions.key_for(key_of=key_of, kind=kind, post_public_id=post.public_id)
    with transaction.atomic():
        before = _kinds_under_lock(face, post)
        Reaction.objects.filter(post=post, key=key).delete()
        _tell_if_changed(post, before)


def _kinds_under_lock(face: Face, post: Post) -> set[str]:
    leaving.keep_in(here=face.here)
    posting.lock(post.thread)
    now = Face(here=posting.look_again(face.here), alias_key=face.alias_key)
    fresh = Post.objects.select_related("thread", "byline__persona", "byline__alias").get(pk=post.pk)
    if not may(Act.REACT, face=now, post=fresh):
        raise MayNot(gettext("You cannot answer this message just now."))
    return reactions.kinds_on(post)


def _tell_if_changed(post: Post, before: set[str]) -> None:
    if reactions.kinds_on(post) != before:
        posting.tell_changed(thread=post.thread, post=post)
