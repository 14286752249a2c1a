"""Somebody's own call for help as something that the team can look at. Nothing can be done to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext

from community.errors import NotHere
from community.selectors.here import Here
from core.registries.subjects import KeyOf, Line, Snapshot, Where
from moderation import parties
from moderation.enums import CALL
from moderation.models import Case


class CallSubject:
    """A call: what was said is in its case alone, and so is whose it is."""

    kind = CALL

    def describe(self, *, public_id: str) -> str:
        """What it is, in plain words."""
        _case(public_id)
        return gettext("A call for help")

    def may_be_reported(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """Nobody else sees it."""
        return False

    def may_be_folded(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """It stands nowhere."""
        return False

    def stop_seeing_writer(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> None:
        """There is nothing to see of them."""

    def page(self, *, public_id: str) -> str:
        """It has none. Raises NotHere."""
        raise NotHere

    talk_page = edit_page = page

    def advice_page(self, *, viewer: Here, public_id: str) -> str:
        """There is no advice in it."""
        return ""

    def snapshot(self, *, public_id: str) -> Snapshot:
        """What was said so far."""
        case = _case(public_id)
        return Snapshot(text=case.text, byline_public_id="", group_id=case.group_id, version=0)

    def where(self) -> Where | None:
        """It stands in no place."""
        return None

    def beside(self, *, public_id: str) -> Mapping[str, Line]:
        """Nothing stands beside it."""
        return {}

    def signed_as(self, *, public_id: str) -> str:
        """Nobody's name: whoever asks for help need not have one here."""
        return ""

    def names_near(self, *, public_id: str) -> Mapping[str, str]:
        """None."""
        return {}

    def parties(self, *, public_id: str) -> Mapping[str, Collection[bytes]]:
        """None but whoever called."""
        return {}

    def author_tag(self, *, public_id: str) -> bytes:
        """Whose it is, to write to them."""
        case = _case(public_id)
        return parties.author_of(ref=case.public_id, sealed=case.sealed_author)

    def hide(self, *, public_id: str) -> None:
        """Nothing is there to hide; nor to remove, nor to change, nor to put back."""

    remove = ask_edit = restore = unfold = hide

    def fold(self, *, public_id: str) -> bool:
        """Nothing is there to fold."""
        return False

    def warn(self, *, public_id: str, heads_up: str) -> None:
        """Nothing stands anywhere."""


def _case(public_id: str) -> Case:
    found = Case.objects.filter(subject_kind=CALL, subject_id=public_id).order_by("-fence").first()
    if found is None:
        raise NotHere
    return found
