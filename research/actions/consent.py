"""Saying yes and no to a study, item by item, in one's own request: nobody else can make the keys."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community.actions import leaving
from community.errors import MayNot, NotHere
from community.models import Group
from community.selectors.here import Here
from core import clock, ids
from research.actions import allocation, once, waves
from research.actions.parts import locked
from research.enums import Agreement, Answer, Item, Part, Unit
from research.models import Arm, ConsentDocument, ConsentEvent, Participant, Source, Study
from research.policies import studies
from research.selectors import consent as reading
from research.selectors import parts
from research.selectors.consent import OF_MESSAGES, Own
from research.selectors.desks import KeyOf

DAYS_BY_LOT = 7  # within so many days messages begin, or end: two parts of one person do not begin on one day
ACT = "answers to consent"


def answer(*, here: Here, sid: str, said: Mapping[str, bool], version: int, key_of: KeyOf) -> None:
    """Say yes or no to each item of a study, for the first time or again. Raises NotHere or MayNot.

    What is no now and was yes before is taken back. A no to everything is kept, so that nobody asks again.
    """
    try:
        with transaction.atomic():
            leaving.keep_in(here=here)
            own = locked(sid=sid, group=here.group, key_of=key_of)
            _require(own, said, version)
            if Item.ALIAS_POSTS in said and not said[Item.ALIAS_POSTS]:
                once.take_back_own(own=own, key_of=key_of)
            _write(own, here, said, key_of)
    except IntegrityError:  # the same person in another tab, a moment before
        raise MayNot(_("You answered in another tab. Look at what you said there.")) from None


def take_back(*, group: Group, sid: str, item: str, key_of: KeyOf) -> list[Item]:
    """Take one yes back, and what rests on it: all that went. The others stay as they were said, to what was read then.
    Like leaving, in whatever state the study is and whatever limits one has. Raises NotHere for whoever does not take
    part."""
    with transaction.atomic():
        own = locked(sid=sid, group=group, key_of=key_of)
        if not own.takes_part or item not in own.document.body["items"]:
            raise NotHere
        lot = dt.timedelta(days=secrets.randbelow(DAYS_BY_LOT))
        gone = own.goes_with(item)
        for one in gone:
            _take_back(own, one, lot, key_of)
    return gone


def _take_back(own: Own, item: Item, lot: dt.timedelta, key_of: KeyOf) -> None:
    row = own.source if item in OF_MESSAGES else own.participant
    assert row is not None and own.participant is not None  # they said yes to it
    if item == Item.ALIAS_POSTS:
        once.take_back_own(own=own, key_of=key_of)
    write_event(
        study=own.study, key=bytes(row.key), item=item, answer=Answer.WITHDRAWN, document=own.document,
        on_day=_day(row, is_first=False, is_yes=False, lot=lot),
    )  # fmt: skip
    if item == Item.SURVEYS:
        waves.cancel_all(participant=own.participant)
    if item == Item.LINK and own.source:
        Source.objects.filter(pk=own.source.pk).update(participant=None)


def write_event(*, study: Study, key: bytes, item: Item, answer: Answer, document: ConsentDocument,
                on_day: dt.date | None = None) -> None:  # fmt: skip
    """Add what was said to one item. In a transaction that locked the study."""
    ConsentEvent.objects.create(
        study=study, key=key, nth=reading.next_number(key=key), item=item, answer=answer, document=document,
        on_day=on_day or clock.today(),
    )  # fmt: skip


def on_record_before() -> dt.date:
    """What was answered before this day is on record: weeks that are over, and to which no answer about messages can be
    dated back any more."""
    monday = clock.today() - dt.timedelta(days=clock.today().weekday())
    return monday - dt.timedelta(days=DAYS_BY_LOT)


def put_on_record() -> None:
    """The duty: put on each study's record what was answered, all of a week in one entry: it says of nobody that they
    answered after somebody else, nor on which day somebody who left took their yes back."""
    days = ConsentEvent.objects.filter(on_day__lt=on_record_before())
    for study in Study.objects.filter(pk__in=days.values("study")).order_by("public_id"):
        with transaction.atomic():
            known = reading.on_record(study=study, act=ACT)
            events = days.filter(study=study).select_related("document")
            if fresh := sorted({reading.fingerprint(event) for event in events} - known):
                append(scope=study.public_id, act=ACT, actor_role="participants", payload={"events": fresh})


def _require(own: Own, said: Mapping[str, bool], version: int) -> None:
    if set(said) != set(own.document.body["items"]):
        raise MayNot(_("Choose yes or no for each."))
    if version != own.document.version:
        raise MayNot(_("What this study says has changed just now. Read it again first."))
    if own.has_left:
        raise MayNot(_("You left this study. Nobody can come back into it."))
    if own.host.state != Agreement.AGREED or not studies.is_on(own.study):
        raise MayNot(_("This study has stopped for now. Nothing is asked and nothing is read."))
    if not own.takes_part and not studies.takes_people(own.study):
        raise MayNot(_("This study takes nobody new. Thank you for thinking about it."))
    if said.get(Item.LINK) and not (said.get(Item.SURVEYS) and any(said.get(item) for item in OF_MESSAGES)):
        raise MayNot(_("To put the two side by side, say yes to both first."))


def _write(own: Own, here: Here, said: Mapping[str, bool], key_of: KeyOf) -> None:
    participant = _participant(own, said, key_of)
    source = _source(own, here, said, participant, key_of)
    lot = dt.timedelta(days=secrets.randbelow(DAYS_BY_LOT))
    for item in own.document.body["items"]:
        row = source if item in OF_MESSAGES else participant
        if row is None:
            continue  # no to all about messages: nothing ties a no to this member
        last = own.said.get(item)
        if said[item]:
            new = Answer.GIVEN
        else:
            new = Answer.WITHDRAWN if last and last.answer == Answer.GIVEN else Answer.REFUSED
        if last is None or last.answer != new or last.document_id != own.document.pk:
            write_event(
                study=own.study, key=bytes(row.key), item=Item(item), answer=new, document=own.document,
                on_day=_day(row, is_first=own.source is None, is_yes=new == Answer.GIVEN, lot=lot),
            )  # fmt: skip
    if participant.part == Part.IN and said.get(Item.SURVEYS):
        waves.begin(participant=participant, on=clock.today())
    elif own.says_yes(Item.SURVEYS):
        waves.cancel_all(participant=participant)


def _day(row: Participant | Source, *, is_first: bool, is_yes: bool, lot: dt.timedelta) -> dt.date:
    """The day of an answer. About messages it is one by lot, else the same day would tie both parts together: a yes
    holds from a day to come, a no from one that is over."""
    if isinstance(row, Participant):
        return clock.today()
    if is_first:
        return row.since
    return max(row.since, clock.today() + lot) if is_yes else clock.today() - lot


def _participant(own: Own, said: Mapping[str, bool], key_of: KeyOf) -> Participant:
    part = Part.IN if any(said.values()) or own.takes_part else Part.REFUSED
    row = own.participant or _new_participant(own, key_of)
    if own.participant is None or (row.part == Part.REFUSED and part == Part.IN):
        row.since = clock.today()
    if part == Part.IN and row.arm is None:
        row.arm = _arm(own, bytes(row.key))
    row.part = part
    row.save()
    return row


def _new_participant(own: Own, key_of: KeyOf) -> Participant:
    """The number that the team sees is drawn: who had all deleted and comes back is someone new, and the old one is
    still to come out of files. Where a study joins groups it is that of one's other parts, if there are any."""
    study, group = own.study, own.host.group
    key = key_of(parts.PARTICIPANT, parts.ref(study=study, gid=group.public_id))
    gids = study.hosts.values_list("group__public_id", flat=True) if study.joins else ()
    keys = [key_of(parts.PARTICIPANT, parts.ref(study=study, gid=gid)) for gid in gids]
    joined = Participant.objects.filter(key__in=keys).first()
    return Participant(study=study, group=group, key=key, pid=joined.pid if joined else ids.new_public_id())


def _arm(own: Own, key: bytes) -> Arm | None:
    if own.study.unit == Unit.GROUP:
        return allocation.of_group(study=own.study, group=own.host.group)
    return allocation.take(study=own.study, stratum=own.host.group.public_id, key=key)


def _source(
    own: Own, here: Here, said: Mapping[str, bool], participant: Participant, key_of: KeyOf
) -> Source | None:
    row = own.source
    if row is None and any(said.get(item) for item in OF_MESSAGES):
        ref = parts.ref(study=own.study, gid=here.group.public_id)
        row = Source(
            study=own.study,
            member=here.member,
            key=key_of(parts.SOURCE, ref),
            pid=ids.new_public_id(),
            arm=participant.arm,
            since=clock.today() + dt.timedelta(days=secrets.randbelow(DAYS_BY_LOT)),
        )
    if row is not None:
        row.participant = participant if said.get(Item.LINK) else None
        row.save()
    return row
