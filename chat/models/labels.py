"""What people are told about the advice in a post, and who says that it is not right."""

from __future__ import annotations

from django.db import models

from chat.enums import LabelKind
from chat.models.posts import Post
from core import clock, ids
from core.models import RandomKeyModel


class Label(RandomKeyModel):
    """A label on a post, of one kind. `role` is what its issuer was in the group (`is_badge`: a role that was checked).
    `key` is HMAC(S, 'label' ‖ public id): the issuer alone can tell that it is theirs. `is_before_change`: the text was
    changed since. After `expires_on` it says that it is out of date, and waits for somebody to look again.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="labels")
    public_id = models.CharField(max_length=20, unique=True, default=ids.new_public_id)
    key = models.BinaryField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=LabelKind.choices)
    role = models.CharField(max_length=60)
    is_badge = models.BooleanField(default=False)
    source = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=300, blank=True)
    added_on = models.DateField(default=clock.today)
    expires_on = models.DateField()
    is_before_change = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "kind"], name="one_label_a_kind")]


class Dispute(RandomKeyModel):
    """Somebody says that a label is not right. `key` is HMAC(S, 'dispute' ‖ label): once each, and never by whom.
    `by_writer`: whoever wrote the post. Without `answered_on` it waits for the team."""

    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="disputes")
    key = models.BinaryField(max_length=32, unique=True)
    by_writer = models.BooleanField(default=False)
    text = models.TextField(max_length=1000)
    said_on = models.DateField(default=clock.today)
    answer = models.TextField(max_length=1000, blank=True)
    answered_on = models.DateField(null=True)
