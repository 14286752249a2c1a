"""Who signs: the persona, or an alias for one thread. Callers hold the thread's lock."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from chat.errors import NameRefused, NeedsName, OtherName
from chat.models import Alias, Byline, Thread
from chat.policies import watches
from chat.selectors import bylines
from community import avatars, handles
from community.actions import charters, personas
from community.errors import MayNot
from community.models import Persona
from community.selectors.here import Here
from community.selectors.names import policy_of
from core import keyring, sealing

OTHER_NAME = gettext_noop(
    "Not sent yet. Your name here is not what this page said. Look who signs, then send."
)
TAKEN = gettext_noop("Not sent yet. Someone here has that name. Look at the new one, then send.")
WORN = gettext_noop(
    "Not sent yet. Someone in this talk has that name for this talk alone. Take another one to write here."
)
CHECKED = gettext_noop(
    "The team looks at your messages first, so it would see whose one-thread name this is. Use your name here for now."
)
SEEN = gettext_noop("You are here as a researcher. You write under your name here, and at once.")
NOT_HERE = gettext_noop("This group does not use one-thread names now. Your words are kept below.")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """What somebody settles in the same press as sending: a name, and the changed promise they agree to."""

    handle: str = ""
    avatar: str = ""  # the choice of a tile; without one, a picture is drawn by chance
    names_the_account: bool = False  # the handle holds the sign-in name: answered in the person's own request
    agreed_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Signature:
    """Which of one's faces is to sign. `alias_key` is the key of one's alias in this thread, whichever signs.

    `shown` is the name that stood beside the button, where one stood there: no other name ever signs instead.
    `for_self` leaves out what one was checked as: words of one's own, and not of one's service.
    """

    alias_key: bytes = b""
    as_alias: bool = False
    shown: str = ""
    for_self: bool = False

    @property
    def once_key(self) -> bytes:
        """The key of the alias, where it signs."""
        return self.alias_key if self.as_alias else b""


OWN = Signature()  # the persona, whatever it is called


def take_up(*, here: Here, voice: Voice) -> None:
    """Agree and choose a name, where that was still to do. Raises MayNot, NameRefused, HandleTaken, or OtherName where
    another page of theirs was quicker with another name."""
    chooses = bool(voice.handle) and here.persona is None and here.may_post
    if chooses and (reason := _why_not(voice)):
        raise NameRefused(reason)
    if voice.agreed_version is not None and here.must_accept_charter:
        charters.accept_charter(here=here, version=voice.agreed_version)
    persona = here.persona
    if chooses:
        picture = voice.avatar or avatars.propose(n=1)[0].choice
        persona = personas.create_persona(here=here, handle=voice.handle, avatar=picture)
    if persona and voice.handle and persona.handle != handles.tidy(voice.handle):
        raise OtherName(gettext(OTHER_NAME))


def _why_not(voice: Voice) -> str:
    """Like the page where one picks a name: a press can carry a name that was never on offer."""
    if voice.names_the_account:
        return gettext("That is close to your sign-in name. Please pick another.")
    return handles.check(text=voice.handle)


def sign(*, here: Here, thread: Thread, signature: Signature) -> Byline:
    """The byline that is to sign, made where it is new. Raises NeedsName, OtherName or MayNot."""
    if signature.as_alias:
        require_unseen(here)
        require_unchecked(here)
        found = bylines.of_alias(thread=thread, key=signature.alias_key)
        byline = found or _new_alias(here=here, thread=thread, signature=signature)
    elif here.persona is None:
        raise NeedsName
    else:
        byline = sign_as_persona(thread=thread, persona=here.persona)
    if signature.shown not in {"", byline.face.handle}:
        raise OtherName(gettext(OTHER_NAME))
    return byline


def require_unchecked(here: Here) -> None:
    """Refuse a one-thread name to somebody whose own messages are checked first: what waits would tell whose it is.
    Raises MayNot."""
    if here.is_checked_first:
        raise MayNot(gettext(CHECKED))


def require_unseen(here: Here) -> None:
    """Refuse whoever is here to watch what would hide that: a one-thread name, or a moment by lot. Raises MayNot."""
    if watches(here):
        raise MayNot(gettext(SEEN))


def _new_alias(*, here: Here, thread: Thread, signature: Signature) -> Byline:
    if policy_of(here.group).one_thread == "off":
        raise MayNot(gettext(NOT_HERE))
    if not signature.shown:
        raise NeedsName
    if not handles.is_ours(signature.shown) or bylines.is_taken(thread=thread, handle=signature.shown):
        raise OtherName(gettext(TAKEN))
    return sign_as_alias(
        thread=thread,
        owner_tag=bytes(here.member.owner_tag),
        key=signature.alias_key,
        handle=signature.shown,
        avatar_svg=avatars.propose(n=1)[0].svg,
    )


def sign_as_persona(*, thread: Thread, persona: Persona) -> Byline:
    """The persona's byline in this thread, made at its first post. Raises OtherName where somebody writes in it under a
    one-thread name that reads the same."""
    found = bylines.of_persona(thread=thread, persona=persona)
    if found is None and bylines.is_worn_once(thread=thread, handle=persona.handle):
        raise OtherName(gettext(WORN))
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
