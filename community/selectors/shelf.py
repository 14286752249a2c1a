"""Groups by name, so many at a time."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from community.enums import Visibility
from community.models import Group

DOWNWARDS, UPWARDS = ("name", "public_id"), ("-name", "-public_id")


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Some groups by name, and whether there are more of them before and after."""

    groups: list[Group]
    has_before: bool
    has_after: bool

    @property
    def first(self) -> str:
        """The public id of the first of them."""
        return self.groups[0].public_id if self.groups else ""

    @property
    def last(self) -> str:
        """The public id of the last of them."""
        return self.groups[-1].public_id if self.groups else ""


def listed() -> QuerySet[Group]:
    """The groups in the list: what `policies.groups.may_see_front` says for strangers."""
    return Group.objects.exclude(visibility=Visibility.HIDDEN)


def shelf(rows: QuerySet[Group], *, size: int, after: str = "", before: str = "") -> Shelf:
    """So many groups after or before one of them, by public id; from the first on where neither is one of them."""
    at = rows.filter(public_id=after or before).first() if after or before else None
    if at and before and not after:
        found = list(rows.filter(_before(at)).order_by(*UPWARDS)[: size + 1])
        if len(found) > size:  # else what is left would be the first ones, and less than a shelf of them
            return Shelf(groups=found[:size][::-1], has_before=True, has_after=True)
        at = None
    found = list((rows.filter(_after(at)) if at else rows).order_by(*DOWNWARDS)[: size + 1])
    return Shelf(groups=found[:size], has_before=at is not None, has_after=len(found) > size)


def _after(at: Group) -> Q:
    """The first part alone says where the database begins to look."""
    return Q(name__gte=at.name) & (Q(name__gt=at.name) | Q(public_id__gt=at.public_id))


def _before(at: Group) -> Q:
    return Q(name__lte=at.name) & (Q(name__lt=at.name) | Q(public_id__lt=at.public_id))
