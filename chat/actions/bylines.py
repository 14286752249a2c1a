"""Who signs: the persona, or an alias for one thread. Callers hold the thread's lock."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from chat.errors import NameRefused
from chat.models import Alias, Byline, Thread
from chat.selectors import bylines
from community import avatars, handles
from community.actions import charters, personas
from community.models import Persona
from community.selectors.here import Here
from core import keyring, sealing


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What somebody settles in the same press as sending: a name, and the changed promise they agree to."""

    handle: str = ""
    avatar: str = ""  # the choice of a tile; without one, a picture is drawn by chance
    names_the_account: bool = False  # the handle holds the sign-in name: answered in the person's own request
    agreed_version: int | None = None


def take_up(*, here: Here, voice: Voice) -> None:
    """Agree and choose a name, where that was still to do. Raises MayNot, NameRefused or HandleTaken."""
    chooses = bool(voice.handle) and here.persona is None and here.may_post
    if chooses and (reason := _why_not(voice)):
        raise NameRefused(reason)
    if voice.agreed_version is not None and here.must_accept_charter:
        charters.accept_charter(here=here, version=voice.agreed_version)
    if chooses:
        picture = voice.avatar or avatars.propose(n=1)[0].choice
        personas.create_persona(here=here, handle=voice.handle, avatar=picture)


def _why_not(voice: Voice) -> str:
    """Like the page where one picks a name: a press can carry a name that was never on offer."""
    if voice.names_the_account:
        return gettext("That is close to your sign-in name. Please pick another.")
    return handles.check(text=voice.handle)


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
