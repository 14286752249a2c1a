"""Who asked to come in."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from community import policies
from community.enums import TEAM, RequestState
from community.models import JoinRequest, Member
from community.selectors.here import Here
from core import clock
from core.prepared import Prepared

ASK_AGAIN_AFTER = dt.timedelta(days=30)


def waiting(*, here: Here) -> list[JoinRequest]:
    """The requests that wait for the team, oldest day first; within a day in no telling order."""
    policies.require("see_requests", here)
    return _waiting(group=here.group.pk)


_waiting = Prepared(
    lambda group: JoinRequest.objects.filter(group=group, state=RequestState.WAITING).order_by(
        "asked_on", "public_id"
    )
)


def waiting_by_group(*, members: Iterable[Member], strong: bool) -> Counter[int]:
    """Group key -> how many wait, in the groups where one of these members is on the team: one query at most."""
    groups = [member.group_id for member in members if strong and member.role in TEAM]
    rows = JoinRequest.objects.filter(group__in=groups, state=RequestState.WAITING)
    return Counter(rows.values_list("group_id", flat=True))


def may_ask_again_on(request: JoinRequest) -> dt.date:
    """From which day somebody whose request was declined may ask again."""
    return request.asked_on + ASK_AGAIN_AFTER


def is_open(request: JoinRequest | None) -> bool:
    """Whether a request still stands in the way of asking (again)."""
    if request is None:
        return False
    return request.state == RequestState.WAITING or may_ask_again_on(request) > clock.today()
