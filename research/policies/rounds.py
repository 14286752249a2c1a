"""Whether somebody may answer a round of questions now. It is a matter of days: nothing has to be sent or switched."""

from __future__ import annotations

import datetime as dt

from research.enums import Answer, Opening, Part, TaskState
from research.models import WaveTask
from research.policies import studies

SETTLED = {
    TaskState.DONE: Opening.DONE,
    TaskState.DECLINED: Opening.DECLINED,
    TaskState.CANCELLED: Opening.SAID_NO,
}


def opening(*, task: WaveTask, today: dt.date, said: str | None, is_hosted: bool) -> Opening:
    """What its owner meets; answers are taken in OPEN alone. `said`: their last word about being asked questions.
    `is_hosted`: the group still agrees to the study."""
    study = task.participant.study
    has_left = task.participant.part != Part.IN
    if settled := Opening.LEFT if has_left else SETTLED.get(TaskState(task.state)):
        return settled
    if study.state not in studies.OPEN or not is_hosted:
        return Opening.ENDED
    if not studies.is_on(study):
        return Opening.PAUSED
    if said != Answer.GIVEN:
        return Opening.ASK_AGAIN
    if today < task.opens_on:
        return Opening.NOT_YET
    return Opening.OVER if today > task.closes_on else Opening.OPEN
