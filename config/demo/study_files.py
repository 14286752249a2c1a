"""Two files of the demo's study: one that a colleague asked for and that waits for the second person, and one that the
check refused, because a telephone number was left in a message."""

from __future__ import annotations

from functools import partial

from config.demo import cast
from config.demo.study import Telling, at, keyed
from research.actions import codes, counting, exports, making
from research.actions.exports import Asked, Marked
from research.enums import ExportTier, StudyRole
from research.files import pipeline
from research.selectors import desks

COLLEAGUE, CALLED = "study/colleague", "Tom Ade"
CAME_IN, WAITS, REFUSED = 20, 2, 1  # days ago


def tell(telling: Telling) -> None:
    """Both, through the real actions."""
    key_of = partial(keyed, cast.secret_of(COLLEAGUE))
    with at(CAME_IN):
        codes.use(typed=codes.make(desk=telling.desk, role=StudyRole.RESEARCHER), label=CALLED, key_of=key_of)
    colleague = desks.find(sid=telling.sid, key=key_of(desks.KIND, telling.sid))
    with at(WAITS):
        counting.count_each_day()
        exports.ask(desk=colleague, asked=Asked(tier=ExportTier.T0, last_round=1))
        making.make_wanted()
    with at(REFUSED):
        asked = exports.ask(desk=telling.desk, asked=Asked(tier=ExportTier.T0, messages=True))
        read = {one.said.mid: Marked(seen=one.mark) for one in pipeline.to_read(asked)}
        exports.mark(desk=telling.desk, fid=asked.public_id, marked=read)
        exports.check(desk=telling.desk, fid=asked.public_id)
    counting.count_each_day()  # the day of today, as the duty does at its beginning
