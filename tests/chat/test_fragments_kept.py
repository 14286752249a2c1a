"""A fragment that was rendered before shows whatever changed since, as one that never was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from chat import presenters
from chat.enums import Folding, PostState, ReactionKind
from chat.models import Byline, Post, Reaction, Thread
from chat.selectors import posts
from community.enums import Role
from community.models import Badge, Group, Member, Persona
from core import clock, ids
from core.fragments import Fragments
from tests.chat.saying import send
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
SOON = dt.timedelta(days=30)


def _say(**fields: object) -> Callable[[Post], object]:
    return lambda post: Post.objects.filter(pk=post.pk).update(**fields)


def _name(**fields: object) -> Callable[[Post], object]:
    return lambda post: Persona.objects.filter(bylines=post.byline).update(**fields)


def _member(post: Post) -> Member:
    return Member.objects.get(personas__bylines=post.byline)


def _check(post: Post) -> None:
    Badge.objects.create(
        member=_member(post), role="nurse", checked_month=clock.this_month(),
        expires_on=clock.today() + SOON, is_worn=True,
    )  # fmt: skip


def _check_and_speak_for_oneself(post: Post) -> None:
    _check(post)
    _say(for_self=True)(post)


def _label(post: Post) -> None:
    said = {
        "kind": "needs_source", "role": "moderator", "badge": False, "source": "", "link": "",
        "on": clock.today().isoformat(), "until": (clock.today() + SOON).isoformat(),
        "before_change": False, "disputed": False,
    }  # fmt: skip
    _say(about=[said])(post)


def _fold(post: Post) -> None:
    Thread.objects.filter(pk=post.thread_id).update(kept_title="A title that may hurt")
    _say(folding=Folding.FOLDED)(post)


CHANGES: dict[str, Callable[[Post], object]] = {
    "its words": _say(html="<p>Other words.</p>"),
    "that it was changed": _say(is_edited=True),
    "taken away": _say(state=PostState.DELETED),
    "hidden": _say(state=PostState.HIDDEN),
    "removed": _say(state=PostState.REMOVED),
    "a heads-up": _say(heads_up="money"),
    "folded": _fold,
    "its day": _say(posted_on=clock.today() - dt.timedelta(days=1)),
    "its hour": _say(posted_hour=3),
    "a label": _label,
    "a reaction": lambda post: Reaction.objects.create(
        post=post, kind=ReactionKind.SAME_HERE, key=ids.new_secret()
    ),
    "the name": _name(handle="Quiet Elm"),
    "no name any more": _name(handle=""),
    "the picture": _name(avatar_id=ids.new_public_id()),
    "the card": _name(public_id=ids.new_public_id()),
    "the byline": lambda post: Byline.objects.filter(pk=post.byline_id).update(public_id=ids.new_public_id()),
    "a role": lambda post: Member.objects.filter(pk=_member(post).pk).update(role=Role.MODERATOR),
    "a checked role": _check,
    "speaking for oneself": _check_and_speak_for_oneself,
    "the group's address": lambda post: Group.objects.filter(pk=post.thread.group_id).update(
        public_id=ids.new_public_id()
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changed_shows(cast: Cast, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "Some words.")

    def shown(*, mine: bool) -> str:
        return presenters.render_post(posts.to_show().get(pk=post.pk), language="en", mine=mine)

    before = [shown(mine=False), shown(mine=True)]
    CHANGES[what](post)
    after = [shown(mine=False), shown(mine=True)]
    monkeypatch.setattr(presenters, "_fragments", Fragments())
    assert after == [shown(mine=False), shown(mine=True)]
    assert before[0] != after[0]
    assert before[1] != after[1]


@pytest.mark.parametrize(
    ("kinds", "is_fine"),
    [
        (["reviewed"], True),
        (["sourced", "experience"], True),
        (["guidance"], False),
        (["reviewed", "guidance"], False),
    ],
)
def test_only_notes_that_warn_of_something_look_like_a_warning(
    cast: Cast, kinds: list[str], is_fine: bool
) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "Some words.")
    _label(post)
    about = Post.objects.get(pk=post.pk).about
    _say(about=[about[0] | {"kind": kind} for kind in kinds])(post)
    html = presenters.render_post(posts.to_show().get(pk=post.pk), language="en")
    assert ('class="about fine"' in html) is is_fine
    _say(about=[about[0] | {"kind": kind, "disputed": True} for kind in kinds])(post)
    assert 'class="about"' in presenters.render_post(posts.to_show().get(pk=post.pk), language="en")
