"""What whoever runs the site may see: public facts of groups, services to check, and how things run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from community.errors import NotHere
from community.models import Service, SiteCode, SiteRole
from community.selectors import services
from community.selectors.shelf import Shelf, listed, shelf
from core import clock, ticker
from core.live import doorbell
from core.prepared import Prepared

PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class Site:
    """The site page: groups that strangers may see too, services to check again, and health.

    `bell` is 'local', 'ok' or 'away'; `ticker` is 'elsewhere', 'starting', 'ok' or 'late'.
    """

    shelf: Shelf
    to_check: Sequence[Service]
    services: int
    bell: str
    ticker: str


_role = Prepared(lambda tag: SiteRole.objects.filter(owner_tag=tag))


def is_operator(*, site_tag: bytes) -> bool:
    """Whether this tag has the role."""
    return _role.first(tag=site_tag) is not None


def is_code_waiting() -> bool:
    """Whether there is a one-time code that somebody may still use."""
    return SiteCode.objects.filter(expires_on__gte=clock.today()).exists()


def site(*, site_tag: bytes, after: str = "", before: str = "") -> Site:
    """The site page, or NotHere for somebody without the role."""
    if not is_operator(site_tag=site_tag):
        raise NotHere
    return Site(
        shelf=shelf(listed(), size=PAGE_SIZE, after=after, before=before),
        to_check=services.to_check(),
        services=Service.objects.count(),
        bell=doorbell.state(),
        ticker=ticker.state(),
    )
