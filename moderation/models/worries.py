"""How a worry about somebody stands, beside its case, and what a team wrote to them."""

from __future__ import annotations

from django.db import models

from community.models import Member
from core.models import RandomKeyModel
from moderation.models.cases import Case
from moderation.models.decisions import Notice


class Worry(RandomKeyModel):
    """What a team does about a case of care. `in_danger`: the graver of the two levels. `is_answered`: the team wrote
    to the person since it was raised, since they wrote more, or since it came back; or looked in and meant to come back
    another day, where they had said nothing new. `more`: how often they wrote more
    since the team last wrote, or since it was raised. `asks`: a colleague is asked to look, too. `check_at`: the
    team looks again from then on. `note_until`: until that day a note for the others stands in the talk."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="worry")
    in_danger = models.BooleanField(default=False)
    is_answered = models.BooleanField(default=False)
    more = models.PositiveIntegerField(default=0)
    asks = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True)
    note_until = models.DateField(null=True)


class Written(RandomKeyModel):
    """What the team wrote to the person: its notice, in which hour, and the how manyth it is. Whoever of the team goes
    on with it reads what was said before. It goes with the notice."""

    worry = models.ForeignKey(Worry, on_delete=models.CASCADE, related_name="written")
    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="written")
    at = models.DateTimeField()
    nth = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worry", "nth"], name="one_after_another")]


class DutyMail(RandomKeyModel):
    """The mail server took a mail to somebody on duty: they get no second one about this worry until it comes back. So
    does whoever it is about, who got none: the rows do not tell who that is."""

    worry = models.ForeignKey(Worry, on_delete=models.CASCADE, related_name="mails")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["worry", "member"], name="one_mail_a_worry")]
