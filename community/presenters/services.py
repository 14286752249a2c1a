"""Services as the help page and the group pages show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils import formats
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from community.models import Region, Service
from community.selectors import services
from community.selectors.services import Help

COOKIE = "place"  # the place that somebody asked us to keep on their device
_TEXT_TO = re.compile(r"(?P<word>.+?) to (?P<number>\+?[\d ]+)")
_BARE = re.compile(r"\+?[\d ().-]+")


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way to reach a service: a link that dials or writes ('' where none can be made), and its words."""

    href: str
    words: str


@dataclass(frozen=True, kw_only=True)
class ServiceCard:
    """One service. `also` names ways without a link of their own. `checked` says when its facts were last looked at,
    `is_stale` that this is too long ago."""

    name: str
    what_for: str
    hours: str
    ways: Sequence[Way]
    also: str
    languages: str
    cost: str
    website: str
    host: str
    checked: str
    is_stale: bool


@dataclass(frozen=True, kw_only=True)
class HelpPage:
    """The help page. `chosen` is empty until a place in the list is picked."""

    choices: Sequence[tuple[str, str]]
    code: str
    chosen: str
    parts: Sequence[Region]
    emergency: Sequence[ServiceCard]
    services: Sequence[ServiceCard]

    @property
    def has_stale(self) -> bool:
        """Whether the page should say, once, that some are not checked lately."""
        return any(service.is_stale for service in self.services)

    @property
    def has_fresh(self) -> bool:
        """Whether any of them was checked lately."""
        return any(not service.is_stale for service in self.services)

    @property
    def has_next(self) -> bool:
        """Whether there is a next number to try."""
        return sum(bool(service.ways) for service in self.services) > 1


def help_page(found: Help) -> HelpPage:
    """Help near somebody, in words."""
    names = {region.code: region.name for region in found.regions}
    return HelpPage(
        choices=[(region.code, _full_name(region, names)) for region in found.regions],
        code=found.chosen.code if found.chosen else "",
        chosen=found.chosen.name if found.chosen else "",
        parts=found.parts,
        emergency=[card(service) for service in found.emergency],
        services=[card(service) for service in found.services],
    )


def card(service: Service) -> ServiceCard:
    """One service, in words."""
    return ServiceCard(
        name=service.name,
        what_for=service.what_for,
        hours=service.hours,
        ways=_ways(service),
        also=_also(service),
        languages=", ".join(_language(word) for word in service.languages.split()),
        cost=service.cost,
        website=service.website,
        host=(urlsplit(service.website).hostname or "").removeprefix("www."),
        checked=_checked(service),
        is_stale=services.is_stale(service),
    )


def _full_name(region: Region, names: dict[str, str]) -> str:
    whole = region.code.split("-")[0]
    if whole == region.code or whole not in names:
        return region.name
    return _("%(whole)s: %(part)s") % {"whole": names[whole], "part": region.name}


def _ways(service: Service) -> Sequence[Way]:
    ways = []
    if service.phone:
        words = _("Call %(number)s") % {"number": service.phone}
        ways.append(Way(href=f"tel:{_dialled(service.phone)}", words=words))
    if service.text_number:
        words = _("Text %(number)s") % {"number": service.text_number}
        ways.append(Way(href=_text_link(service.text_number), words=words))
    return ways


def _text_link(text_number: str) -> str:
    if _BARE.fullmatch(text_number):
        return f"sms:{_dialled(text_number)}"
    found = _TEXT_TO.fullmatch(text_number)
    return f"sms:{_dialled(found['number'])}?body={quote(found['word'])}" if found else ""


def _dialled(number: str) -> str:
    return "".join(char for char in number if char.isdigit() or char == "+")


def _also(service: Service) -> str:
    """The ways for which the card has no link of its own: they are on the service's website."""
    names = {"chat": _("online chat"), "email": _("email"), "visit": _("in person")}
    ways = [name for word, name in names.items() if word in service.channels.split()]
    if not ways:
        return ""
    words = _("also %(ways)s") if service.phone or service.text_number else _("%(ways)s")
    return words % {"ways": ", ".join(ways)}


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code  # as whoever keeps the list wrote it


def _checked(service: Service) -> str:
    if service.verified_on is None:
        return _("Not checked yet")
    if services.is_stale(service):
        return _("Checked over 6 months ago: may have changed")
    return _("Checked %(day)s") % {"day": formats.date_format(service.verified_on, "j F Y")}
