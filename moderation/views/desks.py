"""The door to what waits for a team: for its moderators and leads, and for the outside person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from community.selectors import rota, site
from community.selectors.here import Here
from community.selectors.rota import Hours
from moderation.policies import Judge, judge_of
from moderation.selectors import cases


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Somebody who looks at what waits, and where their pages are. `here` is None for the outside person."""

    judge: Judge
    here: Here | None

    @cached_property
    def week(self) -> Sequence[Hours]:
        """The hours of the team, read once."""
        return rota.hours_of(group=self.judge.group)

    def address(self, name: str = "", case_id: str = "") -> str:
        """The address of a page of this desk."""
        page = "team" if self.here else "outside"
        args = ([self.judge.group.public_id] if self.here else []) + ([case_id] if case_id else [])
        return reverse(f"moderation:{page}_{name}" if name else f"moderation:{page}", args=args)


View = Callable[[HttpRequest, Desk, Any], HttpResponse]


def at_a_desk(view: View) -> Callable[..., HttpResponse]:
    """Hand the view a desk and the case of the URL. What one may not see, and what is not there, answer alike."""

    @wraps(view)
    def wrapped(request: HttpRequest, cid: str, gid: str = "") -> HttpResponse:
        try:
            desk = team_desk(request, gid=gid) if gid else _outside_desk(request, cid=cid)
            return _kept(request, view(request, desk, cases.find(judge=desk.judge, public_id=cid)))
        except NotHere:
            raise Http404 from None

    return wrapped


def of_the_team(view: Callable[[HttpRequest, Desk], HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view the desk of somebody of the team of the group in the URL."""

    @wraps(view)
    def wrapped(request: HttpRequest, gid: str) -> HttpResponse:
        try:
            return _kept(request, view(request, team_desk(request, gid=gid)))
        except NotHere:
            raise Http404 from None

    return wrapped


def _kept(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """An open page that asks what is new (static/js/team.js) reads no message: it is for the page that comes next."""
    waiting = get_messages(request)
    if "X-Kith-Fresh" in request.headers and isinstance(waiting, BaseStorage):
        waiting.used = False
    return answer


def team_desk(request: HttpRequest, *, gid: str) -> Desk:
    """The desk of a moderator or lead who signed in with a second step. Raises NotHere."""
    tag = linkage.owner_tag(request, group=gid)
    here = places.find(owner_tag=tag, strong=linkage.has_second_factor(request))
    return Desk(judge=judge_of(here), here=here)


def outside_desks(request: HttpRequest) -> list[Desk]:
    """A desk for each group in which something waits for the outside person. Raises NotHere for everybody else."""
    _require_operator(request)
    return [_outside(request, group) for group in cases.groups_outside()]


def _outside_desk(request: HttpRequest, *, cid: str) -> Desk:
    _require_operator(request)
    return _outside(request, cases.group_of(public_id=cid))


def _require_operator(request: HttpRequest) -> None:
    is_operator = site.is_operator(site_tag=linkage.site_tag(request))
    if not (is_operator and linkage.has_second_factor(request)):
        raise NotHere


def _outside(request: HttpRequest, group: Any) -> Desk:
    own = linkage.owner_tag(request, group=group.public_id)
    judge = Judge(group=group, member=None, tag=linkage.site_tag(request), tag_here=own)
    return Desk(judge=judge, here=None)
