"""Reading reactions: which kinds are there, and which are one's own. Never how many."""

from __future__ import annotations

from chat.enums import ReactionKind
from chat.models import Post, Reaction
from chat.selectors.reading import KeyOf


def kinds_on(post: Post) -> set[str]:
    """The kinds of reaction on a post."""
    return set(Reaction.objects.filter(post=post).order_by().values_list("kind", flat=True).distinct())


def key_for(*, key_of: KeyOf, kind: str, post_public_id: str) -> bytes:
    """The key of one's own reaction of one kind to one post."""
    return key_of(f"reaction:{kind}", post_public_id)


def mine_on(*, post: Post, key_of: KeyOf) -> set[str]:
    """The kinds of one's own reactions to a post."""
    keys = [key_for(key_of=key_of, kind=kind, post_public_id=post.public_id) for kind in ReactionKind.values]
    return set(Reaction.objects.filter(post=post, key__in=keys).values_list("kind", flat=True))
