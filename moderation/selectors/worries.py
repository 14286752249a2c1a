"""How worries stand: as the person reads it, and as the team does. Nothing here says more than is so."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from community.models import Group
from core import clock
from core.prepared import Prepared
from moderation import parties
from moderation.enums import CALL, Act, CaseState, Reason
from moderation.models import Case, DutyMail, Notice, Worry
from moderation.selectors import cases

OF_ONESELF = (
    Reason.NEEDS_HELP,
    Reason.WORRIED,
)  # a worry about somebody they mention is not told to who wrote of it
LOOKED_DAYS = 30  # for which somebody reads that the team looked at what is closed now


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How somebody's worry stands. `is_held`: someone of the team has it before them now. `is_answered`: the team wrote
    since the last word. `has_written`: it wrote at all. `wrote_more`: they did since. `is_mailed`: a mail went to
    someone on duty. `is_put_off`: it looked at all that waits for its words, and means to do so again in some hours.
    `waits_elsewhere`: they told it something without a name that it did not answer yet."""

    in_danger: bool
    is_held: bool
    is_answered: bool
    is_mailed: bool
    looks_again: bool
    has_written: bool = False
    wrote_more: bool = False
    is_put_off: bool = False
    waits_elsewhere: bool = False


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The team looked at a worry about somebody, and closed it: on which day, and on which it wrote to them last, if it
    did. `asked`: they had asked for that themselves."""

    on: dt.date
    wrote: dt.date | None
    asked: bool


@dataclass(frozen=True, kw_only=True)
class InTalk:
    """What a talk shows of care: how one's own worry stands, if there is one, and whether a note for the others is
    there."""

    own: Standing | None
    has_note: bool


def own(*, group: Group, owner_tag: bytes) -> list[Case]:
    """Open cases of care about somebody themselves in a group, the latest first: by their own tag alone."""
    rows = Case.objects.filter(group=group, state=CaseState.OPEN, reason__in=OF_ONESELF)
    key_of = parties.keys_of(owner_tag=owner_tag)
    mails = Prefetch("worry__mails", DutyMail.objects.select_related("member"))
    rows = rows.select_related("worry").prefetch_related(mails, "worry__written")
    return [one for one in rows.order_by("-since", "id") if _is_about(one, key_of)]


def standing(*, group: Group, owner_tag: bytes) -> Standing | None:
    """How all that is open about somebody in a group stands, as one: answered where all is. None where nothing is."""
    return _together(own(group=group, owner_tag=owner_tag), owner_tag)


def looked(*, group: Group, owner_tag: bytes) -> Looked | None:
    """What of somebody's was closed last in these weeks; None where nothing was."""
    since = clock.today() - dt.timedelta(days=LOOKED_DAYS)
    rows = Case.objects.filter(
        group=group, state=CaseState.DECIDED, reason__in=OF_ONESELF, closed_on__gte=since
    )
    key_of = parties.keys_of(owner_tag=owner_tag)
    mine = [one for one in rows.defer("text", "context").order_by("-closed_on") if _is_about(one, key_of)]
    if not mine:
        return None
    last = [one for one in mine if one.closed_on == mine[0].closed_on]
    assert last[0].closed_on is not None
    return Looked(
        on=last[0].closed_on,
        wrote=max(filter(None, map(_wrote, last)), default=None),
        asked=any(_is_own_call(one) for one in last),
    )


def _wrote(case: Case) -> dt.date | None:
    """On which day the team wrote last to whom a case of care is about."""
    said = [one.sent_on for one in written(case)]
    said += case.decisions.exclude(notice=None).values_list("notice__sent_on", flat=True)
    return max(said, default=None)


def words_of(*, group: Group, owner_tag: bytes) -> str:
    """What somebody told the team themselves, as far as it is open."""
    found = own(group=group, owner_tag=owner_tag)
    return "\n\n".join(line["text"] for one in found for line in told_in(one))


def has_asked(*, group: Group, owner_tag: bytes) -> bool:
    """Whether what somebody told the team themselves is open."""
    return any(_is_own_call(one) or told_in(one) for one in own(group=group, owner_tag=owner_tag))


def told_in(case: Case) -> list[dict[str, Any]]:
    """What somebody told the team in a case of care about them: in a call, or beside their message."""
    if case.subject_kind == CALL:  # words that automatic help noticed were not told to the team
        return [] if case.noticed else list(case.context)
    return [line for line in case.context if "after" in line]


def case_in_talk(*, group: Group, owner_tag: bytes, place: str) -> Case | None:
    """What is open about what somebody wrote in a talk: the gravest, then the one that the team wrote in. None where
    they wrote it under two names: what they say beside one of them would not be told from the other's."""
    found = [one for one in own(group=group, owner_tag=owner_tag) if place and one.place == place]
    names = {line["by"] for one in found for line in one.context if line["is_subject"]}
    if len(names) != 1 or not all(one.context for one in found):
        return None
    return min(found, key=lambda one: (not of(one).in_danger, not has_written(of(one))))


def call_of(*, group: Group, owner_tag: bytes) -> Case | None:
    """The open case in which somebody told the team themselves."""
    found = own(group=group, owner_tag=owner_tag)
    return next(filter(_is_own_call, found), None)


def _is_own_call(case: Case) -> bool:
    return case.subject_kind == CALL and not case.noticed


def written(case: Case) -> list[Notice]:
    """What the team wrote to whom a case of care is about, the first first: while it was open, and as it was closed.
    What they had erased is not there any more."""
    return [one for one in notices_in(case) if one.message]


def notices_in(case: Case) -> list[Notice]:
    """The same, with those that are empty now: how often the team had written is counted by them."""
    said = Q(written__worry__case=case) | Q(decision__case=case, decision__act=Act.NOTE)
    rows = Notice.objects.filter(said).select_related("written")
    return list(rows.order_by("sent_on", F("written__nth").asc(nulls_last=True), "id"))


def _open_or_noted(group: Any, place: Any, today: Any) -> QuerySet[Worry]:
    open_ = Q(case__state=CaseState.OPEN, case__reason__in=OF_ONESELF)
    rows = Worry.objects.filter(open_ | Q(note_until__gte=today), case__group=group, case__place=place)
    return rows.select_related("case")


_in_talk = Prepared(_open_or_noted)


def in_talk(*, group: Group, place: str, owner_tag: bytes) -> InTalk:
    """What one talk shows of care, in one query where nobody worries. How one's own stands is said of all of it."""
    found = _in_talk(group=group.pk, place=place, today=clock.today())
    if not found:
        return InTalk(own=None, has_note=False)
    key_of = parties.keys_of(owner_tag=owner_tag)
    mine = [one.case for one in found if one.case.state == CaseState.OPEN and _is_about(one.case, key_of)]
    noted = [one for one in found if one.note_until is not None and one.note_until >= clock.today()]
    # whatever the team wrote to them in another case of care, it wrote to them
    whole = standing(group=group, owner_tag=owner_tag) if mine else None
    return InTalk(own=whole, has_note=any(not _is_about(one.case, key_of) for one in noted))


def of(case: Case) -> Worry:
    """The worry of a case of care; one as it begins where there is none yet."""
    return Worry.objects.filter(case=case).first() or Worry(case=case)


def mark_unanswered(case: Case) -> str:
    """Where somebody is marked as in danger, and nobody answered what they wrote last: a mark of that. Else
    nothing."""
    worry = of(case) if case.is_worry else None
    if worry is None or not worry.in_danger or worry.is_answered:
        return ""
    words = [case.text, *(line["text"] for line in told_in(case))]
    return hashlib.sha256("\n\n".join(words).encode()).hexdigest()[:16]


def rests(worry: Worry) -> bool:
    """Whether the team has done what it can for now, and looks again later."""
    return worry.check_at is not None and worry.check_at > clock.now()


def has_written(worry: Worry) -> bool:
    """Whether the team wrote to them at all."""
    return worry.is_answered or bool(worry.written.all())


def awaits_words(worry: Worry) -> bool:
    """Whether somebody waits for the team to write: it never did, they wrote more since, or they are in danger and the
    next words are the team's."""
    return not worry.is_answered and (worry.in_danger or worry.more > 0 or not has_written(worry))


def _is_about(case: Case, key_of: parties.KeysOf) -> bool:
    return case.reason in OF_ONESELF and bytes(case.author_key) == key_of(case.public_id)


def _together(found: list[Case], owner_tag: bytes) -> Standing | None:
    if not found:
        return None
    worries = [getattr(case, "worry", None) or Worry(case=case) for case in found]
    return Standing(
        in_danger=any(one.in_danger for one in worries),
        is_held=any(cases.is_held(case) for case in found),
        is_answered=all(one.is_answered for one in worries),
        is_mailed=any(  # not by a row that stands for themselves
            bytes(mail.member.owner_tag) != owner_tag for one in worries if one.pk for mail in one.mails.all()
        ),
        looks_again=any(rests(one) for one in worries),
        has_written=any(has_written(one) for one in worries),
        wrote_more=any(one.more for one in worries),
        waits_elsewhere=any(
            _is_own_call(case) and case.text and not has_written(one)
            for case, one in zip(found, worries, strict=True)
        ),
        is_put_off=all(one.is_answered or rests(one) for one in worries),
    )
