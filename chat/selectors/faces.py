"""The faces that somebody may sign with in a thread, and which one signs unless they choose."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from chat.enums import FaceKind
from chat.models import Byline, Post
from chat.policies import watches
from chat.selectors import later
from chat.selectors.bylines import Own
from chat.selectors.later import WaitingPost
from community import handles
from community.models import Group, Persona
from community.selectors.here import Here
from community.selectors.names import policy_of
from core import clock
from core.prepared import Prepared

ENOUGH = 10  # people who wrote lately: among fewer, one is easily guessed
LATELY = dt.timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Faces:
    """What the composer offers. `once` is what one's alias is called, or would be; empty where there is none to
    have. `few` says that among so few writers people may guess, `hours` that people see about when somebody wrote.
    `at_once`: whoever is here to watch writes in plain sight."""

    persona: Persona | None
    once: str
    has_alias: bool
    avatar_id: str
    usual: FaceKind
    few: bool
    hours: bool
    at_once: bool = False


def faces(*, here: Here, own: Sequence[Own] = (), waiting: Sequence[WaitingPost] = ()) -> Faces:
    """The faces of one person. `own` are their bylines in this thread, from `bylines.own`, and `waiting` what of
    theirs is still to appear here."""
    policy = policy_of(here.group)
    alias = next((byline.alias for byline in own if byline.alias), None)
    offers = not watches(here) and (alias is not None or policy.one_thread != "off")
    once = alias.handle if alias else later.once_of(waiting)
    if not once or not offers:
        once = handles.propose(group=here.group, n=1)[0] if offers else ""
    return Faces(
        persona=here.persona,
        once=once,
        has_alias=alias is not None,
        avatar_id=alias.avatar_id if alias else "",
        usual=_usual(own, waiting if offers else (), first=policy.one_thread == "first" and not here.is_team),
        few=offers and is_few(group=here.group),
        hours=policy.times == "hours",
        at_once=watches(here),
    )


def _usual(own: Sequence[Own], waiting: Sequence[WaitingPost], *, first: bool) -> FaceKind:
    """The face that signed here last: nobody changes faces by oversight. A one-thread name that is still to sign
    comes before it, since the slip from it to one's name is the one that ties the two. Where none did, the group's
    usual one; for its team always the name that says so."""
    if any(one.is_once for one in waiting):
        return FaceKind.ONCE
    last = max(own, key=lambda byline: byline.signed or 0, default=None)
    if last is None or not last.signed:
        return FaceKind.ONCE if first else FaceKind.NAME
    return FaceKind.ONCE if last.alias else FaceKind.NAME


def is_few(*, group: Group) -> bool:
    """Whether fewer than ENOUGH personas wrote in a group lately."""
    return len(_wrote(group=group.pk, since=clock.today() - LATELY)) < ENOUGH


def _writers(group: Any, since: Any) -> QuerySet[Any, int | None]:
    recent = Post.objects.filter(byline=OuterRef("pk"), posted_on__gte=since)
    wrote = Byline.objects.filter(Exists(recent), thread__group=group, persona__isnull=False)
    return wrote.order_by().values_list("persona", flat=True).distinct()[:ENOUGH]


_wrote = Prepared(_writers)
