"""Posts as something that moderation can look at, without knowing talk."""

from __future__ import annotations

from django.utils.translation import gettext

from chat.actions import bylines, hiding
from chat.models import Post
from chat.selectors import posts
from core.registries.subjects import Snapshot


class PostSubject:
    """A post: its writer is known by the owner tag alone, an alias's writer too."""

    kind = "post"

    def describe(self, *, public_id: str) -> str:
        """What it is, in plain words, without a word of its text."""
        posts.anywhere(public_id=public_id)
        return gettext("A message")

    def snapshot(self, *, public_id: str) -> Snapshot:
        """The post as it is now. `version` grows with everything that happens to it."""
        post = posts.anywhere(public_id=public_id)
        return Snapshot(
            text=post.text,
            byline_public_id=post.byline.public_id,
            group_id=post.thread.group_id,
            version=posts.version_of(post),
        )

    def hide(self, *, public_id: str) -> None:
        """Nobody reads it until it is restored. Its text stays."""
        hiding.hide(post=posts.anywhere(public_id=public_id))

    def restore(self, *, public_id: str) -> None:
        """It stands as it stood."""
        hiding.restore(post=posts.anywhere(public_id=public_id))

    def author_tag(self, *, public_id: str) -> bytes:
        """The owner tag that a limit follows."""
        return _tag_of(posts.anywhere(public_id=public_id))


def _tag_of(post: Post) -> bytes:
    alias, persona = post.byline.alias, post.byline.persona
    if alias is not None:
        return bylines.owner_tag_of(alias=alias)
    assert persona is not None
    return bytes(persona.member.owner_tag)
