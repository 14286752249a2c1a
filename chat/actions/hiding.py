"""Keeping a post back, folding it, and bringing it back: what moderation does, told to open pages like any change."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import QuerySet

from chat.actions import posts as posting
from chat.enums import KEPT_BACK, Folding, PostState
from chat.models import Post, Thread

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


def fold(*, public_id: str) -> bool:
    """Fold a post that is there: it opens with one press. Returns whether that was to be done: its words are folded
    once."""
    with transaction.atomic():
        rows = _locked(public_id)
        is_new = rows.filter(state=PostState.SHOWN, folding=Folding.NOT).update(folding=Folding.FOLDED) > 0
        if is_new:
            _tell(rows.get())
    return is_new


def unfold(*, public_id: str) -> None:
    """The team has looked, or the time is over: the post is open. Where it was not folded, nobody is told."""
    with transaction.atomic():
        rows = _locked(public_id)
        if rows.filter(folding=Folding.FOLDED).update(folding=Folding.LOOKED_AT):
            _tell(rows.get())
        else:
            rows.update(folding=Folding.LOOKED_AT)


def _locked(public_id: str) -> QuerySet[Post]:
    """A post, in a thread that is locked until the transaction ends. Nothing, where it is gone."""
    for thread in Thread.objects.filter(posts__public_id=public_id):
        posting.lock(thread)
    return Post.objects.select_related("thread").filter(public_id=public_id)


def _tell(post: Post) -> None:
    """Tell open pages what a post is now. Its thread is locked."""
    posting.title_goes_with(post)
    posting.tell_changed(thread=post.thread, post=post)


def _move(post: Post, before: Collection[PostState], **after: str) -> None:
    with transaction.atomic():
        posting.lock(post.thread)
        if Post.objects.filter(pk=post.pk, state__in=before).exclude(**after).update(**after):
            _tell(Post.objects.select_related("thread").get(pk=post.pk))
