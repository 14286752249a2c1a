"""What a team's pages go by while it must not show yet that somebody left: what that person had allowed when they did.
Nothing is used by any of this; what may be used is in `usable` alone."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from chat.enums import PostState
from chat.models import Post
from core import clock
from research import sealed
from research.enums import Part
from research.models import Source, Study
from research.models.notes import Passage
from research.selectors import passages, usable

LEFT = [Part.STOPPED, Part.EXCLUDED, Part.GONE]


def is_held(source: Source) -> bool:
    """Whether somebody left, and that does not show yet."""
    return source.part in LEFT and source.goes_on is not None and clock.today() < source.goes_on


def is_over() -> Q:
    """Passages of whoever wants nothing used, from the day on which that shows."""
    return Q(source__part__in=[Part.EXCLUDED, Part.GONE], source__goes_on__lte=clock.today())


def source_of(*, study: Study, post: Post) -> Source | None:
    """Whose part a message is, as the team's pages tell it: if it may be used, or might be if nobody had left."""
    return usable.source_of(study=study, post=post) or _held(study, post)


def lets_ask(source: Source, *, may_be_asked: bool) -> bool:
    """Whether somebody may be asked, as the team's pages tell it; nobody who left finds the question."""
    return bool((source.as_left or {}).get("asks")) if is_held(source) else may_be_asked


def words(passage: Passage, *, study: Study) -> str:
    """What stands there, as the team's pages tell it."""
    if is_held(passage.source):
        was_empty = passage.pk in (passage.source.as_left or {}).get("empty", [])
        return "" if was_empty else passages.said(passage, study=study)
    return passages.words(passage, study=study)


def left_key(*, study: Study, member_id: int) -> bytes:
    """What a part that is deleted is found by: nobody without the study's key makes it."""
    return sealed.mark(study=study, of=f"left|{member_id}")


def _held(study: Study, post: Post) -> Source | None:
    """The part of whoever wrote a message and left, if it does not show yet, and the message was open until then."""
    writer = post.byline.persona.member_id if post.byline.persona else None
    if writer is None or post.state != PostState.SHOWN:
        return None
    theirs = Q(member=writer, part__in=LEFT) | Q(key=left_key(study=study, member_id=writer), part=Part.GONE)
    rows = Source.objects.filter(theirs, study=study, goes_on__gt=clock.today()).order_by("-goes_on", "id")
    source = next((row for row in rows if _was_read(row, post.posted_on)), None)
    if source is None:
        return None
    group_id = post.thread.group_id
    is_on = usable.is_on_a_day_of_the_study(study=study, group_id=group_id, day=post.posted_on)
    return source if is_on else None


def _was_read(source: Source, day: dt.date) -> bool:
    stretches = (source.as_left or {}).get("days", [])
    return any(first <= day.isoformat() <= (last or day.isoformat()) for first, last in stretches)
