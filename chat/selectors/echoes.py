"""One's own last messages under every other face, and those that wait to appear: what a text is compared with
before it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from chat.enums import PostState
from chat.models import Alias, Post, Thread
from chat.policies import Face
from chat.selectors import later
from chat.selectors.reading import KeyOf
from community.actions import due
from community.models import Member, Persona
from core import clock
from core.prepared import Prepared

LATEST = 100  # messages that are compared, of names and of one-thread names each
DAYS = 365
KeysOf = Callable[[str, Iterable[str]], list[bytes]]  # as KeyOf, for many objects at once
NOBODY = 0  # no persona has this key
THREADS = 2_000  # that are looked through: only one's own keys can tell what in them is one's own


@dataclass(frozen=True, kw_only=True)
class Signing:
    """The face that is about to sign: a persona, or the alias with this key. Its own messages are no echo."""

    persona: Persona | None
    alias_key: bytes | None


def signing_of(post: Post, *, face: Face) -> Signing:
    """The face that signed a post of one's own."""
    return Signing(persona=post.byline.persona, alias_key=face.alias_key if post.byline.alias_id else None)


def own_texts(*, owner_tags: Sequence[bytes], key_of: KeyOf, keys_of: KeysOf, signing: Signing) -> list[str]:
    """The texts, of personas in all one's groups and of one's aliases there. Seven queries at most."""
    groups = dict(_groups(tags=list(owner_tags)))
    signs = signing.persona.pk if signing.persona is not None and signing.alias_key is None else NOBODY
    since = clock.today() - dt.timedelta(days=DAYS)
    under_names = _under_names(tags=list(owner_tags), but=signs, since=since)
    aliases = _own_aliases(list(groups), keys_of, but=signing.alias_key)
    under_aliases = _under_aliases(aliases=aliases, since=since)
    return [*under_names, *under_aliases, *_waiting(groups, key_of, keys_of, signing)]


def _texts(since: Any, **by: Any) -> QuerySet[Post, str]:
    """The last of what others may have read, also where the team keeps it back by now."""
    rows = Post.objects.filter(posted_on__gte=since, **by).exclude(state=PostState.DELETED)
    return rows.order_by("-posted_on", "-pk").values_list("text", flat=True)


_groups = Prepared(
    lambda tags: Member.objects.filter(owner_tag__in=tags).values_list("group_id", "group__public_id")
)
_under_names = Prepared(
    lambda tags, but, since: _texts(since, byline__persona__member__owner_tag__in=tags).exclude(
        byline__persona=but
    )[:LATEST]
)
_under_aliases = Prepared(lambda aliases, since: _texts(since, byline__alias__pk__in=aliases)[:LATEST])
_talks = Prepared(
    lambda groups: (
        Thread.objects.filter(group__pk__in=groups)
        .order_by("-last_post_on", "pk")
        .values_list("public_id", flat=True)[:THREADS]
    )
)
_aliases = Prepared(
    lambda groups, since: (
        Alias.objects.filter(thread__group__pk__in=groups, thread__last_post_on__gte=since)
        .order_by("-thread__last_post_on")
        .values_list("pk", "key", "thread__public_id")[: THREADS * 4]
    )
)


def _waiting(groups: Mapping[int, str], key_of: KeyOf, keys_of: KeysOf, signing: Signing) -> Iterator[str]:
    """What waits to appear in one's groups. What could not appear is no echo: nobody sees it."""
    kept = due.all_keys()
    if not kept:
        return
    tids = _talks(groups=list(groups))
    keys = keys_of("due", [ref for tid in tids for ref in later.refs_for(tid)])
    for gid in groups.values():
        keys += later.keys_to_open(key_of=key_of, gid=gid).both
    for act in due.waiting(keys=kept.intersection(keys)):
        if not act.reason and not _is_signing(act.payload, signing):
            yield act.payload["text"]


def _is_signing(payload: due.Payload, signing: Signing) -> bool:
    if payload["as_alias"] or signing.alias_key is not None:
        return bool(payload["as_alias"]) and signing.alias_key == bytes.fromhex(payload["alias_key"])
    name = signing.persona
    signs = name and (name.handle, bytes(name.member.owner_tag).hex())
    return bool(signs == (payload["handle"], payload["tag"]))


def _own_aliases(groups: Sequence[int], keys_of: KeysOf, *, but: bytes | None) -> list[int]:
    rows = _aliases(groups=list(groups), since=clock.today() - dt.timedelta(days=DAYS))
    tids = list(dict.fromkeys(tid for _, _, tid in rows))[:THREADS]
    keys = dict(zip(tids, keys_of("alias", tids), strict=True))
    return [pk for pk, key, tid in rows if keys.get(tid) == bytes(key) != but]
