"""Worry is care: it is raised, answered and looked at again, and nobody is ever limited by it. People close it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext

from audit import selectors as record
from community.actions import leaving
from community.models import Group
from community.selectors import here as places
from community.selectors import roles
from community.selectors.here import Here
from core import clock, ids
from moderation import parties, policies
from moderation.actions import claims, earlier, notices, queue
from moderation.automatic.worry import Level, worried
from moderation.enums import CALL, SOON, URGENCY, CaseState, Kind, Later, Part, Reason
from moderation.errors import Incomplete
from moderation.models import Case, DutyMail, Party, Worry, Written
from moderation.policies import Judge
from moderation.selectors import cases
from moderation.selectors import worries as reading

NOTE_DAYS = 3  # for which a note for the others stands in a talk
LONGEST = 1000
MOST = 8 * LONGEST  # of all that somebody says in one call


def begin(*, case: Case, words: str = "") -> None:
    """A case of care has its worry; where the words say so, the graver one. The queue is locked."""
    worry, _ = Worry.objects.get_or_create(case=case)
    if not worry.in_danger and worried(f"{case.text}\n{words}") == Level.IN_DANGER:
        _raise(case)


@transaction.atomic
def ask_for_help(*, here: Here, words: str, in_danger: bool = False, talk: str = "") -> Case:
    """Somebody inside a group says that they need help now, and whether they are in danger. `talk`: beside what they
    wrote there, as they chose. Raises NotHere."""
    queue.lock(group=here.group)
    leaving.keep_in(here=here)
    tag = bytes(places.again(here).member.owner_tag)
    return _tell(group=here.group, owner_tag=tag, words=words, in_danger=in_danger, talk=talk)


@transaction.atomic
def ask_from_outside(
    *, group: Group, owner_tag: bytes, words: str, in_danger: bool = False, talk: str = ""
) -> Case:
    """The same, of somebody whom a limit keeps out: whoever calls has found that."""
    queue.lock(group=group)
    return _tell(group=group, owner_tag=owner_tag, words=words, in_danger=in_danger, talk=talk)


def _tell(*, group: Group, owner_tag: bytes, words: str, in_danger: bool, talk: str) -> Case:
    """What somebody tells a team: beside what is open about them under their one name in a talk, or without a name."""
    found = reading.case_in_talk(group=group, owner_tag=owner_tag, place=talk) if talk else None
    if found is None:
        return call(group=group, owner_tag=owner_tag, words=words, in_danger=in_danger)
    found.context = _with(words.strip(), found)
    Case.objects.filter(pk=found.pk).update(context=found.context)
    _told_more(found, words, in_danger=in_danger)
    return found


def _told_more(case: Case, words: str, *, in_danger: bool) -> None:
    begin(case=case, words=words)
    if words.strip() or in_danger:
        _waits_again(case, more=int(bool(words.strip())))
    if in_danger:  # they say so themselves
        _raise(case)
    queue.tell(case=case)


def call(
    *, group: Group, owner_tag: bytes, words: str, reason: Reason = Reason.NEEDS_HELP, noticed: str = "",
    in_danger: bool = False,
) -> Case:  # fmt: skip
    """A case of care without a message in a talk: one for what each person says, to which more words are added; and one
    for each message in which something was noticed. Everybody reads who signs that once it appears: beside what is
    signed otherwise, or by nobody, it would tell that both are one person. The queue is locked."""
    found = None if noticed else reading.call_of(group=group, owner_tag=owner_tag)
    case = found or _new_call(group, owner_tag, reason=reason, noticed=noticed)
    case.context = _with(words.strip(), case)
    case.text = "\n\n".join(line["text"] for line in case.context)
    Case.objects.filter(pk=case.pk).update(text=case.text, context=case.context)
    if found is not None:
        _told_more(case, words, in_danger=in_danger)
    else:
        begin(case=case)
        if in_danger:
            _raise(case)
        queue.tell(case=case)
        role = queue.MACHINE if noticed else "member"
        queue.record(group=group, act="worry", role=role, ref=case.public_id, payload={"reason": reason})
    return case


def _with(words: str, case: Case) -> list[dict[str, Any]]:
    """All that somebody told a team, each with how often the team had written before; what is too much goes from the
    beginning. Beside a message in a talk it is by its writer, and no part of the copy."""
    is_call = case.subject_kind == CALL
    by = "" if is_call else next((one["by"] for one in case.context if one["is_subject"]), "")
    line = {"by": by, "text": words[-MOST:], "is_subject": is_call, "after": len(reading.notices_in(case))}
    copy = [] if is_call else [one for one in case.context if "after" not in one]
    told = reading.told_in(case) + ([line] if words else [])
    while sum(len(one["text"]) for one in told) > MOST:
        del told[0]
    return [*copy, *told]


def _waits_again(case: Case, *, more: int) -> None:
    """Its person wrote or asked again: that is not answered yet. Who is on duty hears of it anew where the team had
    answered what was there."""
    rows = Worry.objects.filter(case=case)
    if rows.filter(Q(is_answered=True) | Q(check_at__isnull=False)).exists():
        DutyMail.objects.filter(worry__case=case).delete()
    rows.update(is_answered=False, check_at=None, more=F("more") + more)


def _new_call(group: Group, owner_tag: bytes, *, reason: Reason, noticed: str) -> Case:
    case = Case(
        group=group, subject_kind=CALL, subject_id=ids.new_public_id(), reason=reason, noticed=noticed,
        urgency=URGENCY.index(reason), since=clock.this_hour(), opened_at=record.length(scope=group.public_id),
    )  # fmt: skip
    is_lead = roles.is_lead(owner_tag=owner_tag)
    case.sealed_author = earlier.sealed_author(case=case, author=owner_tag, is_lead=is_lead)
    case.author_key = parties.key_of(ref=case.public_id, owner_tag=owner_tag)
    case.save(force_insert=True)
    Party.objects.create(case=case, ref=case.public_id, part=Part.AUTHOR, key=case.author_key)
    return case


def _raise(case: Case) -> None:
    """In danger now: before all else that waits, whatever was meant to be looked at later."""
    Worry.objects.filter(case=case).update(in_danger=True, check_at=None)
    Case.objects.filter(pk=case.pk).update(urgency=0)


# --- what the team does ----------------------------------------------------------------------------------------------
def _hold(judge: Judge, case: Case, fence: int) -> Worry:
    """The worry of a case that one holds. Raises NotHere or Conflict."""
    judge = queue.lock_for(judge)
    policies.require("see", judge, case)
    claims.require(judge=judge, case=case, fence=fence)  # first: whoever wrote meanwhile reads what happened
    policies.require("care", judge, case)
    return Worry.objects.get_or_create(case=case)[0]


def _done(judge: Judge, case: Case, act: str) -> None:
    queue.tell(case=case, by=judge)
    queue.record(group=case.group, act=act, role=queue.role_of(judge), ref=case.public_id)


@transaction.atomic
def write(*, judge: Judge, case: Case, fence: int, words: str) -> None:
    """Write to the person. It stays open. Raises NotHere, Conflict or Incomplete."""
    worry = _hold(judge, case, fence)
    if not words.strip():
        raise Incomplete(gettext("Write what you want to tell them."))
    author = parties.author_of(ref=case.public_id, sealed=case.sealed_author)
    notice = notices.send(group=case.group, owner_tag=author, message=words.strip())
    nth = (worry.written.aggregate(last=Max("nth"))["last"] or 0) + 1
    Written.objects.create(worry=worry, notice=notice, at=clock.this_hour(), nth=nth)
    Worry.objects.filter(pk=worry.pk).update(is_answered=True, asks=False, more=0)
    _done(judge, case, "wrote to someone we worry about")


@transaction.atomic
def say_danger(*, judge: Judge, case: Case, fence: int) -> None:
    """Say that somebody is in danger now. Raises NotHere or Conflict."""
    _hold(judge, case, fence)
    _raise(case)
    _done(judge, case, "someone is in danger")


@transaction.atomic
def ask_colleague(*, judge: Judge, case: Case, fence: int) -> None:
    """Ask the others of the team to look as well: their consoles say so, and who is on duty gets another mail. Raises
    NotHere or Conflict."""
    worry = _hold(judge, case, fence)
    Worry.objects.filter(pk=worry.pk).update(asks=True)
    DutyMail.objects.filter(worry=worry).delete()
    _done(judge, case, "asked a colleague")


@transaction.atomic
def look_again(*, judge: Judge, case: Case, fence: int, later: Later) -> None:
    """Have it come back in some hours, and give it back until then. What nobody has answered is not put off for long.
    Raises NotHere, Conflict or Incomplete."""
    worry = _hold(judge, case, fence)
    if later > SOON and reading.awaits_words(worry):
        raise Incomplete(_not_so_long(worry))
    at = clock.this_hour() + dt.timedelta(hours=int(later))
    Worry.objects.filter(pk=worry.pk).update(check_at=at, is_answered=worry.is_answered or later > SOON)
    Case.objects.filter(pk=case.pk).update(holder=None, lease_until=None)
    _done(judge, case, "to look again")


def _not_so_long(worry: Worry) -> str:
    first = gettext("This is marked: in danger now.") if worry.in_danger else ""
    waits = (
        gettext("Nobody has answered what they wrote last.")
        if reading.has_written(worry)
        else gettext("Nobody has written to them yet.")
    )
    rest = gettext("So it can wait for a few hours at most. You can write to them first.")
    return " ".join(filter(None, [first, waits, rest]))


@transaction.atomic
def note_for_others(*, judge: Judge, case: Case, fence: int, shown: bool) -> None:
    """Put a note for the others into the talk, or take it out. It names nobody. Raises NotHere or Conflict."""
    worry = _hold(judge, case, fence)
    until = clock.today() + dt.timedelta(days=NOTE_DAYS) if shown and case.place else None
    Worry.objects.filter(pk=worry.pk).update(note_until=until)
    _done(judge, case, "note for the others" if until else "note for the others gone")


# --- what happens by itself ------------------------------------------------------------------------------------------
def wake() -> None:
    """What a team let go waits again: a claim that ended without an answer, and what was to be looked at again. Due
    work: often, and harmless to do twice."""
    now = clock.now()
    rows = Worry.objects.select_related("case__group").filter(case__state=CaseState.OPEN)
    lapsed = rows.filter(case__lease_until__lte=now, is_answered=False)
    for worry in [*lapsed, *rows.filter(check_at__lte=now)]:
        with transaction.atomic():
            _wake(worry)


def _wake(worry: Worry) -> None:
    queue.lock(group=worry.case.group)
    case = cases.with_parties(pk=worry.case_id)
    if case.state != CaseState.OPEN or cases.is_held(case):
        return
    Case.objects.filter(pk=case.pk).update(holder=None, lease_until=None)
    fresh = Worry.objects.get(pk=worry.pk)
    if fresh.check_at is not None and fresh.check_at <= clock.now():
        Worry.objects.filter(pk=worry.pk).update(check_at=None, is_answered=False)
        Case.objects.filter(pk=case.pk).update(since=clock.this_hour())
    DutyMail.objects.filter(worry=worry).delete()
    queue.tell(case=case)


def of_held_words(*, group: Group, owner_tag: bytes, text: str) -> None:
    """Words of worry in a message that waits for the team's look: it is on their list at once, and they are alerted as
    by any other. The queue is locked."""
    call(group=group, owner_tag=owner_tag, words=text, reason=Reason.WORRIED, noticed=Kind.WORRY)
