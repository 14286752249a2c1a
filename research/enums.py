"""Closed lists of research."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class StudyState(models.TextChoices):
    """Where a study stands, in order. A pause stands beside the state, not among the states."""

    DRAFT = "draft", _("being set up")
    APPROVED = "approved", _("approved, not open yet")
    INVITING = "inviting", _("open: people can say yes")
    RUNNING = "running", _("running: nobody new")
    CLOSED = "closed", _("over")


class PausedBy(models.TextChoices):
    """What paused a study."""

    TEAM = "team", _("somebody who works on it")
    GROUP = "group", _("the lead of a group")
    RULE = "rule", _("one of its own stop rules")


class LawfulBasis(models.TextChoices):
    """Why the data may be used at all: Article 6 of the GDPR. Saying yes to a study is not one of its own accord."""

    PUBLIC_TASK = "public_task", _("a task in the public interest: Article 6(1)(e)")
    INTERESTS = "interests", _("legitimate interests: Article 6(1)(f)")
    CONSENT = "consent", _("consent to the use of data: Article 6(1)(a)")


class SpecialBasis(models.TextChoices):
    """Why data about health and the like may be used: Article 9 of the GDPR."""

    RESEARCH = "research", _("research, with safeguards: Article 9(2)(j) with Article 89(1)")
    CONSENT = "consent", _("explicit consent to the use of data: Article 9(2)(a)")


class Unit(models.TextChoices):
    """What is given a version of the settings: whole groups, in pairs, or each person."""

    GROUP = "group", _("whole groups, in pairs")
    PERSON = "person", _("each person")


class StudyRole(models.TextChoices):
    """What somebody may do in one study. An analyst sees the versions under letters that say nothing."""

    LEAD = "lead", _("lead researcher")
    RESEARCHER = "researcher", _("researcher")
    ANALYST = "analyst", _("analyst")


class Agreement(models.TextChoices):
    """What a group's lead answered to a study."""

    ASKED = "asked", _("asked")
    AGREED = "agreed", _("yes")
    DECLINED = "declined", _("no")
    ENDED = "ended", _("taken back")


class Item(models.TextChoices):
    """What somebody can say yes or no to, each for itself. LINK is asked where a study has answers, and messages or
    how often somebody writes."""

    SURVEYS = "surveys", _("answer questions")
    ACTIVITY = "activity", _("count how often I write, never what")
    POSTS = "posts", _("read my messages under my name here")
    ALIAS_POSTS = "alias_posts", _("read my messages under one-thread names")
    QUOTES = "quotes", _("ask me before quoting me")
    LINK = "link", _("put my answers and my writing side by side")


class Answer(models.TextChoices):
    """An event about one item. SUPERSEDED: the study changed, and the yes before it covers nothing new."""

    GIVEN = "given", _("yes")
    REFUSED = "refused", _("no")
    WITHDRAWN = "withdrawn", _("taken back")
    SUPERSEDED = "superseded", _("to be asked again")


class Part(models.TextChoices):
    """How somebody stands to a study."""

    IN = "in", _("taking part")
    REFUSED = "refused", _("said no")
    STOPPED = "stopped", _("stopped: what there is may be used")
    EXCLUDED = "excluded", _("stopped: nothing may be used")
    GONE = "gone", _("deleted: nothing names anybody, and it goes on its day by lot")


class Scope(models.TextChoices):
    """The three ways to leave a study."""

    STOP = "stop", _("Stop")
    EXCLUDE = "exclude", _("Stop, and don't use what there is")
    DELETE = "delete", _("Stop, and delete what there is")


class TaskState(models.TextChoices):
    """One round of questions of one participant. Whether it is open or over is a matter of its days."""

    WAITING = "waiting", _("not opened")
    STARTED = "started", _("part-way")
    DONE = "done", _("done")
    DECLINED = "declined", _("left out")
    CANCELLED = "cancelled", _("cancelled")


class Opening(StrEnum):
    """What somebody meets who opens a round of their own."""

    OPEN = "open"
    NOT_YET = "not yet"
    OVER = "over"
    DONE = "done"
    DECLINED = "declined"
    ASK_AGAIN = "ask again"
    PAUSED = "paused"
    ENDED = "ended"
    SAID_NO = "said no"
    LEFT = "left"


class Missing(models.IntegerChoices):
    """Why an item has no value."""

    REFUSED = -1
    NOT_SHOWN = -2
    NOT_APPLICABLE = -3
    TECHNICAL = -9


class NoteKind(models.TextChoices):
    """What a field note is about."""

    OBSERVATIONAL = "observational", _("what was seen")
    METHODOLOGICAL = "methodological", _("how we go about it")
    REFLEXIVE = "reflexive", _("about myself in it")
    THEORETICAL = "theoretical", _("what it may mean")


class QuoteAnswer(models.TextChoices):
    """What a writer answered to being quoted."""

    WAITING = "waiting", _("no answer yet")
    VERBATIM = "verbatim", _("yes, word for word")
    REWORDED = "reworded", _("yes, but only in other words")
    NO = "no", _("no")
    TAKEN_BACK = "taken_back", _("taken back")


class Severity(models.TextChoices):
    """How bad something was that is written into the safety log."""

    MILD = "mild", _("mild")
    SERIOUS = "serious", _("serious")


class Related(models.TextChoices):
    """Whether the study had a part in it."""

    YES = "yes", _("yes")
    PERHAPS = "perhaps", _("perhaps")
    NO = "no", _("no")


class ExportTier(models.TextChoices):
    """How much a file tells, and for whom it is. T0 is data about people who can be recognised, and says so."""

    T0 = "t0", _("study-team file")
    T1 = "t1", _("file for a named recipient")
    T3 = "t3", _("totals")


class Wanted(models.TextChoices):
    """What a file is made for."""

    CHECK = "check", _("to be checked")
    DECIDE = "decide", _("to be let go")
    FETCH = "fetch", _("to be fetched")


class ExportState(models.TextChoices):
    """Where a file stands. Whether its days are over is a matter of its days."""

    READING = "reading", _("messages are to be read first")
    REFUSED = "refused", _("the check said no")
    WAITING = "waiting", _("waiting for the second person")
    APPROVED = "approved", _("can be fetched")
    TURNED_DOWN = "turneddown", _("the second person said no")
    TAKEN_BACK = "takenback", _("taken back")
    STALE = "stale", _("something has changed: make it again")
