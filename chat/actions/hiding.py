"""Hiding a post and bringing it back: what moderation does, told to open pages like any change."""

from __future__ import annotations

from django.db import transaction

from chat.actions import posts as posting
from chat.enums import PostState
from chat.models import Post


def hide(*, post: Post) -> None:
    """Hide a post. One that its writer took away stays away."""
    _move(post, PostState.SHOWN, PostState.HIDDEN)


def restore(*, post: Post) -> None:
    """Show a hidden post again."""
    _move(post, PostState.HIDDEN, PostState.SHOWN)


def _move(post: Post, before: PostState, after: PostState) -> None:
    with transaction.atomic():
        posting.lock(post.thread)
        if Post.objects.filter(pk=post.pk, state=before).update(state=after):
            posting.tell_changed(thread=post.thread, post=post)
