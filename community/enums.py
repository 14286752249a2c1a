"""Closed lists of the persona world."""

from __future__ import annotations

from django.db import models


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
