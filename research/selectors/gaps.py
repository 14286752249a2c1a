"""What is missing in the settings of a study, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from research.protocols import Gap

WORDS = {
    "title": _("Give the study its full title."),
    "plain_title": _("Give it a title in plain words."),
    "question": _("Say what the study wants to find out."),
    "why": _("Say why it is done, for people who are asked."),
    "who": _("Say who does it."),
    "reads": _("Say what the team reads."),
    "never_gets": _("Say what the team never gets."),
    "purposes": _("Say what the data is used for."),
    "risks": _("Say what could be hard for people, and what good may come of it."),
    "thanks": _("Say what people get for it, or that they get nothing."),
    "analysis": _("Say how you look at the data."),
    "ethics_body": _("Say which ethics board looked at it."),
    "ethics_ref": _("Note the board's number for it."),
    "approved_on": _("Note the day of the board's yes."),
    "expires_on": _("Note the last day for which that yes holds."),
    "approved_later": _("The day of the board's yes is still to come."),
    "expired": _("The board's yes is over. Ask for a longer one."),
    "lawful_basis": _("Name the lawful basis. It is not the same as saying yes to taking part."),
    "special_basis": _("Name the basis for data about health."),
    "controller": _("Say who answers for the data, with an address."),
    "contact": _("Give people someone to ask."),
    "harm_contact": _("Say whom to turn to if something goes wrong."),
    "officer": _("Name the data protection officer, or say that there is none."),
    "recipients": _("Say who gets the data, or that nobody else does."),
    "outside_said": _("Name everyone who may get a file in your answer to “Who else gets data?”, too."),
    "outside_joins": _(
        "A study that joins people across groups has no file for others. Name nobody for one."
    ),
    "transfers": _("Say whether data leaves the country, and how it is kept safe then."),
    "complaints": _("Say where people can complain."),
    "groups": _("Name the groups you want to ask."),
    "aim": _("Say how many people you hope for in each group."),
    "names_never": _("Hope for ten people in each group, or do not ask for one-thread names."),
    "pairs": _("Put each group into one pair, and no group into two."),
    "items": _("Pick what people are asked for."),
    "retention_months": _("Say how many months the data is kept."),
    "waves": _("Plan at least one round of questions, or ask no questions."),
    "surveys": _("There are rounds of questions. So ask people for their answers, too."),
    "posts_to_quote": _("To quote people, also ask to read what they write under their name here."),
    "notes_for_rooms": _("A room needs a researcher with a badge. Tick that the team keeps notes, too."),
    "two_versions": _("Pairs of groups need two versions of the settings."),
    "one_version": _("One version compares with nothing. Add a second one, or take it out."),
    "same_name": _("Two versions have the same name. Give this one another."),
    "same_settings": _(
        "Two versions have the same settings. So they compare nothing. Change one of them here."
    ),
    "plan": _("Write down what you do if someone is harmed."),
    "stop_rules": _("Set at least one rule that stops the study."),
    "go_on_rules": _("Set at least one rule for going on after the pilot."),
    "stops_never": _("Lower the rule that no study of this size could meet: it would never stop it."),
    "negative": _("Put the questions about bad moments into a round."),
}


FIXED = {
    "unit": _("who gets a version of the settings"),
    "joins": _("joining up parts"),
    "groups": _("groups"),
    "pairs": _("pairs"),
    "arms": _("versions of the settings"),
    "waves": _("rounds of questions"),
}


def stays(keys: Iterable[str]) -> str:
    """That these stay as they were fixed, as a sentence."""
    return _("These stay as they were approved: %(what)s. For others, begin a new study.") % {
        "what": ", ".join(str(FIXED[key]) for key in keys)
    }


def words(gap: Gap) -> str:
    """One gap as a sentence."""
    return str(WORDS[gap.what])
