"""Shifts, and being off duty."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from community import duty_addresses, policies
from community.enums import TEAM, Away
from community.errors import MayNot, NotHere
from community.models import Member, OffDuty, Shift
from community.selectors import rota
from community.selectors.here import Here, members_with_standing
from core import clock, mailed_codes
from core.registries import duty

MOST_SHIFTS = 50  # of one person, in one week


@transaction.atomic
def add_shift(*, here: Here, weekday: int, starts: dt.time, ends: dt.time, persona_id: str = "") -> None:
    """Add a weekly shift: one's own, or (a lead) that of the team member who has this persona here."""
    policies.require("change_own_shifts", here)
    if starts == ends:
        raise MayNot("A shift has two different times. Write when it starts and when it stops.")
    member = _holder(here, persona_id) if persona_id else here.member
    if Shift.objects.filter(member=member).count() >= MOST_SHIFTS:
        raise MayNot("That is as many shifts as one person can have. Take one out first.")
    Shift.objects.get_or_create(
        member=member, weekday=weekday, starts=starts, ends=ends, defaults={"group": here.group}
    )


def remove_shift(*, here: Here, shift_id: str) -> None:
    """Take a shift out: one's own, or (a lead) anybody's in the group."""
    policies.require("change_own_shifts", here)
    shifts = Shift.objects.filter(group=here.group, public_id=shift_id)
    if not policies.permits("change_all_shifts", here):
        shifts = shifts.filter(member=here.member)
    if not shifts.delete()[0]:
        raise NotHere


def go_off_duty(*, here: Here, choice: Away) -> int:
    """Be away in this group, whatever the rota says. What they had in hand is for others at once: how many things."""
    policies.require("go_off_duty", here)
    until = _until(here, choice, clock.now())
    OffDuty.objects.update_or_create(member=here.member, defaults={"until": until})
    return duty.go_off(here)


def come_back(*, here: Here) -> None:
    """Be back: the rota holds again."""
    policies.require("go_off_duty", here)
    OffDuty.objects.filter(member=here.member).delete()


def give_duty_address(*, here: Here, address: str) -> None:
    """Have a mail sent there in one's hours when somebody is not well, once the code that goes there now was typed;
    empty for none. Raises MayNot where no code could be sent: then the address of before stays."""
    policies.require("go_off_duty", here)
    if not address:
        duty_addresses.forget(member=here.member)
        return
    if address in duty_addresses.of(members=[here.member]).values():
        return  # it was confirmed before
    code = mailed_codes.send("email/duty_code.txt", to=address, by=f"duty|{here.member.pk}")
    if code is None:
        raise MayNot(_("We could not send a code there just now. Try again tomorrow."))
    duty_addresses.keep(member=here.member, address=address, code=code)


def confirm_duty_address(*, here: Here, code: str) -> None:
    """Use the address that was given, with the code from the mail. Raises MayNot."""
    policies.require("go_off_duty", here)
    if not duty_addresses.confirm(member=here.member, code=code):
        raise MayNot(_("That is not the code, or its time is over. You can ask for a new one."))


def _holder(here: Here, persona_id: str) -> Member:
    policies.require("change_all_shifts", here)
    holders = Member.objects.filter(
        group=here.group, role__in=TEAM, personas__public_id=persona_id, personas__is_current=True
    )
    member = holders.first()
    if member is None:
        raise NotHere
    return member


def _until(here: Here, choice: Away, moment: dt.datetime) -> dt.datetime:
    zone = rota.zone_of(here.group)
    today = moment.astimezone(zone).date()
    if choice == Away.SHIFT:
        midnight = dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), tzinfo=zone)
        return rota.own_shift_end(here=here, moment=moment) or midnight
    if choice == Away.MORNING:
        return rota.next_morning(group=here.group, moment=moment)
    return dt.datetime.combine(today + dt.timedelta(days=7), rota.MORNING, tzinfo=zone)


def at_midnight() -> None:
    """Whoever of a team a limit keeps out goes from the rota, and whoever may be here again is back on it: for all at
    once and in the hour after midnight alone, so that no hours come or go with a decision. Due work."""
    if clock.now().hour:
        return
    team = members_with_standing().filter(role__in=TEAM)
    for barred in (True, False):
        rows = team.filter(barred=barred, off_rota=not barred).values_list("pk", flat=True)
        Member.objects.filter(pk__in=list(rows)).update(off_rota=barred)
