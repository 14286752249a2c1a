"""Support services: what to show for a place, what to check again, and the whole list as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from community import service_files as files
from community.models import Region, Service
from core import clock

STALE_AFTER = dt.timedelta(days=183)


@dataclass(frozen=True, kw_only=True)
class Help:
    """Help near somebody. `chosen` is None until a place in the list is picked."""

    regions: Sequence[Region]
    chosen: Region | None
    parts: Sequence[Region]
    emergency: Sequence[Service]
    services: Sequence[Service]


def help_in(*, code: str) -> Help:
    """The services of a region and of what it is part of: emergency first, then as the file has them:
    whoever keeps the file decides what is read first.

    Two queries, whatever is asked for and however many there are; anything may be asked for.
    """
    regions = _in_order(list(Region.objects.all()))
    chosen = next((region for region in regions if region.code == code), None)
    if chosen is None:
        return Help(regions=regions, chosen=None, parts=[], emergency=[], services=[])
    near = _wholes(code)
    found = sorted(
        Service.objects.filter(region__code__in=near).select_related("region"),
        key=lambda service: (service.position, near.index(service.region.code), service.name),
    )
    emergency = [service for service in found if is_emergency(service)]
    return Help(
        regions=regions,
        chosen=chosen,
        parts=[region for region in regions if region.code.startswith(f"{code}-")],
        emergency=emergency,
        services=[service for service in found if service not in emergency],
    )


def is_emergency(service: Service) -> bool:
    """Whether this is the number for danger right now. An entry without a number is none: one for everywhere stands
    there then."""
    has_number = bool(service.phone or service.text_number)
    return has_number and service.what_for.casefold() == files.EMERGENCY.casefold()


def is_stale(service: Service) -> bool:
    """Whether it was last checked over six months ago, or never."""
    return service.verified_on is None or clock.today() - service.verified_on > STALE_AFTER


def to_check() -> Sequence[Service]:
    """The services to check again, those never checked first, then the oldest."""
    old = Q(verified_on__isnull=True) | Q(verified_on__lt=clock.today() - STALE_AFTER)
    rows = Service.objects.filter(old).select_related("region")
    return sorted(rows, key=lambda row: (row.verified_on or dt.date.min, row.region.code, row.position))


def services_file() -> str:
    """All services as CSV, in the order in which they were taken in."""
    rows = Service.objects.select_related("region").order_by("region__code", "position", "name")
    return files.write(columns=files.SERVICES, rows=[_cells(service) for service in rows])


def regions_file() -> str:
    """All regions as CSV."""
    return files.write(
        columns=files.REGIONS,
        rows=[{"code": region.code, "name": region.name} for region in Region.objects.order_by("code")],
    )


def _cells(service: Service) -> dict[str, str]:
    cells = {name: str(getattr(service, name) or "") for name in files.SERVICES if name != "region"}
    return cells | {"region": service.region.code}


def _in_order(regions: Sequence[Region]) -> Sequence[Region]:
    """By name, each part right after what it is part of."""
    names = {region.code: region.name for region in regions}

    def place(region: Region) -> tuple[str, bool, str]:
        whole = region.code.split("-")[0]
        return names.get(whole, region.name), region.code != whole, region.name

    return sorted(regions, key=place)


def _wholes(code: str) -> list[str]:
    """'gb-sct' is in 'gb': the code itself first."""
    return list(dict.fromkeys([code, code.partition("-")[0]]))
