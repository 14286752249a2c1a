"""Reading bylines: who signs, and which ones are one's own."""

from __future__ import annotations

from django.db.models import Q

from chat.models import Alias, Byline, Thread
from chat.policies import Face
from community.models import Persona
from core.ids import new_secret


def of_persona(*, thread: Thread, persona: Persona) -> Byline | None:
    """The persona's byline in this thread, if it ever signed here."""
    return Byline.objects.filter(thread=thread, persona=persona).first()


def of_alias(*, thread: Thread, key: bytes) -> Byline | None:
    """The byline of the alias with this key, if it ever signed here."""
    return Byline.objects.select_related("alias").filter(thread=thread, alias__key=key).first()


def alias_of(*, thread: Thread, key: bytes) -> Alias | None:
    """The alias with this key in this thread."""
    return Alias.objects.filter(thread=thread, key=key).first()


def avatar_svg(avatar_id: str) -> str | None:
    """An alias's picture by its address."""
    return Alias.objects.filter(avatar_id=avatar_id).values_list("avatar_svg", flat=True).first()


def own_ids(*, thread: Thread, face: Face) -> list[str]:
    """Public ids of the bylines that are one's own in this thread: the page marks their posts."""
    key = face.alias_key or new_secret()
    mine = Q(persona__member=face.here.member) | Q(alias__key=key)
    return list(
        Byline.objects.filter(mine, thread=thread).order_by("public_id").values_list("public_id", flat=True)
    )
