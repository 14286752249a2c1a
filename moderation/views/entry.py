"""The doors to what is one's own in moderation: inside a group, and the one open to whom a limit keeps out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from community.selectors import limits
from community.selectors.here import Here
from community.selectors.limits import KeptOut
from community.views.entry import key_of, place_of
from core import ratelimit
from core.registries.subjects import KeyOf

P = ParamSpec("P")
INSIDE, OUTSIDE = "g", "limits"  # how an address begins


class Door:
    """Which of the two doors an address goes through."""

    regex = f"{INSIDE}|{OUTSIDE}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Somebody with what is their own in one group: inside it, or kept out of it."""

    here: Here | None
    kept_out: KeptOut | None
    group: Any
    tag: bytes
    key_of: KeyOf

    @property
    def door(self) -> str:
        """How the addresses of this seat begin."""
        return INSIDE if self.here else OUTSIDE

    @property
    def shown(self) -> dict[str, Any]:
        """What every page of it needs."""
        return {"seat": self, "here": self.here, "group": self.group, "group_tone": str(self.group.tone)}


def kept_out(request: HttpRequest) -> list[KeptOut]:
    """Every group that a limit keeps this person out of. Within `despite_limits` alone."""
    tags = linkage.owner_tags(request, groups=places.all_group_ids())
    return limits.kept_out(owner_tags=tags, everywhere=linkage.is_kept_out(request))


def own_only(view: Callable[Concatenate[HttpRequest, Seat, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view one's own seat, through the door of the address. For everyone else there is nothing here: for
    members, at the door of those kept out, neither."""

    @wraps(view)
    def wrapped(request: HttpRequest, door: str, gid: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            if door == INSIDE:
                return view(request, _inside(request, gid), *args, **kwargs)
            with linkage.despite_limits():
                return view(request, _outside(request, gid), *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


def _inside(request: HttpRequest, gid: str) -> Seat:
    here = place_of(request, gid=gid)
    tag = bytes(here.member.owner_tag)
    return Seat(here=here, kept_out=None, group=here.group, tag=tag, key_of=key_of(request))


def _outside(request: HttpRequest, gid: str) -> Seat:
    found = next((one for one in kept_out(request) if one.group.public_id == gid), None)
    if found is None:
        raise NotHere
    return Seat(here=None, kept_out=found, group=found.group, tag=found.tag, key_of=key_of(request))


def seconds_to_wait(*, act: str, tag: bytes, limit: int, seconds: int) -> int:
    """0, or how long somebody has to wait before doing this again."""
    wait = ratelimit.hit(act, tag.hex(), limit=limit, seconds=seconds)
    return int(wait + 1) if wait else 0
