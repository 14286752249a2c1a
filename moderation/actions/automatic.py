"""Trying automatic help, switching it on and off, and what it puts on the team's list. A machine notices; people
decide."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from community.errors import NotHere
from community.models import Group
from community.selectors import here as places
from community.selectors.here import Here
from core import clock
from core.registries.subjects import subjects
from moderation.actions import queue, reports
from moderation.actions.reports import Told
from moderation.enums import STEPS, Kind, Reason, Step
from moderation.errors import TooBroad
from moderation.models import Switch
from moderation.selectors import automatic
from moderation.selectors.automatic import Finding, Trial

REASONS = {
    Kind.CONTACT: Reason.GIVES_AWAY,
    Kind.LINKS: Reason.SPAM,
    Kind.FLOOD: Reason.SPAM,
    Kind.PHRASES: Reason.OTHER,
    Kind.WORRY: Reason.WORRIED,
}


@transaction.atomic
def try_out(*, here: Here, kind: Kind, step: Step, phrases: str = "") -> Trial:
    """Look back over the last messages of a group: what this would have found. Only what was tried can be switched on.
    Leads alone. Raises NotHere."""
    _lead(here)
    if step not in STEPS[kind]:
        raise NotHere
    _keep_what_is_on(here.group, kind)
    trial = automatic.look_back(group=here.group, kind=kind, phrases=phrases)
    Switch.objects.update_or_create(
        group=here.group, kind=kind, is_on=False,
        defaults={
            "step": step, "phrases": phrases, "tried_on": clock.today(), "of_messages": trial.of_messages,
            "found": trial.found,
        },
    )  # fmt: skip
    return trial


@transaction.atomic
def switch_on(*, here: Here, kind: Kind, step: Step, phrases: str = "", is_sure: bool = False) -> None:
    """Switch on what was tried last, if it is this and was tried today. Leads alone. Raises NotHere; and TooBroad where
    it found much of what was said, until somebody is sure."""
    _lead(here)
    tried = automatic.tried(group=here.group, kind=kind)
    now = (step, phrases, clock.today())
    if tried is None or (tried.step, tried.phrases, tried.tried_on) != now:
        raise NotHere
    if not is_sure and (much := automatic.how_much(tried, step=step)):
        raise TooBroad(much)
    Switch.objects.filter(group=here.group, kind=kind, is_on=True).delete()
    Switch.objects.filter(pk=tried.pk).update(is_on=True)
    _record(here, "automatic help on", tried)


@transaction.atomic
def switch_off(*, here: Here, kind: Kind) -> None:
    """Switch it off: it stays as what was tried last. Leads alone. Raises NotHere."""
    _lead(here)
    _keep_what_is_on(here.group, kind)
    now = automatic.switches(group=here.group).get(kind)
    if now is None:
        raise NotHere
    Switch.objects.filter(group=here.group, kind=kind, is_on=False).delete()
    Switch.objects.filter(pk=now.pk).update(is_on=False)
    _record(here, "automatic help off", now)


def flags(found: Iterable[Finding]) -> list[Finding]:
    """What is to be put on the team's list once the message is there."""
    return [one for one in found if one.step == Step.FLAG]


def lock_to_flag(*, group: Group, found: Iterable[Finding]) -> None:
    """The queue is locked before any thread: where something will be on the team's list, whoever publishes it begins
    with this."""
    if flags(found):
        queue.lock(group=group)


def flag(*, group: Group, kind: str, public_id: str, found: Iterable[Finding]) -> None:
    """Put something that automatic help noticed on the team's list. It stays where it is. The queue is locked."""
    worry = [one for one in flags(found) if one.kind == Kind.WORRY]
    for one in worry + [one for one in flags(found) if one not in worry][:1]:
        told = Told(kind=kind, subject_id=public_id, reason=REASONS[one.kind])
        case = reports.open_case(group, subjects()[kind], told, noticed=one.kind)
        queue.tell(case=case)
        payload = {"kind": str(one.kind)}
        queue.record(
            group=group, act="automatic help", role=queue.MACHINE, ref=case.public_id, payload=payload
        )


def _lead(here: Here) -> None:
    queue.lock(group=here.group)
    if not places.again(here).is_lead:
        raise NotHere


def _keep_what_is_on(group: Group, kind: Kind) -> None:
    """What is on without anybody's doing has a row from when somebody first does something about it."""
    now = automatic.switches(group=group).get(kind)
    if now is not None and now.is_by_itself:
        now.save(force_insert=True)


def _record(here: Here, act: str, switch: Switch) -> None:
    payload = {"kind": switch.kind, "step": switch.step, "phrases": len(switch.phrases.splitlines())}
    payload |= {"tried on": switch.of_messages, "found": switch.found}
    queue.record(group=here.group, act=act, role=queue.LEAD, payload=payload)
