"""Closed lists of the persona world."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class GroupKind(models.TextChoices):
    """What people in a group share."""

    CONDITION = "condition", "A condition"
    CARERS = "carers", "Caring for someone"
    PARENTS = "parents", "Being a parent"
    PROFESSION = "profession", "A job"
    OTHER = "other", "Something else"


class Visibility(models.TextChoices):
    """Who may see that a group exists and how people get in. Content is for members, whatever it says."""

    OPEN = "open", "Open: anyone signed in can join"
    CLOSED = "closed", "Closed: ask to join"
    HIDDEN = "hidden", "Hidden: by invitation only"


class Role(models.TextChoices):
    """What a member may do in one group. Everything else people hold is a badge."""

    MEMBER = "member", "member"
    PEER_LEADER = "peer_leader", "peer leader"
    MODERATOR = "moderator", "moderator"
    LEAD = "lead", "group lead"
    RESEARCHER = "researcher", "researcher"


TEAM = frozenset({Role.MODERATOR, Role.LEAD})


class RequestState(models.TextChoices):
    """Where a request to join stands."""

    WAITING = "waiting"
    DECLINED = "declined"


class InvitationKind(models.TextChoices):
    """A link for one person, or a printed card for many."""

    LINK = "link"
    CARD = "card"


class SizeBand(models.TextChoices):
    """How many people are in a group, in words. Never a number, and nothing under twenty."""

    SMALL = "small", _("Fewer than 20 people")
    TO_50 = "to_50", _("20 to 50 people")
    TO_100 = "to_100", _("50 to 100 people")
    TO_500 = "to_500", _("100 to 500 people")
    TO_1000 = "to_1000", _("500 to 1,000 people")
    LARGE = "large", _("More than 1,000 people")


class UseBand(models.TextChoices):
    """How often a code was used, up to yesterday, in words."""

    NONE = "none", _("None yet")
    FEW = "few", _("A few")
    OVER_10 = "over_10", _("More than 10")
    OVER_50 = "over_50", _("More than 50")


class Away(models.TextChoices):
    """For how long somebody from the team is off duty."""

    SHIFT = "shift", "For the rest of my shift today"
    MORNING = "morning", "Until 6 in the morning"
    WEEK = "week", "For a week, until 6 in the morning"


class OneThread(models.TextChoices):
    """Whether a group has one-thread names: offered before the name people have here, beside it, or not at all."""

    FIRST = "first"
    AVAILABLE = "available"
    OFF = "off"


class Asking(models.TextChoices):
    """How a group asks for a kind of fact."""

    HIDDEN = "hidden"
    OPTIONAL = "optional"
    PROMPTED = "prompted"


class WhatMatters(models.TextChoices):
    """What people are told about what gives them away: which details, or also how many look like them."""

    SHOWN = "shown"
    WITH_WORDS = "with_words"


class Times(models.TextChoices):
    """How finely a post is dated. Nothing finer than an hour can be written down."""

    DAYS = "days"
    HOURS = "hours"


class Audience(models.TextChoices):
    """Who may see what a member shows. What only its owner may see is not stored."""

    ONLY_ME = "only_me", _("Only me")
    MODERATORS = "moderators", _("Moderators")
    GROUP = "group", _("Everyone in this group")


class Eyes(models.TextChoices):
    """As whom somebody looks at what they show."""

    MEMBER = "member", _("Someone in this group")
    MODERATOR = "moderator", _("A moderator")
    RESEARCHER = "researcher", _("A researcher in a study")
    OFFLINE = "offline", _("Someone who knows you offline")
    STRANGER = "stranger", _("Someone outside this group")


class Again(models.IntegerChoices):
    """After how many days something that was checked is looked at again."""

    MONTH = 30, _("In a month")
    QUARTER = 90, _("In three months")
    HALF = 183, _("In half a year")
    YEAR = 365, _("In a year")


class Reach(models.TextChoices):
    """Who may read an announcement."""

    MEMBERS = "members", _("Members of this group")
    LINK = "link", _("Anyone with the link")
    PRINT = "print", _("Members, as a page to print and hand out")


class Proof(models.TextChoices):
    """What a team looked at to check a role: never whose it was."""

    REGISTER = "register", _("An entry in the public register of this job")
    PAPER = "paper", _("A certificate or a work pass")
    WORD = "word", _("Word from the organisation")
    COURSE = "course", _("A training course that was finished")


class Pay(models.TextChoices):
    """Whether an organisation pays whoever is here for it."""

    PAID = "paid", _("paid")
    UNPAID = "unpaid", _("unpaid")


class Behind(models.TextChoices):
    """How many stand behind a joint statement, at least: all that is told of it."""

    FIVE = "5"
    TEN = "10"
    TWENTY = "20"
    FIFTY = "50"
    HUNDRED = "100"
