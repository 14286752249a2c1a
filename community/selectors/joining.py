"""Who asked to come in."""

from __future__ import annotations

import datetime as dt

from community import policies
from community.enums import RequestState
from community.models import JoinRequest
from community.selectors.here import Here
from core import clock

ASK_AGAIN_AFTER = dt.timedelta(days=30)


def waiting(*, here: Here) -> list[JoinRequest]:
    """The requests that wait for the team, oldest day first; within a day in no telling order."""
    policies.require("see_requests", here)
    rows = JoinRequest.objects.filter(group=here.group, state=RequestState.WAITING)
    return list(rows.order_by("asked_on", "public_id"))


def may_ask_again_on(request: JoinRequest) -> dt.date:
    """From which day somebody whose request was declined may ask again."""
    return request.asked_on + ASK_AGAIN_AFTER


def is_open(request: JoinRequest | None) -> bool:
    """Whether a request still stands in the way of asking (again)."""
    if request is None:
        return False
    return request.state == RequestState.WAITING or may_ask_again_on(request) > clock.today()
