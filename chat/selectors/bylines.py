"""Reading bylines: who signs, and which ones are one's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce

from chat.models import Alias, Block, Byline, Post, Thread
from chat.policies import Face
from chat.selectors.reading import KeyOf
from community import handles
from community.models import Persona
from core.ids import new_secret
from core.prepared import Prepared

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class LastSigned(TypedDict):
    """What `own` adds to a byline."""

    signed: int | None


if TYPE_CHECKING:
    Own = WithAnnotations[Byline, LastSigned]
else:
    Own = Byline


_of_persona = Prepared(lambda thread, persona: Byline.objects.filter(thread=thread, persona=persona))


def of_persona(*, thread: Thread, persona: Persona) -> Byline | None:
    """The persona's byline in this thread, if it ever signed here."""
    found = _of_persona.first(thread=thread.pk, persona=persona.pk)
    if found is not None:
        found.persona = persona
    return found


def of_alias(*, thread: Thread, key: bytes) -> Byline | None:
    """The byline of the alias with this key, if it ever signed here."""
    return Byline.objects.select_related("alias").filter(thread=thread, alias__key=key).first()


def alias_keys(*, threads: Iterable[Thread], key_of: KeyOf) -> list[bytes]:
    """The keys that one's aliases in these threads have, or would have."""
    return [key_of("alias", thread.public_id) for thread in threads]


def is_taken(*, thread: Thread, handle: str) -> bool:
    """Whether a name of this group, or another one-thread name here, is this handle or looks like it."""
    key = handles.key_of(handle)
    return Persona.objects.filter(group=thread.group_id, handle_key=key).exists() or is_worn_once(
        thread=thread, handle=handle
    )


def is_worn_once(*, thread: Thread, handle: str) -> bool:
    """Whether a one-thread name here is this handle or looks like it."""
    key = handles.key_of(handle)
    others = Alias.objects.filter(thread=thread).order_by("pk").values_list("handle", flat=True)
    return any(handles.key_of(other) == key for other in others)


def avatar_svg(avatar_id: str) -> str | None:
    """An alias's picture by its address."""
    return Alias.objects.filter(avatar_id=avatar_id).values_list("avatar_svg", flat=True).first()


def _rows_of_own(thread: Any, member: Any, key: Any) -> QuerySet[Own]:
    rows = Byline.objects.select_related("persona", "alias")
    rows = rows.filter(Q(persona__member=member) | Q(alias__key=key), thread=thread)
    return rows.annotate(signed=Max("posts__seq")).order_by("public_id")


_own = Prepared(_rows_of_own)


def own(*, thread: Thread, face: Face) -> Sequence[Own]:
    """The bylines that are one's own in this thread, each with the seq it signed last: the page marks their
    posts."""
    return _own(thread=thread.pk, member=face.here.member.pk, key=face.alias_key or new_secret())


def tags_named_in(post: Post) -> list[bytes]:
    """The owner tags of people here whose present name stands in a post's text."""
    said = post.text.casefold()
    names = Persona.objects.filter(group=post.thread.group_id, is_current=True).exclude(handle="")
    rows = names.values_list("handle", "member__owner_tag").iterator()
    return [bytes(tag) for handle, tag in rows if handle.casefold() in said]


def names_in(*, thread: Thread) -> dict[str, str]:
    """Every name that signed in a thread, by the public id of its byline."""
    name = Coalesce("persona__handle", "alias__handle")
    return dict(Byline.objects.filter(thread=thread).values_list("public_id", name))


def tags_in_a_block_with(post: Post) -> list[bytes]:
    """The owner tags of people who set a block on the persona that signed. Those whom it blocks itself are not among
    them: else whoever writes could choose who looks at it."""
    name = post.byline.persona_id
    rows = Block.objects.filter(blocked=name) if name else Block.objects.none()
    return [bytes(tag) for tag in rows.values_list("by__member__owner_tag", flat=True)]
