"""One's own last messages under every other face, and those that wait to appear: what a text is compared with
before it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chat.enums import PostState
from chat.models import Alias, Post, Thread
from chat.policies import Face
from chat.selectors import later
from chat.selectors.reading import KeyOf
from community.actions import due
from community.models import Member, Persona
from core import clock

LATEST = 100  # messages that are compared, of names and of one-thread names each
DAYS = 365
THREADS = 2_000  # that are looked through: only one's own keys can tell what in them is one's own


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The face that is about to sign: a persona, or the alias with this key. Its own messages are no echo."""

    persona: Persona | None
    alias_key: bytes | None


def signing_of(post: Post, *, face: Face) -> Signing:
    """The face that signed a post of one's own."""
    return Signing(persona=post.byline.persona, alias_key=face.alias_key if post.byline.alias_id else None)


def own_texts(*, owner_tags: Sequence[bytes], key_of: KeyOf, signing: Signing) -> list[str]:
    """The texts, of personas in all one's groups and of one's aliases there. Six queries, whatever is found."""
    rows = Member.objects.filter(owner_tag__in=owner_tags).values_list("group_id", "group__public_id")
    groups = dict(rows)
    under_names = _written().filter(byline__persona__member__owner_tag__in=owner_tags)
    if signing.persona is not None and signing.alias_key is None:
        under_names = under_names.exclude(byline__persona=signing.persona)
    aliases = _own_aliases(list(groups), key_of, but=signing.alias_key)
    under_aliases = _written().filter(byline__alias__in=aliases)
    return [*_texts(under_names), *_texts(under_aliases), *_waiting(groups, key_of, signing)]


def _waiting(groups: Mapping[int, str], key_of: KeyOf, signing: Signing) -> Iterator[str]:
    """What waits to appear in one's groups. What could not appear is no echo: nobody sees it."""
    threads = Thread.objects.filter(group__in=list(groups)).order_by("-last_post_on", "pk")
    tids = threads.values_list("public_id", flat=True)[:THREADS]
    places = [later.keys_for(key_of=key_of, tid=tid) for tid in tids]
    places += [later.keys_to_open(key_of=key_of, gid=gid) for gid in groups.values()]
    for act in due.waiting(keys=[key for place in places for key in place.both]):
        if not act.reason and not _is_signing(act.payload, signing):
            yield act.payload["text"]


def _is_signing(payload: due.Payload, signing: Signing) -> bool:
    if payload["as_alias"] or signing.alias_key is not None:
        return bool(payload["as_alias"]) and signing.alias_key == bytes.fromhex(payload["alias_key"])
    name = signing.persona
    signs = name and (name.handle, bytes(name.member.owner_tag).hex())
    return bool(signs == (payload["handle"], payload["tag"]))


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
