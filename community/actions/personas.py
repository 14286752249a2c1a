"""Personas: chosen at the first post, changed, and put down again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community import avatars, handles, policies
from community.actions import badges, disclosures, due, leaving, lines
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Persona
from community.selectors import personas
from community.selectors.here import Here
from core import ids, ledger
from core.registries import screening

TAKEN = gettext_noop("Someone here has that name, or one like it. Please pick another.")
CHECKED = gettext_noop(
    "Your messages are checked before they appear, and nobody could check this. You can change it when that is over."
)
UNSEEN = gettext_noop(
    "Your messages are checked before they appear, and nobody could check this. Please pick a name that we offer."
)
WATCHES = gettext_noop("You are a researcher here. You keep this name while you are one.")
TAKE_AWAY = "take_away"  # the act by which posts go
REMOVED_WITHIN = dt.timedelta(days=3)
_goes: list[Callable[[int], None]] = []


class HandleTaken(MayNot):
    """Somebody in this group has the handle, or had it, or has one that looks like it."""


def create_persona(*, here: Here, handle: str, avatar: str, about: str = "") -> Persona:
    """A name and a picture for a member who has none. A second call returns the first one's persona.

    `avatar` is the choice of a tile. Two who want one handle at the same moment: the database lets one have it.
    """
    policies.require("choose_name", here)
    if here.persona:
        return here.persona
    if about:
        _require_unchecked(here)
    handle = handles.tidy(handle)
    if reason := handles.check(text=handle):
        raise MayNot(reason)
    if here.is_checked_first and not handles.is_ours(handle):
        raise MayNot(_(UNSEEN))
    _screen(here, handle, about)
    svg = avatars.draw(choice=avatar)
    try:
        with transaction.atomic():
            leaving.keep_in(here=here)
            return _take_up(here, handle=handle, svg=svg, about=about)
    except IntegrityError:
        return _after_a_race(here=here, handle=handle)


def change_picture(*, here: Here, avatar: str) -> None:
    """Another picture, under an address of its own, for what the name signed and will sign. Raises NotHere."""
    svg = avatars.draw(choice=avatar)
    policies.require("choose_name", here)
    if not _current(here).update(avatar_svg=svg, avatar_id=ids.new_public_id()):
        raise NotHere


def change_about(*, here: Here, about: str) -> None:
    """Another line about oneself, or none. Raises NotHere, and MayNot for who is checked first or for words that the
    team would have to look at."""
    if about:
        _require_unchecked(here)
        _screen(here, about)
    policies.require("choose_name", here)
    with transaction.atomic():
        if not lines.put(_current(here), about=about):
            raise NotHere


def take_another_name(
    *,
    here: Here,
    handle: str,
    avatar: str,
    about: str = "",
    details_go_along: bool,
    remove_under: bytes = b"",
) -> Persona:
    """Put the current name down and take up another, which nothing ties to it. Raises MayNot or NotHere, and then
    nothing has changed.

    What one shows goes along only where that was asked for: the same details tell that it is the same person.
    `remove_under`: take away what the old name wrote, as in `stop_using_name`.
    """
    policies.require("choose_name", here)
    _require_unwatched(here)
    _require_unchecked(here)
    handle = handles.tidy(handle)
    if reason := handles.check(text=handle):
        raise MayNot(reason)
    _screen(here, handle, about)
    svg = avatars.draw(choice=avatar)
    try:
        with transaction.atomic():
            leaving.keep_in(here=here)
            _put_down(here, keeps_details=details_go_along, remove_under=remove_under)
            return _take_up(here, handle=handle, svg=svg, about=about)
    except IntegrityError:
        raise HandleTaken(_(TAKEN)) from None


def stop_using_name(*, here: Here, remove_under: bytes = b"") -> None:
    """Put the current name down. What it signed keeps it; nobody else can take it; nothing ties the next to it.

    `remove_under` is the key of an act of one's own that waits: what the name signed is taken away at a random
    moment, so that its going tells nothing of the name that comes. Raises NotHere where there is none to put down, and
    MayNot for a researcher.
    """
    policies.require("stop_using_name", here)
    _require_unwatched(here)
    with transaction.atomic():
        _put_down(here, keeps_details=False, remove_under=remove_under)


def _require_unwatched(here: Here) -> None:
    """A researcher can be known by their name as long as they are one here."""
    if here.member.role == Role.RESEARCHER:
        raise MayNot(_(WATCHES))


def _require_unchecked(here: Here) -> None:
    """Everybody reads a name and its line at once: nobody could look at them first."""
    if here.is_checked_first:
        raise MayNot(_(CHECKED))


def _screen(here: Here, *texts: str) -> None:
    draft = screening.Draft(group_id=here.group.pk, text="\n".join(filter(None, texts)), at_once=True)
    if refusals := screening.refusals(draft):
        raise MayNot(" ".join(refusals))


def _current(here: Here) -> QuerySet[Persona]:
    return Persona.objects.filter(member=here.member, is_current=True)


def _put_down(here: Here, *, keeps_details: bool, remove_under: bytes) -> None:
    old = here.persona
    rows = _current(here)
    if old is None or not lines.put(rows.filter(pk=old.pk), about=""):
        raise NotHere  # another tab was faster
    rows.filter(pk=old.pk).update(is_current=False)
    if not keeps_details:
        disclosures.show_nothing(member=here.member)
        badges.take_off(member=here.member)
    if remove_under:
        payload = {"persona": old.pk, "handle": old.handle}
        due.later(key=remove_under, act=TAKE_AWAY, payload=payload, due_at=due.within(REMOVED_WITHIN))
        ledger.waiting_changed()


def with_a_name(do: Callable[[int], None]) -> None:
    """Offer what goes with a name that is no longer used, by its row: what it wrote, wherever that is."""
    _goes.append(do)


def take_away(payload: due.Payload) -> None:
    """Do it all. Due work."""
    for do in _goes:
        do(payload["persona"])
    ledger.waiting_changed()


def going(*, key: bytes) -> list[due.Waiting]:
    """The names whose posts are still to be taken away: one's own alone, found by the key."""
    return [one for one in due.waiting(keys=[key]) if one.act == TAKE_AWAY]


def keep_after_all(*, key: bytes, pk: int) -> None:
    """Leave what an old name wrote where it is, while that is still to be taken away. Raises NotHere."""
    with transaction.atomic():
        if not due.take_back(keys=[key], pk=pk):
            raise NotHere
        ledger.waiting_changed()


def _take_up(here: Here, *, handle: str, svg: str, about: str) -> Persona:
    return Persona.objects.create(
        member=here.member,
        group=here.group,
        handle=handle,
        handle_key=handles.key_of(handle),
        about=about,
        avatar_svg=svg,
    )


def _after_a_race(*, here: Here, handle: str) -> Persona:
    own = _current(here).first()
    if own:
        return own
    assert personas.is_taken(here=here, handle=handle)
    raise HandleTaken(_(TAKEN))
