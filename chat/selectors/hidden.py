"""Whom somebody does not see. One rule for pages, polling and open sockets:

- whom they chose not to see, under whichever of their own names they chose it;
- who chose not to be seen by the persona they use now. Not where they have an alias: if the alias's owner saw
  less of a thread for it, its silence would tell who that is. And not the team, who could not look after
  anybody; nor does anybody lose sight of the team in this way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Exists, Q, QuerySet, Value
from django.db.models.functions import Cast

from chat.models import Alias, Block, Byline, Mute, Post
from chat.policies import NOBODY, Act, Face, Hidden, may
from chat.selectors.reading import KeyOf
from community.enums import TEAM
from community.errors import NotHere
from community.models import Member, Persona
from community.selectors.here import Here
from core import sealing
from core.prepared import Prepared

KIND = "mutes"


@dataclass(frozen=True, kw_only=True)
class Hidings:
    """Whom somebody chose not to see, and who chose not to be seen by them."""

    chosen: Hidden = NOBODY
    by_others: Hidden = NOBODY

    @property
    def all(self) -> Hidden:
        return self.chosen | self.by_others


def key_for(*, key_of: KeyOf, gid: str) -> bytes:
    """The key of one's own mutes in a group."""
    return key_of(KIND, gid)


def face_in(*, here: Here, key_of: KeyOf, tid: str) -> Face:
    """Somebody before a thread: with the alias they may have in it, and whom they do not see there."""
    alias_key = key_of("alias", tid)
    unseen = of(here=here, key=key_for(key_of=key_of, gid=here.group.public_id), alias_key=alias_key).all
    return Face(here=here, alias_key=alias_key, hidden=unseen)


def of(*, here: Here, key: bytes, alias_key: bytes = b"") -> Hidings:
    """Whom somebody does not see in a group; with the key of their alias, in that thread. One query."""
    return among(members=[here.member], keys=[key], strong=here.strong, alias_key=alias_key)


def among(
    *, members: Sequence[Member], keys: Collection[bytes], strong: bool, alias_key: bytes = b""
) -> Hidings:
    """The same over several of one's groups at once: one query."""
    found = _chosen(
        keys=list(keys),
        mine=[member.pk for member in members],
        open_to_blocks=[member.pk for member in members if not (strong and member.role in TEAM)],
        alias_key=alias_key,
    )
    return Hidings(
        chosen=_faces(row for row in found if row[2]), by_others=_faces(row for row in found if not row[2])
    )


def _rows_chosen(
    keys: Any, mine: Any, open_to_blocks: Any, alias_key: Any
) -> QuerySet[Any, tuple[int | None, int | None, bool]]:
    no_alias = Cast(Value(None), BigIntegerField())
    muted = Mute.objects.filter(key__in=keys).annotate(chosen=_flag(True))
    chosen = Block.objects.filter(by__member__pk__in=mine).annotate(alias=no_alias, chosen=_flag(True))
    by_others = (
        Block.objects.filter(blocked__member__pk__in=open_to_blocks, blocked__is_current=True)
        .filter(~Exists(Alias.objects.filter(key=alias_key)))
        .exclude(by__member__role__in=TEAM)
        .annotate(alias=no_alias, chosen=_flag(False))
    )
    return muted.values_list("persona_id", "alias_id", "chosen").union(
        chosen.values_list("blocked_id", "alias", "chosen"),
        by_others.values_list("by_id", "alias", "chosen"),
        all=True,
    )


_chosen = Prepared(_rows_chosen)


def _flag(value: bool) -> Value:
    return Value(value, output_field=BooleanField())


def _faces(rows: Iterable[tuple[int | None, int | None, bool]]) -> Hidden:
    faces = list(rows)
    return Hidden(
        personas=frozenset(persona for persona, _, _ in faces if persona),
        aliases=frozenset(alias for _, alias, _ in faces if alias),
    )


def seen(rows: QuerySet[Post], hidden: Hidden) -> QuerySet[Post]:
    """Posts without those of hidden faces."""
    return without(rows, hidden.personas, hidden.aliases)


def without(rows: QuerySet[Post], personas: Collection[Any], aliases: Collection[Any]) -> QuerySet[Post]:
    """Posts without those that these faces signed."""
    return rows.exclude(byline__in=_bylines(personas, aliases)) if personas or aliases else rows


def seen_in_lists(rows: QuerySet[Post], hidings: Hidings, *, alias_keys: Collection[bytes]) -> QuerySet[Post]:
    """The same over several threads, in some of which one has an alias."""
    rows = seen(rows, hidings.chosen)
    if not hidings.by_others:
        return rows
    own = Alias.objects.filter(key__in=list(alias_keys)).values("thread")
    unseen = _bylines(hidings.by_others.personas, hidings.by_others.aliases)
    return rows.exclude(~Q(thread__in=own), byline__in=unseen)


def _bylines(personas: Collection[Any], aliases: Collection[Any]) -> QuerySet[Byline]:
    return Byline.objects.filter(Q(persona__pk__in=personas) | Q(alias__pk__in=aliases)).order_by()


def hides_name(*, here: Here, persona: Persona) -> bool:
    """Whether a block stands between somebody and a name, from either side. A mute does not count: whoever set it may
    still look the name up."""
    return among(members=[here.member], keys=[], strong=here.strong).all.hides(
        persona_id=persona.pk, alias_id=None
    )


def view_of(*, here: Here, hidden: Hidden) -> str:
    """A word for what somebody sees, by which an open page notices that it changed. It is made with what only the
    server knows, so that it never says whether anything is hidden."""
    parts = ("view", *sorted(hidden.refs))
    return sealing.tag(key=bytes(here.member.owner_tag), parts=parts).hex()[:16]


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A face that somebody may choose not to see, and what else can be chosen about it."""

    face: Persona | Alias
    may_block: bool
    is_alias: bool
    you_use_alias: bool
    is_team: bool


def writer_of(*, post: Post, face: Face) -> Someone:
    """Whoever signed a post, or NotHere for oneself. From a thread where one has an alias nobody is blocked: one's
    persona would vanish for them just when the alias was annoyed."""
    uses_alias = Alias.objects.filter(thread=post.thread, key=face.alias_key).exists()
    return _someone(post.byline.face, face, uses_alias=uses_alias)


def called(*, public_id: str, face: Face) -> Someone:
    """Whoever has, or had, a persona in this group, or NotHere."""
    rows = Persona.objects.select_related("member").filter(group=face.here.group, public_id=public_id)
    return _someone(rows.first(), face, uses_alias=False)


def _someone(other: Persona | Alias | None, face: Face, *, uses_alias: bool) -> Someone:
    if other is None or not may(Act.MUTE, face=face, other=other):
        raise NotHere
    return Someone(
        face=other,
        may_block=may(Act.BLOCK, face=face, other=other) and not uses_alias,
        is_alias=isinstance(other, Alias),
        you_use_alias=uses_alias,
        is_team=isinstance(other, Persona) and other.is_current and other.member.role in TEAM,
    )


def mutes(*, key: bytes) -> list[Mute]:
    """One's own mutes in a group, by name."""
    rows = Mute.objects.select_related("persona", "alias__thread").filter(key=key)
    return sorted(rows, key=lambda row: (row.persona or row.alias).handle)  # type: ignore[union-attr]


def blocks(*, here: Here) -> list[Block]:
    """The blocks that one's own personas set, by name."""
    rows = Block.objects.select_related("by", "blocked").filter(by__member=here.member)
    return list(rows.order_by("blocked__handle", "by__handle", "id"))
