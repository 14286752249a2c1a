"""Acts on a study's record: who did them, in words that stay the same in every language, and how members read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from research.enums import StudyRole

ROLES: dict[str, str] = {
    StudyRole.LEAD: "lead researcher", StudyRole.RESEARCHER: "researcher", StudyRole.ANALYST: "analyst",
}  # fmt: skip
GROUP_LEAD, RULE = "group lead", "stop rule"

# What members read. An act that is not here is not told by itself: what people answer is never a line of a log.
PLAIN: dict[str, Any] = {
    "study begun": _("The study was begun."),
    "colleague invited": _("A code was made for someone new in the team."),
    "colleague came in": _("Someone came into the team."),
    "colleague left": _("Someone left the team."),
    "study approved": _("What the study does was fixed: version 1."),
    "protocol changed": _("What the study does was changed: a new version."),
    "group asked": _("A group was asked."),
    "group agreed": _("A group said yes."),
    "group declined": _("A group said no."),
    "group took it back": _("A group took its yes back. The study ended there."),
    "study opened": _("The study opened: people can say yes or no."),
    "version in force": _("A group's version of the settings began to hold there."),
    "nobody new": _("The study takes nobody new."),
    "study closed": _("The study is over."),
    "what it kept of people deleted": _(
        "The time to keep it was over: what the study kept of people was deleted."
    ),
    "study paused": _("The study was paused."),
    "study went on": _("The study went on after a pause."),
    "researcher sat down": _("A researcher came into a group, with a badge."),
    "researcher stood up": _("A researcher no longer reads in a group."),
    "room opened": _("A room was opened in a group, for those who take part there."),
    "something bad noted": _("Something bad was noted in the safety log."),
    "something bad worded anew": _("Something in the safety log was worded anew."),
    "something bad handled": _("Something in the safety log was dealt with."),
    "number taken out of files": _("The number of somebody who left was taken out of files."),
    "file asked for": _("A file of data was asked for."),
    "file let go by a second person": _("A second person let a file go."),
    "file left": _("A file of data was fetched."),
    "file taken back": _("A file was taken back before anyone fetched it."),
    "no copy of a file left": _("The team said that no copy of a file is left."),
    "lists opened": _("How versions were given out was opened for all to check."),
}
