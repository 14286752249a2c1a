"""Sitting in a group as a researcher, and telling of every talk before it is read."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from audit.actions import append
from chat.actions import watching
from chat.selectors import threads
from community.errors import MayNot, NotHere
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from research.actions.codes import locked, record
from research.models import Presence, Seat
from research.policies import Desk
from research.selectors import parts, presence
from research.selectors.desks import KeyOf


def sit(*, here: Here, sid: str, key_of: KeyOf) -> None:
    """Say for which study one is in a group: everyone there can read it. Raises NotHere for whoever has not the role
    with a second factor, or does not work on that study; MayNot without a name to be seen by."""
    with transaction.atomic():
        now = places.again(here)
        choices = presence.own(here=now, key_of=key_of).choices
        desk = next((one for one in choices if one.study.public_id == sid), None)
        if desk is None:
            raise NotHere
        desk = locked(desk, "sit_in")
        if now.persona is None:
            raise MayNot(_("Pick a name here first. People have to see who reads."))
        Seat.objects.update_or_create(member=now.member, defaults={"study": desk.study})
        record(desk, "researcher sat down")


def stand_up(*, here: Here) -> None:
    """End that, whatever became of the study. Nothing opens any more; what was read stays told. Raises NotHere."""
    with transaction.atomic():
        seat = presence.of(here=here)
        if seat is None or not Seat.objects.filter(pk=seat.pk).delete()[0]:
            raise NotHere
        append(scope=seat.study.public_id, act="researcher stood up", actor_role="researcher", payload={})


def enter(*, here: Here, tid: str, key_of: KeyOf) -> None:
    """Tell that a talk is read, and then let it open. Raises MayNot for a researcher who may not read now, and NotHere
    for a talk that is not there."""
    try:
        desk = presence.desk_of(here=here, key_of=key_of)
    except NotHere:
        raise MayNot(_("Say first for which study you read here.")) from None
    _tell(desk, here, tid)


def _tell(desk: Desk, here: Here, tid: str) -> None:
    with transaction.atomic():
        thread = threads.there(here=here, tid=tid)
        row = Presence(study=desk.study, group=here.group, thread=thread, on_day=clock.today())
        Presence.objects.bulk_create([row], ignore_conflicts=True)
        watching.say(thread=thread, by=parts.title(desk.study))
