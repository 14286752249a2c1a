"""What a group is about to say to somebody outside, with the agreement of its members."""

from __future__ import annotations

from django.db import models

from chat.models.threads import Thread
from core import clock
from core.models import RandomKeyModel


class Statement(RandomKeyModel):
    """A joint statement while it is written, in the talk where members comment on it. `version` counts its wordings.
    `agreed` is how many stood behind this one at the last midnight, and is only ever told as a band. No row says who
    wrote it; once it is published it is an announcement, and this row is gone."""

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="statement")
    title = models.CharField(max_length=120)
    for_whom = models.CharField(max_length=120)
    text = models.TextField(max_length=3000)
    html = models.TextField()
    version = models.PositiveIntegerField(default=1)
    agreed = models.PositiveIntegerField(default=0)
    counted_on = models.DateField(default=clock.today)


class Signing(RandomKeyModel):
    """Somebody stands behind the words as they are. `key` is HMAC(S, 'statement' ‖ thread): the row says that, never
    who. It goes with the next wording, and when the statement is published."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="signings")
    key = models.BinaryField(max_length=32, unique=True)
