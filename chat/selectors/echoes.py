"""One's own last messages under every other face: what a text is compared with before it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chat.enums import PostState
from chat.models import Alias, Post
from chat.policies import Face
from chat.selectors.reading import KeyOf
from community.models import Member, Persona
from core import clock

LATEST = 100  # messages that are compared, of names and of one-thread names each
DAYS = 365
THREADS = 2_000  # with one-thread names of anybody: which ones are one's own, only one's own keys can tell


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The face that is about to sign: a persona, or the alias with this key. Its own messages are no echo."""

    persona: Persona | None
    alias_key: bytes | None


def signing_of(post: Post, *, face: Face) -> Signing:
    """The face that signed a post of one's own."""
    return Signing(persona=post.byline.persona, alias_key=face.alias_key if post.byline.alias_id else None)


def own_texts(*, owner_tags: Sequence[bytes], key_of: KeyOf, signing: Signing) -> list[str]:
    """The texts, of personas in all one's groups and of one's aliases there. Four queries, whatever is found."""
    groups = list(Member.objects.filter(owner_tag__in=owner_tags).values_list("group_id", flat=True))
    under_names = _written().filter(byline__persona__member__owner_tag__in=owner_tags)
    if signing.persona is not None and signing.alias_key is None:
        under_names = under_names.exclude(byline__persona=signing.persona)
    aliases = _own_aliases(groups, key_of, but=signing.alias_key)
    return [*_texts(under_names), *_texts(_written().filter(byline__alias__in=aliases))]


def _own_aliases(groups: Sequence[int], key_of: KeyOf, *, but: bytes | None) -> list[int]:
    since = clock.today() - dt.timedelta(days=DAYS)
    there = Alias.objects.filter(thread__group__in=groups, thread__last_post_on__gte=since)
    rows = there.order_by("-thread__last_post_on").values_list("pk", "key", "thread__public_id")[
        : THREADS * 4
    ]
    keys = {tid: key_of("alias", tid) for tid in list(dict.fromkeys(tid for _, _, tid in rows))[:THREADS]}
    return [pk for pk, key, tid in rows if keys.get(tid) == bytes(key) != but]


def _written() -> QuerySet[Post]:
    """What others may have read, also where the team keeps it back by now."""
    since = clock.today() - dt.timedelta(days=DAYS)
    return Post.objects.filter(Q(posted_on__gte=since)).exclude(state=PostState.DELETED)


def _texts(rows: QuerySet[Post]) -> list[str]:
    return list(rows.order_by("-posted_on", "-pk").values_list("text", flat=True)[:LATEST])
