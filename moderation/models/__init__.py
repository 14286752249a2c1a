"""All models of moderation, for Django and for short imports."""

from __future__ import annotations

from moderation.models.appeals import Appeal
from moderation.models.automatic import Switch
from moderation.models.cases import Case, Look, Party, Report
from moderation.models.decisions import Decision, Notice, Sanction, Strike
from moderation.models.folds import Fold
from moderation.models.queue import GroupCare, Held, Queue, QueueEvent, SlowThread, Visit
from moderation.models.worries import DutyMail, Worry, Written

__all__ = [
    "Appeal", "Case", "Decision", "DutyMail", "Fold", "GroupCare", "Held", "Look", "Notice", "Party", "Queue",
    "QueueEvent", "Report", "Sanction", "SlowThread", "Strike", "Switch", "Visit", "Worry", "Written",
]  # fmt: skip
