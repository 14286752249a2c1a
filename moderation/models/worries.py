"""How a worry about somebody stands, beside its case."""

from __future__ import annotations

from django.db import models

from community.models import Member
from core.models import RandomKeyModel
from moderation.models.cases import Case


class Worry(RandomKeyModel):
    """What a team does about a case of care. `in_danger`: the graver of the two levels. `is_answered`: the team wrote
    to the person since it was raised, or since it came back. `asks`: a colleague is asked to look, too. `check_at`: the
    team looks again from then on. `note_until`: until that day a note for the others stands in the talk."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="worry")
    in_danger = models.BooleanField(default=False)
    is_answered = models.BooleanField(default=False)
    asks = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True)
    note_until = models.DateField(null=True)


class DutyMail(RandomKeyModel):
    """The mail server took a mail to somebody on duty: they get no second one about this worry until it comes back."""

    worry = models.ForeignKey(Worry, on_delete=models.CASCADE, related_name="mails")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worry", "member"], name="one_mail_a_worry")]
