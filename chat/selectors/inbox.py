"""Talks somebody wrote in, under either face, and what is new there. Worked out at each look from their own bylines,
keys and marks: nothing is stored about who answered whom."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db.models import Exists, OuterRef, Q, QuerySet

from chat.enums import PostState
from chat.models import Alias, Byline, Label, Post, Thanks, Thread
from chat.selectors import bylines, hidden, threads
from chat.selectors.reading import KeyOf
from chat.selectors.thanks import SOME
from chat.selectors.threads import Row
from community.selectors.here import Here
from core import clock

SHOWN = 30
LOOKED_AT = 500  # latest talks of the group, among which only one's own keys can tell one's one-thread names
DAYS = 90
ADVICE_DAYS = 14
HELPED = 3  # posts that are told of at once


def inbox(*, here: Here, key_of: KeyOf) -> list[Row]:
    """The latest talks one wrote in, those with something new first. The number of queries does not grow."""
    unseen = hidden.of(here=here, key=hidden.key_for(key_of=key_of, gid=here.group.public_id))
    recent = _recent(here)
    as_alias = _own_aliases(here, key_of).values_list("thread_id", flat=True)
    as_persona = Byline.objects.filter(thread=OuterRef("pk"), persona__member=here.member)
    found = list(recent.filter(Q(pk__in=list(as_alias)) | Exists(as_persona))[:SHOWN])
    rows = threads.rows_of(found, here.member, key_of, unseen)
    return sorted(rows, key=lambda row: row.unread == 0)


def helped(*, here: Here, key_of: KeyOf) -> list[Post]:
    """One's own latest posts, under either face, that helped some people. Four queries, and nothing is stored about
    who was told."""
    since = clock.today() - dt.timedelta(days=DAYS)
    aliases = list(_own_aliases(here, key_of).values_list("pk", flat=True))
    own = Byline.objects.filter(Q(persona__member=here.member) | Q(alias__in=aliases))
    thanked = Thanks.objects.filter(post__byline__in=list(own.values_list("pk", flat=True)))
    posts = [pk for pk, n in Counter(thanked.values_list("post", flat=True)).items() if n >= SOME]
    rows = Post.objects.select_related("thread").filter(
        pk__in=posts, state=PostState.SHOWN, posted_on__gte=since
    )
    return list(rows.order_by("-posted_on", "id")[:HELPED])


def _recent(here: Here) -> QuerySet[Thread]:
    since = clock.today() - dt.timedelta(days=DAYS)
    return threads.visible_to(here).filter(last_post_on__gte=since).order_by("-activity", "id")


def _own_aliases(here: Here, key_of: KeyOf) -> QuerySet[Alias]:
    """One's one-thread names in the latest talks."""
    looked_at = list(_recent(here).only("public_id")[:LOOKED_AT])
    return Alias.objects.filter(key__in=bylines.alias_keys(threads=looked_at, key_of=key_of))


def advised(*, here: Here, key_of: KeyOf) -> list[Post]:
    """One's own posts, under either face, about whose advice something was said lately: one query, and nothing is
    stored about who was told."""
    since = clock.today() - dt.timedelta(days=ADVICE_DAYS)
    lately = Label.objects.filter(added_on__gte=since).values("post")
    rows = Post.objects.select_related("thread", "byline__persona", "byline__alias").filter(
        pk__in=lately, thread__group=here.group, state=PostState.SHOWN
    )
    return [post for post in rows.order_by("-posted_on", "id") if _is_own(post, here, key_of)]


def _is_own(post: Post, here: Here, key_of: KeyOf) -> bool:
    persona, alias = post.byline.persona, post.byline.alias
    if persona is not None:
        return bool(persona.member_id == here.member.pk)
    key: bytes = key_of("alias", post.thread.public_id)
    return alias is not None and bytes(alias.key) == key
