"""Taking services and regions in, and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from community import service_files as files
from community.models import Region, Service

DATA = Path(__file__).resolve().parent.parent / "data"


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """What an import did."""

    kind: str
    rows: int
    regions: int


@transaction.atomic
def import_csv(*, source: str) -> TakenIn:
    """Take in a file of services or of regions, whole or not at all; raises Refused with what to put right.

    A file of services is the whole list for each region it names. Other regions keep theirs.
    """
    kind, lines = files.read(source)
    return _take_regions(lines) if kind == files.REGIONS else _take_services(lines)


@transaction.atomic
def load_starter_services() -> bool:
    """Load the services that Kith brings, once: where there are regions already, they are left as they are."""
    if Region.objects.exists():
        return False
    for name in ("regions.csv", "services.csv"):
        import_csv(source=(DATA / name).read_text(encoding="utf-8"))
    return True


def forget_region(*, code: str) -> bool:
    """Take a region out, with all its services."""
    return bool(Region.objects.filter(code=code).delete()[0])


def _take_regions(lines: Sequence[files.Line]) -> TakenIn:
    if problems := files.problems_of_regions(lines=lines):
        raise files.Refused(problems)
    for line in lines:
        Region.objects.update_or_create(code=line.row["code"], defaults={"name": line.row["name"]})
    return TakenIn(kind="regions", rows=len(lines), regions=len(lines))


def _take_services(lines: Sequence[files.Line]) -> TakenIn:
    regions = {region.code: region for region in Region.objects.all()}
    if problems := files.problems_of_services(lines=lines, regions=regions):
        raise files.Refused(problems)
    named = {line.row["region"] for line in lines}
    Service.objects.filter(region__code__in=named).delete()
    Service.objects.bulk_create(
        Service(**_values(line.row), region=regions[line.row["region"]], position=position)
        for position, line in enumerate(lines)
    )
    return TakenIn(kind="services", rows=len(lines), regions=len(named))


def _values(row: files.Row) -> dict[str, object]:
    values: dict[str, object] = {name: cell for name, cell in row.items() if name != "region"}
    return values | {"verified_on": files.day_of(row["verified_on"])}
