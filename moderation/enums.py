"""Closed lists of moderation."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    """Why somebody reports something. Care comes first."""

    NEEDS_HELP = "needs_help", _("Someone asks for help now")
    WORRIED = "worried", _("I am worried about this person")
    WORRIED_MENTIONED = "worried_mentioned", _("I am worried about someone they mention")
    GIVES_AWAY = "gives_away", _("It gives away who someone is")
    UNKIND = "unkind", _("It is unkind")
    BAD_ADVICE = "bad_advice", _("It is advice that could hurt someone")
    SPAM = "spam", _("It is an advert, or does not belong here")
    OTHER = "other", _("Something else")


WORRIES = frozenset({Reason.NEEDS_HELP, Reason.WORRIED, Reason.WORRIED_MENTIONED})
CALL = "call"  # what a case is about where somebody asks for help: no message in a talk
REPORTED = [one for one in Reason if one != Reason.NEEDS_HELP]  # a person says that of themselves alone
URGENCY = (
    Reason.NEEDS_HELP,
    Reason.WORRIED,
    Reason.WORRIED_MENTIONED,
    Reason.GIVES_AWAY,
    Reason.BAD_ADVICE,
    Reason.UNKIND,
    Reason.OTHER,
    Reason.SPAM,
)  # what is looked at first


class CaseKind(models.TextChoices):
    """What a case is about: something that was reported, or a decision that somebody asks to be looked at again."""

    REPORT = "report"
    APPEAL = "appeal"


class CaseState(models.TextChoices):
    """Whether somebody still has to look."""

    OPEN = "open", _("Waiting")
    DECIDED = "decided", _("Decided")


class Act(models.TextChoices):
    """What a decision does, mildest first."""

    NOTHING = "nothing", _("Nothing")
    NOTE = "note", _("A private note")
    ASK_EDIT = "ask_edit", _("Ask for a change")
    HEADS_UP = "heads_up", _("Add a heads-up")
    HIDE = "hide", _("Hide the message")
    REMOVE = "remove", _("Remove the message")
    SLOW = "slow", _("Slow down")
    CHECK_FIRST = "check_first", _("Check their messages first")
    MUTE = "mute", _("No writing for a while")
    BAN = "ban", _("Out of the group")
    SUSPEND = "suspend", _("Out of the whole site")


class Measure(models.TextChoices):
    """What kind of decision it was, as the public record tells it: no finer, so that one person's does not stand
    alone."""

    PERSON = "person", _("A limit for someone: slowed down, checked first, no writing for a while, or out")
    MESSAGE = "message", _("Something about a message: a change asked for, a heads-up, hidden, or removed")
    NO_LIMIT = "no_limit", _("No limit: nothing was done, or a private note was sent")


FACTS = 20  # letters at least, in which a decision says what happened


class Scope(models.TextChoices):
    """How far a decision reaches."""

    MESSAGE = "message", _("this message")
    THREAD = "thread", _("this talk")
    GROUP = "group", _("this group")
    SITE = "site", _("the whole site")


class Outcome(models.TextChoices):
    """What becomes of a decision that somebody asked to be looked at again."""

    KEEP = "keep", _("The decision stays")
    CHANGE = "change", _("The decision is changed")
    UNDO = "undo", _("The decision is undone")


class Part(models.TextChoices):
    """How somebody is part of a case, so that they do not get it to decide."""

    AUTHOR = "author"
    REPORTER = "reporter"
    MENTIONED = "mentioned"
    BLOCKED = "blocked"
    DECIDER = "decider"  # of the decision that an appeal is about


class Checking(models.TextChoices):
    """Whether messages are checked before they appear in a group."""

    OFF = "off", _("No message is checked first")
    FIRST = "first", _("A newcomer's first messages are checked first")
    ALL = "all", _("Every message is checked first")


class RoleChange(models.TextChoices):
    """What the record says of a role: `role given` also where it takes the place of another."""

    GIVEN = "given", _("A role was given")
    TAKEN = "taken", _("A role was taken away")


class Asked(models.TextChoices):
    """What the record says of who asked to come in: `request accepted`."""

    ACCEPTED = "accepted", _("Someone who asked was let in")
    DECLINED = "declined", _("Someone who asked heard: not now")


class Changed(models.TextChoices):
    """What the record says was changed for everybody: `changed promise`."""

    PROMISE = "promise", _("The promise was changed")
    NAMES = "names", _("How names work was changed")


class OffHours(models.TextChoices):
    """What is other for newcomers while nobody of the team is here."""

    SAME = "same", _("Nothing changes")
    SLOW = "slow", _("A newcomer sends one message every 30 minutes")
    WAIT = "wait", _("A newcomer's messages wait until the team has looked")


class Kind(models.TextChoices):
    """What automatic help looks for in a message."""

    CONTACT = "contact", _("Ways to reach someone")
    LINKS = "links", _("Links from newcomers")
    FLOOD = "flood", _("Many messages at once")
    PHRASES = "phrases", _("Your group's own phrases")
    WORRY = "worry", _("Words of worry")


class Step(models.TextChoices):
    """What automatic help does, mildest first. It takes nothing away and shuts nobody out."""

    COACH = "coach", _("Ask the writer to look once more. They can still send it.")
    HELP = "help", _("Show the writer where help is. They can still send it.")
    FLAG = "flag", _("Let it appear, and put it on the team's list.")
    HOLD = "hold", _("Let it wait until the team has looked.")


STEPS = {
    Kind.CONTACT: (Step.FLAG, Step.HOLD),  # a coach looks for these in every group
    Kind.LINKS: (Step.COACH, Step.FLAG, Step.HOLD),
    Kind.FLOOD: (Step.COACH, Step.FLAG, Step.HOLD),
    Kind.PHRASES: (Step.COACH, Step.HELP, Step.FLAG, Step.HOLD),
    Kind.WORRY: (Step.HELP, Step.FLAG),  # nobody who is not well is kept waiting
}


class EventKind(models.TextChoices):
    """What happens in a group's queue. A frame carries the case as it is now."""

    CASE_CHANGED = "case_changed"
    HELD_CHANGED = "held_changed"


class Later(models.IntegerChoices):
    """In how many hours a team wants to look again at how somebody is."""

    HOURS = 3, _("In 3 hours")
    DAY = 24, _("Tomorrow")
    DAYS = 72, _("In 3 days")
    WEEK = 168, _("In a week")


SOON = Later.HOURS  # what nobody has answered yet is put off no longer


class Pace(models.IntegerChoices):
    """How many minutes lie between two messages of one person."""

    OFF = 0, _("As fast as people like")
    FIVE = 5, _("One message every 5 minutes")
    HALF_AN_HOUR = 30, _("One message every 30 minutes")
    HOUR = 60, _("One message an hour")
    LONG = 180, _("One message every 3 hours")


class Slow(models.IntegerChoices):
    """For how many hours talks are slowed down: always with an end."""

    HOURS = 3, _("3 hours")
    DAY = 24, _("A day")
    DAYS = 72, _("3 days")
    WEEK = 168, _("A week")
