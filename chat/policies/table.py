"""The table."""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from chat.enums import Folding, PostState
from chat.models import Alias, Post, Thread
from chat.policies.hidden import NOBODY, Hidden
from chat.policies.watching import is_open_to
from community.models import Persona
from community.selectors.here import Here
from core import clock

CHANGES = dt.timedelta(days=1)  # after the day it was written: days are UTC, and an evening may be short


class Act(StrEnum):
    """What people do with threads and posts."""

    READ_THREAD = "read_thread"
    OPEN_THREAD = "open_thread"
    READ_POST = "read_post"
    PUBLISH = "publish"
    EDIT = "edit"
    DELETE = "delete"
    REACT = "react"
    THANK = "thank"
    REPORT = "report"
    FOLD = "fold"
    MUTE = "mute"
    BLOCK = "block"
    LABEL = "label"
    DISPUTE = "dispute"
    PIN = "pin"
    PROPOSE = "propose"
    ANSWER_PROPOSAL = "answer_proposal"


@dataclass(frozen=True, kw_only=True)
class Face:
    """Who looks: their place in the group, the key that their alias in the thread at hand would have, and whom
    they do not see."""

    here: Here
    alias_key: bytes = b""
    hidden: Hidden = NOBODY


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a rule is asked about. Posts come with their thread and byline."""

    face: Face
    thread: Thread | None
    post: Post | None
    other: Persona | Alias | None


Predicate = Callable[[_Asked], bool]


def may(
    act: Act,
    *,
    face: Face,
    thread: Thread | None = None,
    post: Post | None = None,
    other: Persona | Alias | None = None,
) -> bool:
    """Whether this face may do this. An act without a rule, or without the thing it needs, is refused."""
    rule = _TABLE.get(act)
    return (
        rule is not None
        and face.here.may_read
        and rule(_Asked(face=face, thread=thread, post=post, other=other))
    )


def _sees_thread(asked: _Asked) -> bool:
    return asked.thread is not None and asked.thread.group_id == asked.face.here.group.pk


def _sees_post(asked: _Asked) -> bool:
    post = asked.post
    if post is None or post.thread.group_id != asked.face.here.group.pk:
        return False
    if not is_open_to(asked.face.here, post.thread):
        return False
    return not asked.face.hidden.hides(persona_id=post.byline.persona_id, alias_id=post.byline.alias_id)


def _writes(asked: _Asked) -> bool:
    return asked.face.here.may_post


def _writes_in(asked: _Asked) -> bool:
    return _writes(asked) and _sees_thread(asked) and not _is_silent(asked)


def _is_silent(asked: _Asked) -> bool:
    """A limit for this one thread."""
    thread = asked.thread or (asked.post.thread if asked.post else None)
    return thread is not None and asked.face.here.is_silent_in(thread.public_id)


def _is_shown(asked: _Asked) -> bool:
    return asked.post is not None and asked.post.state == PostState.SHOWN and _sees_post(asked)


def _owns(asked: _Asked) -> bool:
    post = asked.post
    if post is None or post.state == PostState.DELETED or not _sees_post(asked):
        return False
    persona, alias = post.byline.persona, post.byline.alias
    if persona is not None:
        return bool(persona.member_id == asked.face.here.member.pk)
    return alias is not None and hmac.compare_digest(bytes(alias.key), asked.face.alias_key)


def _edits(asked: _Asked) -> bool:
    is_there = asked.post is not None and asked.post.state in {PostState.SHOWN, PostState.ASKED}
    return _writes(asked) and is_there and _owns(asked) and not _is_silent(asked)


def _edits_still(asked: _Asked) -> bool:
    """For a day; what one was asked to change, for as long as it takes."""
    post = asked.post
    is_late = post is not None and post.posted_on < clock.today() - CHANGES and post.state != PostState.ASKED
    return _edits(asked) and not is_late


def _reacts(asked: _Asked) -> bool:
    return _writes(asked) and _is_shown(asked) and not _owns(asked) and not _is_silent(asked)


def _reports(asked: _Asked) -> bool:
    """Also while one may not write: whoever reads can be hurt."""
    return _is_shown(asked) and not _owns(asked)


def _folds(asked: _Asked) -> bool:
    """Others' words, once. That somebody is no newcomer, and nobody of the team here, is asked beside this."""
    return _reacts(asked) and asked.post is not None and asked.post.folding == Folding.NOT


def _is_other(asked: _Asked) -> bool:
    """A face of somebody else in this group."""
    other, face = asked.other, asked.face
    if isinstance(other, Persona):
        return bool(other.group_id == face.here.group.pk and other.member_id != face.here.member.pk)
    if other is None or other.thread.group_id != face.here.group.pk:
        return False
    return not hmac.compare_digest(bytes(other.key), face.alias_key)


def _blocks(asked: _Asked) -> bool:
    """From persona to persona, both in use."""
    other = asked.other
    has_name = asked.face.here.persona is not None
    return _is_other(asked) and has_name and isinstance(other, Persona) and other.is_current


def _labels(asked: _Asked) -> bool:
    """Not on one's own words, nor where one's words are looked at first: a label shows some. Which labels somebody may
    give is in `policies.labels`."""
    here = asked.face.here
    return here.strong and not here.is_checked_first and _reacts(asked)


def _pins(asked: _Asked) -> bool:
    return asked.face.here.is_team and _sees_thread(asked)


def _proposes(asked: _Asked) -> bool:
    """Whoever opened the talk: the post is its first."""
    return _writes(asked) and _owns(asked) and _is_shown(asked) and not _is_silent(asked)


def _answers_proposal(asked: _Asked) -> bool:
    here = asked.face.here
    return here.is_lead and not here.is_checked_first and _writes_in(asked)


_TABLE: dict[Act, Predicate] = {
    Act.READ_THREAD: _sees_thread,
    Act.OPEN_THREAD: _writes,
    Act.READ_POST: _sees_post,
    Act.PUBLISH: _writes_in,
    Act.EDIT: _edits_still,
    Act.DELETE: _owns,  # taking one's own words back stays possible while one may not write
    Act.REACT: _reacts,
    Act.THANK: _reports,  # also who may only read: nobody but its writer learns of it, and not of whom
    Act.REPORT: _reports,
    Act.FOLD: _folds,
    Act.MUTE: _is_other,
    Act.BLOCK: _blocks,
    Act.LABEL: _labels,
    Act.DISPUTE: _is_shown,  # also while one may not write: the team alone reads it
    Act.PIN: _pins,
    Act.PROPOSE: _proposes,
    Act.ANSWER_PROPOSAL: _answers_proposal,
}
