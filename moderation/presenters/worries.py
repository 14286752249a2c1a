"""What somebody who is not well reads, and words for the team to begin from. Each sentence is true when it is shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from community.models import Group
from community.presenters.strip import Strip, strip_for
from core import mail
from moderation.enums import CALL
from moderation.models import Case, Notice
from moderation.presenters.team import hour_of
from moderation.selectors import worries
from moderation.selectors.worries import Looked, Standing

# Each name says whom the words are for. Not yet reviewed by a clinician: the page says so above them.
SCRIPTS = (
    (
        gettext_noop("To anyone: I read it, and I care"),
        gettext_noop(
            "I read what you wrote. I am glad you said it. It sounds like today is very hard. You are not in trouble. "
            "You do not have to go through this alone. How are you now?"
        ),
    ),
    (
        gettext_noop("To someone who may think of dying: asking them straight"),
        gettext_noop(
            "I read what you wrote, and I want to ask you straight. Do you think of ending your life? You can say yes. "
            "I will not be shocked, and you will not be in trouble. If it could be tonight, please call for help now, "
            "or go to someone who can sit with you."
        ),
    ),
    (
        gettext_noop("To someone in danger now"),
        gettext_noop(
            "I am worried that you are in danger now. Please call for help now. If you can, go to where other people "
            "are. Put what could hurt you out of reach. You can write here again. We cannot come to you, and we cannot "
            "see where you are. So please make that call."
        ),
    ),
    (
        gettext_noop("To someone who is hurt by another"),
        gettext_noop(
            "I read what you wrote. What they do to you is not your fault. If you are in danger now, please call for "
            "help. “Quick exit” at the top takes you off this page at once. “Cover your tracks” says how to leave no "
            "trace. When it is safe, you can talk to people who know about this. You choose what you do."
        ),
    ),
    (
        gettext_noop("To someone who hurt another, or fears they could"),
        gettext_noop(
            "I read what you wrote. I am glad you said it. You can get help with this. If someone is hurt now, please "
            "call for help for them. If you fear it could happen soon, step away: go to another room. Put what could "
            "hurt someone out of reach. Then call, or ask someone you trust to come. People on a help line can talk "
            "with you about this. What you write here goes to the team. How are you now?"
        ),
    ),
    (
        gettext_noop("To someone who worries about another"),
        gettext_noop(
            "Thank you for looking out for them. If they could be in danger now, please call for help for them. You "
            "can ask them straight how they are. It does no harm to ask. And this is a lot to hold. How are you?"
        ),
    ),
    (
        gettext_noop("To someone a day later"),
        gettext_noop(
            "I said we would look in again. How are you today? You can write as much or as little as you like. "
            "Nothing you say here gets you into trouble."
        ),
    ),
)
WHERE_HELP_IS = (
    gettext_noop("If you could be in danger now, please do not wait for us."),
    gettext_noop("“Get help now” at the foot of each page has people you can call or text."),
)


def with_script(typed: str, number: int) -> str:
    """Words to begin with, below what somebody typed: nothing of theirs is lost, and the same words come once."""
    words = gettext(SCRIPTS[number][1])
    if words in typed:
        return typed
    return "\n\n".join(filter(None, [typed.rstrip(), words]))


def where_help_is() -> str:
    """What is said below words to somebody: with the numbers that every page says."""
    before, after = map(gettext, WHERE_HELP_IS)
    numbers = render_to_string("components/emergency.html", {"as_text": True})
    return f"{before} {numbers.strip()} {after}"


def with_help(words: str) -> str:
    """Words to somebody, with where help is below them."""
    return f"{words.strip()}\n\n{where_help_is()}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """What somebody who is not well reads about the team: what it did, who is here, and what comes next."""

    strip: Strip
    state: str
    then: str
    is_told: bool
    has_written: bool = False


def card(*, group: Group, standing: Standing | None, looked: Looked | None = None) -> Card:
    """For one group, now. `standing` is None where nothing is open that its team was told; `looked` says what became of
    what was."""
    strip = strip_for(group)
    state = _closed(looked) if standing is None else _state(standing, looked)
    return Card(
        strip=strip,
        state=state,
        then=_then(strip, standing),
        is_told=standing is not None,
        has_written=standing is not None and standing.has_written,
    )


def _closed(looked: Looked | None) -> str:
    if looked is None:
        return gettext("The team has not been told. You can tell them.")
    day = {"day": date_format(looked.on, "j F")}
    if not looked.asked:  # they told the team nothing yet: another did, or a program
        did = (
            _wrote_on(looked.wrote) if looked.wrote else gettext("The team looked at this on %(day)s.") % day
        )
        return f"{did} {gettext('You can tell them that you need help.')}"
    if looked.wrote:
        return gettext("The team looked at this on %(day)s and wrote to you. You can tell them again.") % day
    return gettext("The team looked at this on %(day)s. You can tell them again.") % day


def _wrote_on(day: dt.date) -> str:
    return gettext("The team wrote to you on %(day)s.") % {"day": date_format(day, "j F")}


def _state(standing: Standing, looked: Looked | None) -> str:
    if standing.is_answered:
        return gettext("The team wrote to you.")
    if standing.has_written:
        return _written_to(standing)
    taken = gettext("Someone from the team has taken this up.")
    listed = taken if standing.is_held else gettext("It is on the team's list.")
    if looked is not None and looked.wrote and not looked.asked:  # a first call, after what others had said
        return f"{listed} {_wrote_on(looked.wrote)} {gettext('They have not answered this yet.')}"
    is_new = looked is not None and looked.wrote  # what they wrote before was about something else
    if standing.is_held:
        said = gettext("They have not written to you again yet.") if is_new else ""
        return f"{listed} {said or gettext('They have not written to you yet.')}"
    said = gettext("Nobody from the team has written to you again yet.") if is_new else ""
    return f"{listed} {said or gettext('Nobody from the team has written to you yet.')}"


def _written_to(standing: Standing) -> str:
    if standing.wrote_more:
        return gettext("The team wrote to you. You wrote more; they have not answered that yet.")
    if standing.waits_elsewhere:
        return gettext("The team wrote to you. They have not answered all that you told them yet.")
    return gettext("The team wrote to you. It is on their list again.")


def _then(strip: Strip, standing: Standing | None) -> str:
    """What comes next, and no more than is known."""
    if standing is None:
        return ""
    if standing.is_answered:
        again = gettext("They mean to look in again.") if standing.looks_again else ""
        return " ".join(filter(None, [again, gettext("You can tell them more at any time.")]))
    if standing.is_held:
        taken = gettext("Someone from the team has taken this up.") if standing.has_written else ""
        waits = gettext("We do not know how long it takes. Please do not wait for us if you are in danger.")
        return " ".join(filter(None, [taken, waits]))
    if standing.is_put_off:
        return gettext(
            "Someone from the team looked at it. They mean to look again in a few hours. We do not know when they "
            "write. Please do not wait for us."
        )
    if not strip.somebody_here:
        return gettext(
            "It is one of the first things on their list for when they come. It could be that nobody from the team "
            "sees it before then. Please do not wait for us."
        )
    sent = gettext("We sent them a mail that says to look in.") if standing.is_mailed else ""
    waits = gettext(
        "It is one of the first things on their list. We do not know when they look. Please do not wait for us."
    )
    return " ".join(filter(None, [sent, waits]))


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a team wrote to somebody, for whoever of it goes on: never which of them it was."""

    when: str
    words: str


def sent(case: Case) -> list[Sent]:
    """All that was written to whom a case of care is about, the first first."""
    return [Sent(when=_when(one, case), words=one.message) for one in worries.written(case)]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What one side said in a call for help; when, as far as that is kept: of the team alone. `is_new`: the team did
    not write since it did the last time."""

    by_team: bool
    when: str
    words: str
    is_new: bool = False


def turns(case: Case, *, see: Callable[[str], str]) -> list[Turn]:
    """A call for help in the order in which it was written. None where its person said nothing, or had it erased. `see`
    puts out of sight what was not asked for."""
    if case.subject_kind != CALL or not case.context:
        return []
    notices = worries.notices_in(case)
    found = list[Turn]()
    for nth in range(len(notices) + 1):
        for line in case.context:
            if min(line.get("after", 0), len(notices)) == nth:
                is_new = nth > 0 and nth == len(notices)
                found.append(Turn(by_team=False, when="", words=see(line["text"]), is_new=is_new))
        if nth < len(notices) and notices[nth].message:
            one = notices[nth]
            found.append(Turn(by_team=True, when=_when(one, case), words=one.message))
    return found


def told(case: Case, *, see: Callable[[str], str]) -> list[Turn]:
    """What somebody told the team beside their message, as they chose."""
    if case.subject_kind == CALL:
        return []
    wrote = len(worries.notices_in(case))
    return [
        Turn(by_team=False, when="", words=see(line["text"]), is_new=0 < wrote <= line["after"])
        for line in worries.told_in(case)
    ]


def _when(notice: Notice, case: Case) -> str:
    known = getattr(notice, "written", None)
    return hour_of(known.at, case) if known else date_format(notice.sent_on, "j F")


def asked(*, others_here: int) -> str:
    """For whoever asked a colleague: whether one could see it now."""
    if not others_here:
        return gettext(
            "Nobody else from the team has these pages open now. They see that you ask when they come. Stay with it "
            "if you can."
        )
    return gettext("Your colleagues see that you ask. One of them can take it over. Stay with it if you can.")


def mail_words() -> str:
    """For the team: whether a mail goes out at all."""
    return "" if mail.is_set_up() else gettext("This site sends no mail. Only open pages show what is new.")
