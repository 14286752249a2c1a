"""What a post carries of its labels. Callers hold the thread's lock, and tell that the post changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from chat.enums import LabelKind
from chat.models import Dispute, Label, Post, Thanks

OUTDATED = (LabelKind.REVIEWED, LabelKind.SOURCED)  # they were about the words as they stood


def write_on(*, post_id: int) -> None:
    """Let a post carry its labels as they are now."""
    waits = Exists(Dispute.objects.filter(label=OuterRef("pk"), answered_on=None))
    order = list(LabelKind)
    labels = Label.objects.filter(post=post_id).annotate(disputed=waits)
    about = [_carried(label) for label in sorted(labels, key=lambda one: order.index(LabelKind(one.kind)))]
    Post.objects.filter(pk=post_id).update(about=about)


def _carried(label: Any) -> dict[str, Any]:
    return {
        "kind": label.kind,
        "role": label.role,
        "badge": label.is_badge,
        "source": label.source,
        "link": label.link,
        "on": label.added_on.isoformat(),
        "until": label.expires_on.isoformat(),
        "before_change": label.is_before_change,
        "disputed": label.disputed,
    }


def text_changed(*, post_id: int) -> None:
    """The words are others now: what was said for the old ones goes, and what was said against them says so."""
    rows = Label.objects.filter(post=post_id)
    if not rows.exists():
        return
    rows.filter(kind__in=OUTDATED).delete()
    rows.update(is_before_change=True)
    write_on(post_id=post_id)


def forget(*, posts: QuerySet[Post]) -> None:
    """Posts that are taken away take their labels along, and who thanked. Whoever calls empties `about`."""
    Label.objects.filter(post__in=posts).delete()
    Thanks.objects.filter(post__in=posts).delete()
