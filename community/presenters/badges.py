"""Checked roles in words: what stands beside a name, and what was looked at, by how many and when."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.enums import Pay
from community.models import Badge
from community.selectors.badges import names_organisation


def mark(badge: Badge) -> str:
    """A badge from `selectors.badges.worn` beside a name."""
    return _("checked: %(role)s") % {"role": role_words(badge)} + f", {badge.checked_month:%Y-%m}"


def role_words(badge: Badge, *, whole: bool = False) -> str:
    """The role, and for whom if that is shown (`whole`: in any case), paid or not."""
    if not (badge.organisation if whole else names_organisation(badge)):
        return badge.role
    said = {"role": badge.role, "for": badge.organisation, "pay": Pay(badge.pay).label}
    return _("%(role)s for %(for)s, %(pay)s") % said


def lines(badges: Iterable[Badge]) -> list[tuple[str, str]]:
    """(role, what was checked) for each on a card."""
    return [(_("Checked: %(role)s") % {"role": role_words(one)}, what_was_checked(one)) for one in badges]


def what_was_checked(badge: Badge) -> str:
    """What was looked at, by how many and when, and how long it holds."""
    month = date_format(badge.checked_month, "F Y") if badge.checked_month else ""
    until = date_format(badge.expires_on, "j F Y") if badge.expires_on else ""
    told = {"what": badge.get_proof_display(), "month": month, "until": until}
    if badge.by_two:
        return _("%(what)s. Two people from the team looked, %(month)s. Good until %(until)s.") % told
    return _("%(what)s. One person from the team looked, %(month)s. Someone looks again by %(until)s.") % told
