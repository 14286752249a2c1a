"""Who signs: the persona, or an alias for one thread. Callers hold the thread's lock."""

from __future__ import annotations

from chat.models import Alias, Byline, Thread
from chat.selectors import bylines
from community.models import Persona
from core import keyring, sealing


def sign_as_persona(*, thread: Thread, persona: Persona) -> Byline:
    """The persona's byline in this thread, made at its first post."""
    found = bylines.of_persona(thread=thread, persona=persona)
    return found or Byline.objects.create(thread=thread, persona=persona)


def sign_as_alias(*, thread: Thread, owner_tag: bytes, key: bytes, handle: str, avatar_svg: str) -> Byline:
    """The alias's byline in this thread. The alias holds its owner's tag only sealed; `key` is how the owner
    finds it again."""
    found = bylines.of_alias(thread=thread, key=key)
    if found is not None:
        return found
    alias = Alias.objects.create(
        thread=thread,
        key=key,
        sealed_owner_tag=sealing.seal(key=_seal_key(), value=owner_tag, place=_place(thread)),
        handle=handle,
        avatar_svg=avatar_svg,
    )
    return Byline.objects.create(thread=thread, alias=alias)


def owner_tag_of(*, alias: Alias) -> bytes:
    """Open an alias's owner tag: only for a limit that must follow the person."""
    return sealing.unseal(key=_seal_key(), sealed=bytes(alias.sealed_owner_tag), place=_place(alias.thread))


def _seal_key() -> bytes:
    return sealing.derive(key=keyring.lasting_key(), purpose="alias")


def _place(thread: Thread) -> str:
    return f"alias|{thread.public_id}"
