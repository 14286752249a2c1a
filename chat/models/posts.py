"""Posts, reactions and reading marks."""

from __future__ import annotations

from django.db import models

from chat.enums import Folding, PostState, ReactionKind
from chat.models.bylines import Byline
from chat.models.threads import Thread
from core import clock, ids
from core.models import RandomKeyModel


class Post(RandomKeyModel):
    """One post, signed by a byline. `seq` is its place in the thread; `posted_on` is a day, no finer.

    `client_id` makes a repeat harmless; it is forgotten within a day and never shown to anyone. In the course of
    `expires_on`, where its writer asked for that, the post is taken away. `folding`: whether it opens with a press
    until the team has looked. `about` says what its labels say, so that a page of posts costs no further query:
    `actions.about` alone writes it. `for_self`: its writer speaks for themselves, not as what they were checked as.
    """

    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="posts")
    byline = models.ForeignKey(Byline, on_delete=models.PROTECT, related_name="posts")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    seq = models.BigIntegerField()
    text = models.TextField()
    html = models.TextField()
    client_id = models.CharField(max_length=36, null=True)
    posted_on = models.DateField(default=clock.today)
    posted_hour = models.PositiveSmallIntegerField(null=True)  # UTC; only where the group shows hours
    expires_on = models.DateField(null=True, db_index=True)
    is_edited = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=PostState.choices, default=PostState.SHOWN)
    heads_up = models.CharField(max_length=40, blank=True)  # added by the team
    folding = models.CharField(max_length=10, choices=Folding.choices, default=Folding.NOT, blank=True)
    about = models.JSONField(default=list)
    for_self = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "seq"], name="post_seq_once"),
            models.UniqueConstraint(fields=["byline", "client_id"], name="client_id_once"),
        ]


class Reaction(RandomKeyModel):
    """Somebody reacted. `key` is HMAC(S, 'reaction' ‖ kind ‖ post): the row says what, never who."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    kind = models.CharField(max_length=16, choices=ReactionKind.choices)
    key = models.BinaryField(max_length=32, unique=True)


class Thanks(RandomKeyModel):
    """A post helped somebody. `key` is HMAC(S, 'thanks' ‖ post): the row says that, never whom. Its writer alone is
    told, and only that it helped some people."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="thanks")
    key = models.BinaryField(max_length=32, unique=True)


class ReadMark(RandomKeyModel):
    """How far somebody has read. `key` is HMAC(S, 'read' ‖ thread): it names neither reader nor thread."""

    key = models.BinaryField(max_length=32, unique=True)
    seq = models.BigIntegerField()
