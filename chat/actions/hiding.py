"""Keeping a post back and bringing it back: what moderation does, told to open pages like any change."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from chat.actions import posts as posting
from chat.enums import KEPT_BACK, PostState
from chat.models import Post

HERE = KEPT_BACK | {PostState.SHOWN}


def hide(*, post: Post) -> None:
    """Hide a post. One that its writer took away stays away."""
    _move(post, HERE, state=PostState.HIDDEN)


def remove(*, post: Post) -> None:
    """Take a post out of the talk. Its text stays for as long as this can be undone."""
    _move(post, HERE, state=PostState.REMOVED)


def ask_edit(*, post: Post) -> None:
    """Keep a post back until its writer changes it."""
    _move(post, HERE, state=PostState.ASKED)


def warn(*, post: Post, heads_up: str) -> None:
    """Put a heads-up over a post: it opens with one press."""
    _move(post, HERE, heads_up=heads_up)


def restore(*, post: Post) -> None:
    """The post stands as its writer left it."""
    _move(post, HERE, state=PostState.SHOWN, heads_up="")


def _move(post: Post, before: Collection[PostState], **after: str) -> None:
    with transaction.atomic():
        posting.lock(post.thread)
        if Post.objects.filter(pk=post.pk, state__in=before).exclude(**after).update(**after):
            posting.title_goes_with(Post.objects.get(pk=post.pk))
            posting.tell_changed(thread=post.thread, post=post)
