"""Groups as strangers and members may see them: the list, the front page, the place before the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from community import policies
from community.enums import SizeBand
from community.errors import NotHere
from community.models import Charter, Group, JoinRequest, Member, Standing
from community.models.standing import in_force
from community.policies import Outside
from community.selectors import charters, joining
from community.selectors import here as places
from community.selectors.badges import worn
from community.selectors.here import Here
from community.selectors.shelf import Shelf, listed, shelf
from core.counting import UpTo

PAGE_SIZE = 30
TagsFor = Callable[[list[str]], Iterable[bytes]]  # one's own tags in these groups
_BANDS = [
    (20, SizeBand.SMALL),
    (50, SizeBand.TO_50),
    (100, SizeBand.TO_100),
    (500, SizeBand.TO_500),
    (1000, SizeBand.TO_1000),
]


@dataclass(frozen=True, kw_only=True)
class Card:
    """A group in the list, and whether the one who looks is in it."""

    group: Group
    band: SizeBand
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class Directory:
    """One page of the list."""

    cards: list[Card]
    shelf: Shelf


@dataclass(frozen=True, kw_only=True)
class Front:
    """What anyone may read about a group, and how the one who looks stands to it."""

    group: Group
    charter: Charter
    band: SizeBand
    place: Here | Outside
    request: JoinRequest | None
    has_checked: bool

    @property
    def takes_part(self) -> bool:
        """Whether professionals take part: the group says so, or somebody shows a role that was checked."""
        return self.group.has_professionals or self.has_checked

    @property
    def is_member(self) -> bool:
        """Whether the one who looks is in the group."""
        return self.place.member is not None

    @property
    def must_wait(self) -> bool:
        """Whether they were told 'not now' and may not ask again yet."""
        return self.request is not None and joining.is_open(self.request)

    @property
    def may_ask_on(self) -> dt.date | None:
        """From which day they may ask again."""
        return joining.may_ask_again_on(self.request) if self.request else None

    @property
    def role_is_asleep(self) -> bool:
        """Whether they hold a role that has no power, for want of a second factor in this session."""
        return (
            isinstance(self.place, Here)
            and policies.permits("see_roles", self.place)
            and not self.place.strong
        )


def directory(
    *, kind: str = "", after: str = "", before: str = "", tags_for: TagsFor | None = None
) -> Directory:
    """Some of the open and closed groups by name, after or before one of them. Two queries from the first on, three
    from elsewhere, one more for somebody signed in."""
    rows = listed().filter(kind=kind) if kind else listed()
    found = shelf(rows, size=PAGE_SIZE, after=after, before=before)
    groups = found.groups
    sizes = _sizes([group.pk for group in groups])
    members = places.groups_of(owner_tags=tags_for([group.public_id for group in groups])) if tags_for else []
    mine = {member.group_id for member in members}
    cards = [
        Card(group=group, band=size_band(count=sizes.get(group.pk, 0)), is_mine=group.pk in mine)
        for group in groups
    ]
    return Directory(cards=cards, shelf=found)


def place(*, gid: str, owner_tag: bytes, signed_in: bool, strong: bool) -> Here | Outside:
    """Where somebody stands to a group: inside, or before a door they may see. NotHere otherwise.

    A hidden group, one that never was, and one that bars a member cost the same three queries.
    """
    try:
        return places.find(owner_tag=owner_tag, strong=strong)
    except NotHere:
        outside = outside_of(gid=gid, owner_tag=owner_tag, signed_in=signed_in)
    if outside is None or not policies.permits("see_front", outside):
        raise NotHere
    return outside


def outside_of(*, gid: str, owner_tag: bytes, signed_in: bool) -> Outside | None:
    """The place before a group's door, hidden or not: one query."""
    standing = Standing.objects.filter(owner_tag=owner_tag, group=OuterRef("pk"))
    rows = Group.objects.annotate(barred=Exists(standing.filter(in_force(may_read=False))))
    group = rows.filter(public_id=gid).first()
    return Outside(group=group, signed_in=signed_in, barred=group.barred) if group else None


def front(*, place: Here | Outside, owner_tag: bytes) -> Front:
    """The front page. Five queries more than finding the place, whatever the size of the group."""
    return Front(
        group=place.group,
        charter=charters.current(group=place.group),
        band=size_band(count=_sizes([place.group.pk]).get(place.group.pk, 0)),
        place=place,
        request=JoinRequest.objects.filter(owner_tag=owner_tag).first(),
        has_checked=worn().filter(member__group=place.group).exists(),
    )


def size_band(*, count: int) -> SizeBand:
    """A number of people in words."""
    return next((band for limit, band in _BANDS if count < limit), SizeBand.LARGE)


def _sizes(group_ids: list[int]) -> dict[int, int]:
    """How many are in each, up to where there are no more words for it."""
    inside = Member.objects.filter(group=OuterRef("pk"), left_month=None).values("pk")
    rows = Group.objects.filter(pk__in=group_ids).annotate(n=UpTo(inside[: _BANDS[-1][0]]))
    return dict(rows.values_list("pk", "n"))
