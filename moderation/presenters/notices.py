"""What the team tells one person, in plain words. Never which of the team it was."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.errors import NotHere
from community.selectors import charters
from core import clock
from core.registries.subjects import subjects
from core.text import to_html
from moderation import acts
from moderation.enums import Act, Outcome, Scope
from moderation.models import Appeal, Decision, Notice
from moderation.selectors import cases, notices


@dataclass(frozen=True, kw_only=True)
class Why:
    """What was decided, and why: everything its person must know. `text` is HTML, as their message was. `until` is the
    last day on which its end, which is drawn by lot, can be."""

    done: str
    text: str
    rule: str
    version: int | None
    facts: str
    reach: str
    until: dt.date | None
    by_machine: bool
    from_outside: bool
    is_undone: bool
    edit_url: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """Another look: how long one can ask for it; once asked for, by when it is answered, and the answer."""

    until: dt.date | None
    asked: bool
    words: str
    answer_by: dt.date | None
    outcome: str
    answer: str
    by_the_same: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """One note from the team. `is_care`: it comes of care for its person, who may want to answer. `talk`: where what it
    was about stands, by its public id."""

    notice: Notice
    why: Why | None
    look: Look
    is_care: bool
    talk: str = ""


@dataclass(frozen=True, kw_only=True)
class Named:
    """A note with what it is called, so that those of one day are told apart. Nothing of what is in it."""

    notice: Notice
    title: str


def named(found: Sequence[Notice]) -> list[Named]:
    """One's notes, the newest first, each with its title: those of one day are numbered from the first."""
    many = Counter(one.sent_on for one in found)
    left = Counter(many)
    rows = list[Named]()
    for one in found:
        given = {"day": date_format(one.sent_on, "j F Y"), "n": left[one.sent_on]}
        left[one.sent_on] -= 1
        words = _("Note of %(day)s") if many[one.sent_on] == 1 else _("Note %(n)s of %(day)s")
        rows.append(Named(notice=one, title=words % given))
    return rows


def title(notice: Notice, *, among: Sequence[Notice]) -> str:
    """What one of them is called."""
    return next(one.title for one in named(among) if one.notice.pk == notice.pk)


def page(notice: Notice) -> Page:
    """A note with all that belongs to it."""
    decision, appeal = notices.decision_of(notice), notices.appeal_about(notice)
    why = _why(decision) if decision is not None and decision.restricts else None
    is_care = hasattr(notice, "written") or bool(decision and decision.case.is_worry)
    worry = notice.written.worry.case if hasattr(notice, "written") else decision.case if decision else None
    talk = worry.place if is_care and worry else ""
    return Page(notice=notice, why=why, look=_look(decision, appeal), is_care=is_care, talk=talk)


def drafted(
    decision: Decision, notice: Notice, *, see: Callable[[str], str], appeal: Appeal | None = None
) -> Page:
    """The same note before it is there, of a decision and a notice that are not stored yet. `see` puts out of sight
    what whoever decides did not ask to see of their words. `appeal`: it comes of that one."""
    why = _why(decision) if decision.restricts else None
    if why is not None:
        edit_url = "later" if decision.act == Act.ASK_EDIT else ""
        why = replace(why, text=to_html(see(decision.case.text)), edit_url=edit_url)
    return Page(notice=notice, why=why, look=_look(decision, appeal), is_care=decision.case.is_worry)


def answered(appeal: Appeal) -> Look:
    """What somebody reads of an answer to them."""
    return _look(None, appeal)


def _why(decision: Decision) -> Why:
    case = decision.case
    return Why(
        done=_done(Act(decision.act)),
        text=to_html(case.text),
        rule=_rule(decision),
        version=decision.charter_version,
        facts=decision.facts,
        reach=reach_of(decision),
        until=_ends_by(decision),
        by_machine=decision.by_machine,
        from_outside=decision.from_outside,
        is_undone=decision.undone_on is not None,
        edit_url=_edit_url(decision),
    )


def _ends_by(decision: Decision) -> dt.date | None:
    return decision.decided_on + dt.timedelta(days=decision.days + 1) if decision.days else None


def kept_out_by(found: Iterable[Notice]) -> list[Decision]:
    """What keeps somebody out of a group, by their notes there."""
    made = [notices.decision_of(one) for one in found]
    return [one for one in made if one and one.undone_on is None and one.act in acts.KEEP_OUT]


def kept_out_until(found: Iterable[Decision]) -> dt.date | None:
    """By when that ends: the day that the notes say. None where none says one."""
    return max((day for one in found if (day := _ends_by(one))), default=None)


def reach_of(decision: Decision) -> str:
    """How far it reaches, in words."""
    where = cases.where(decision.case) if decision.scope == Scope.THREAD else None
    return where.words if where else str(decision.get_scope_display())


def _done(act: Act) -> str:
    return {
        Act.ASK_EDIT: _("We ask you to change this message. Until then nobody else reads it."),
        Act.HEADS_UP: _("We put a heads-up over this message. It opens with one press."),
        Act.HIDE: _("We hid this message. Nobody else reads it."),
        Act.REMOVE: _("We took this message away."),
        Act.SLOW: _("For a while, you can write once an hour."),
        Act.CHECK_FIRST: _("For a while, the team reads what you write before others do."),
        Act.MUTE: _("For a while, you can read, but not write. We hid this message."),
        Act.BAN: _("For a while, you are out of this group. We hid this message."),
        Act.SUSPEND: _("For a while, you are out of the whole site. We hid this message."),
    }[act]


def _rule(decision: Decision) -> str:
    """The line of the promise as it stood then."""
    try:
        charter = charters.at(group=decision.case.group, version=decision.charter_version or 0)
    except NotHere:
        return ""
    return next((rule.text for rule in charter.rules_in_order if rule.code == decision.rule_code), "")


def _edit_url(decision: Decision) -> str:
    if decision.act != Act.ASK_EDIT or decision.undone_on:
        return ""
    try:
        return subjects()[decision.case.subject_kind].edit_page(public_id=decision.case.subject_id)
    except NotHere:
        return ""


def _look(decision: Decision | None, appeal: Appeal | None) -> Look:
    may_ask = appeal is None and decision is not None and not decision.undone_on
    end = decision.appeal_until if decision is not None and may_ask else None
    asked_on = appeal.case.since.date() if appeal else None
    return Look(
        until=end if end and end >= clock.today() else None,
        asked=appeal is not None,
        words=appeal.words if appeal else "",
        answer_by=asked_on + dt.timedelta(days=acts.ANSWER_DAYS) if asked_on else None,
        outcome=_outcome(Outcome(appeal.outcome)) if appeal and appeal.outcome else "",
        answer=appeal.answer if appeal else "",
        by_the_same=bool(appeal and appeal.alone),
    )


def _outcome(outcome: Outcome) -> str:
    return {
        Outcome.KEEP: _("We looked again. It stays as it is."),
        Outcome.CHANGE: _("We looked again, and changed it. A new note says how."),
        Outcome.UNDO: _("We looked again, and took it back. All is as it was before."),
    }[outcome]
