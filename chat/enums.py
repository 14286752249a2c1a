"""Closed lists of talk."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Ask(models.TextChoices):
    """What would help the person who opened a thread."""

    JUST_LISTENING = "just_listening", "Just listening"
    ADVICE_WELCOME = "advice_welcome", "Advice welcome"
    HAS_ANYONE_ELSE = "has_anyone_else", "Has anyone else been there?"


class ReactionKind(models.TextChoices):
    """Supportive reactions only, shown as of 'one or more people', never counted."""

    SAME_HERE = "same_here", "Same here"
    THANK_YOU = "thank_you", "Thank you"
    THINKING_OF_YOU = "thinking_of_you", "Thinking of you"


class PostState(models.TextChoices):
    """Whether a post's text is there. `ASKED`: it is back once its writer changes it."""

    SHOWN = "shown"
    DELETED = "deleted"
    HIDDEN = "hidden"
    REMOVED = "removed"
    ASKED = "asked"


KEPT_BACK = frozenset(
    {PostState.HIDDEN, PostState.REMOVED, PostState.ASKED}
)  # by the team; all can be undone


class Folding(models.TextChoices):
    """Whether a post opens with a press until the team has looked. `LOOKED_AT`: it was, and is not again while its
    words are these."""

    NOT = ""
    FOLDED = "folded"
    LOOKED_AT = "looked_at"


class EventKind(models.TextChoices):
    """What happens in a thread. Every frame carries the post as it is now."""

    POST_PUBLISHED = "post_published"
    POST_CHANGED = "post_changed"


class Wait(models.TextChoices):
    """When a post appears: at once, or at a random moment within so many hours."""

    NOT = "", _("Now")
    HOURS = "3", _("A little later: within 3 hours")
    DAY = "24", _("A little later: within a day")
    DAYS = "72", _("A little later: within 3 days")


class Stay(models.TextChoices):
    """How many whole days a post stays before it is taken away by itself."""

    GOOD = "", _("Never")
    DAY = "1", _("After a whole day")
    WEEK = "7", _("After 7 whole days")
    MONTH = "30", _("After 30 whole days")


class FaceKind(models.TextChoices):
    """Which of one's faces signs: the persona, or the alias of this thread."""

    NAME = "name"
    ONCE = "once"


class LabelKind(models.TextChoices):
    """What people are told about the advice in a post."""

    NEEDS_SOURCE = "needs_source", _("Needs a source")
    SOURCED = "sourced", _("Source given")
    GUIDANCE = "guidance", _("Does not match guidance")
    CORRECTED = "corrected", _("Corrected")
    EXPERIENCE = "experience", _("Personal experience")
    REVIEWED = "reviewed", _("Reviewed")


class Outcome(models.TextChoices):
    """What becomes of a change of the group promise that somebody asked for."""

    TAKEN = "taken", _("We will change the promise like this")
    PARTLY = "partly", _("We will change some of it")
    LEFT = "left", _("The promise stays as it is")
