"""Whether words helped: for their writer alone, and never how many people."""

from __future__ import annotations

from chat.models import Post, Thanks
from chat.policies import Act, Face, may
from chat.selectors.reading import KeyOf

KIND = "thanks"
SOME = 2  # of one, its writer could guess who it was


def key_for(*, key_of: KeyOf, post: Post) -> bytes:
    """The key of one's own thanks for a post."""
    return key_of(KIND, post.public_id)


def is_said(*, post: Post, key_of: KeyOf) -> bool:
    """Whether one said that it helped."""
    return Thanks.objects.filter(post=post, key=key_for(key_of=key_of, post=post)).exists()


def helped_some(*, face: Face, post: Post) -> bool:
    """Whether one's own words helped some people; about others' words nobody learns anything."""
    return may(Act.DELETE, face=face, post=post) and Thanks.objects.filter(post=post)[:SOME].count() >= SOME
