"""How tests fold."""

from __future__ import annotations

from chat.enums import Folding
from chat.models import Post
from moderation.actions import folds
from moderation.actions.reports import Told
from moderation.enums import Reason
from moderation.models import Fold
from tests.people import Person


def fold(person: Person, post: Post, *, about_me: bool = True, reason: Reason = Reason.GIVES_AWAY) -> Fold:
    """Fold a message."""
    told = Told(kind="post", subject_id=post.public_id, reason=reason)
    here = person.here(post.thread.group)
    return folds.fold(here=here, told=told, key_of=person.keyed, is_about_me=about_me)


def is_folded(post: Post) -> bool:
    """Whether a message is folded now."""
    return Post.objects.get(pk=post.pk).folding == Folding.FOLDED
