"""A mail to those on duty when somebody is not well. It says nothing: not who, not where, not what was written."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from community import duty_addresses
from community.models import Member
from community.selectors import rota
from core import clock, keyring, mail
from moderation.enums import CaseState
from moderation.models import DutyMail, Worry
from moderation.policies import judges
from moderation.selectors import cases
from moderation.selectors import worries as reading

logger = logging.getLogger("kith.mail")


def tell_those_on_duty() -> None:
    """A mail to everybody on duty who had none about what waits unanswered: also to whoever comes on duty later. Due
    work. A mail that the server did not take is tried again the next time; one may come twice after a crash, and none
    is lost."""
    if not mail.is_set_up():
        return
    waits = Q(is_answered=False) | Q(asks=True)
    told: set[str] = set()
    for worry in Worry.objects.select_related("case__group").filter(waits, case__state=CaseState.OPEN):
        if not worry.asks and (cases.is_held(worry.case) or reading.rests(worry)):
            continue
        for member, address in _to_tell(worry):
            if address and address not in told and not _send(address):
                return  # the server is away
            told.add(address)  # of several worries at one time, one mail is enough
            _note(worry, member)


def _to_tell(worry: Worry) -> list[tuple[Member, str]]:
    """Those on duty who gave an address and had no mail about this worry. Whoever may not see it gets none, and is
    noted like the others: else a row that is missing would tell whose one-thread name it is about."""
    had = set(worry.mails.values_list("member", flat=True))
    on_duty = [one for one in rota.on_duty(group=worry.case.group, moment=clock.now()) if one.pk not in had]
    try:
        addresses = duty_addresses.of(members=on_duty) if on_duty else {}
        if not addresses:
            return []
        free = [one.member for one in judges.free_for(case=cases.with_parties(pk=worry.case_id))]
    except keyring.RingAway:
        logger.error("no duty mail: the key ring is away")
        return []
    return [(one, addresses[one.pk] if one in free else "") for one in on_duty if one.pk in addresses]


def _send(address: str) -> bool:
    return mail.send("email/duty.txt", to=address, site=settings.KITH_ORIGINS[0])


def _note(worry: Worry, member: Member) -> None:
    try:
        with transaction.atomic():
            DutyMail.objects.create(worry=worry, member=member)
    except IntegrityError:  # it was closed meanwhile, or somebody else has told them
        logger.info("a duty mail was told twice")
