"""What automatic help finds in a message that is to be sent, and what was said before, for it to be tried on."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db.models import Q

from chat.enums import PostState
from chat.models import Byline, Post
from chat.selectors import terms
from community.selectors.here import Here
from core import clock
from core.registries.talk import Said
from moderation.enums import Step
from moderation.selectors import automatic
from moderation.selectors import care as cares
from moderation.selectors.automatic import Finding

RUN = 5  # messages in a row under one face
SAME = 20  # letters at least, of words that come again
LATELY = dt.timedelta(days=30)


def in_draft(
    *,
    here: Here,
    text: str,
    tid: str = "",
    alias_key: bytes | None = None,
    is_change: bool = False,
) -> list[Finding]:
    """What a group's automatic help finds in a message for a thread, or for a new one, signed by the persona or by an
    alias. Nothing waits of those who look after the group, under their names: they would let it appear themselves."""
    said = Said(
        text=text,
        is_newcomer=lambda: _is_new(here, alias_key or b""),
        is_flood=lambda: not is_change and _is_flood(here, tid, alias_key, text),
    )
    found = automatic.noticed(group=here.group, said=said)
    is_team = terms.speaks_as_team(here, alias_key or b"")
    return [one for one in found if one.step != Step.HOLD] if is_team else found


def held(found: Iterable[Finding]) -> list[tuple[str, list[str]]]:
    """Why a message has to wait, to be kept with it: (what it is, the words it was found in)."""
    return [(str(one.kind), list(one.pieces)) for one in found if one.step == Step.HOLD]


def _is_new(here: Here, alias_key: bytes) -> bool:
    first = cares.of(group=here.group).first_messages
    return not terms.speaks_as_team(here, alias_key) and terms.is_new(here.member, first, alias_key)


def _is_flood(here: Here, tid: str, alias_key: bytes | None, text: str) -> bool:
    mine = Byline.objects.filter(
        Q(alias__key=alias_key) if alias_key else Q(persona=here.persona, persona__isnull=False)
    )
    shown = Post.objects.filter(thread__group=here.group, state=PostState.SHOWN)
    last = shown.filter(thread__public_id=tid).order_by("-seq").values_list("byline", flat=True)[: RUN - 1]
    bylines = set(last)
    if len(last) == RUN - 1 and len(bylines) == 1 and mine.filter(pk__in=bylines).exists():
        return True
    again = shown.filter(byline__in=mine, text=text, posted_on__gte=clock.today() - LATELY)
    return len(text) >= SAME and again.exists()


def latest(group_id: int, first_messages: int, most: int) -> list[Said]:
    """What was said last in a group. Of a one-thread name no more is known than that."""
    rows = Post.objects.filter(thread__group=group_id, state=PostState.SHOWN).exclude(text="")
    rows = rows.select_related("byline").order_by("-posted_on", "thread_id", "-seq")[:most]
    posts = sorted(rows, key=lambda post: (post.posted_on, post.thread_id, post.seq))
    floods = _floods(posts)
    days: dict[int, list[dt.date]] = defaultdict(list)
    for persona, day in (
        Post.objects.filter(byline__persona__in={post.byline.persona_id for post in posts} - {None})
        .exclude(text="")
        .values_list("byline__persona", "posted_on")
    ):
        days[persona].append(day)
    return [
        Said(
            text=post.text,
            is_newcomer=_was_new(post, days, first_messages),
            is_flood=_always(floods[post.pk]),
        )
        for post in reversed(posts)
    ]


def _always(answer: bool) -> Callable[[], bool]:
    return lambda: answer


def _was_new(post: Post, days: dict[int, list[dt.date]], first: int) -> Callable[[], bool]:
    """Whether it was one of somebody's first messages, by the days on which they wrote."""
    before = days[post.byline.persona_id or 0]
    return lambda: sum(day < post.posted_on for day in before) < first


def _floods(posts: list[Post]) -> dict[int, bool]:
    """Which of these posts were one of a flood."""
    found: dict[int, bool] = {}
    runs: dict[int, tuple[int, int]] = {}
    said: set[tuple[int, str]] = set()
    for post in posts:
        byline, times = runs.get(post.thread_id, (0, 0))
        times = times + 1 if byline == post.byline_id else 1
        runs[post.thread_id] = (post.byline_id, times)
        words = (post.byline.persona_id or -post.byline_id, post.text)
        found[post.pk] = times >= RUN or (len(post.text) >= SAME and words in said)
        said.add(words)
    return found
