"""One-thread names that a study may read."""

from __future__ import annotations

from django.db import models

from community.models import Group
from core.models import RandomKeyModel
from research.models.studies import Study


class OnceName(RandomKeyModel):
    """A one-thread name that a study may read once it is over. `key` is HMAC(S, 'once' ‖ study ‖ thread): no member, no
    part, no thread and no alias stands beside it, and no two of one person have anything in common. What its alias is
    found by, and whether it was the first of its owner here, lies in `sealed` under the study's key."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    key = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
