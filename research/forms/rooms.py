"""What somebody writes in the room of a study."""

from __future__ import annotations

from django import forms

from chat.actions.bylines import Signature
from chat.enums import FaceKind
from chat.forms.posts import PostForm
from community import handles
from core.forms import Form


class RoomForm(Form):
    """The box one writes in, and who signs: the names that stood on the page go along."""

    text = PostForm.base_fields["text"]
    face = forms.ChoiceField(choices=FaceKind.choices, required=False)
    named = forms.CharField(required=False)
    once = forms.CharField(required=False)
    as_it_is = forms.BooleanField(required=False, widget=forms.HiddenInput)  # advice was read

    def wear(self, *, once: str, has_name: bool, uses_once: bool) -> None:
        """Say which faces are on offer. What was chosen stays; else the one for the room alone signs."""
        kept = str(self["once"].value() or "")
        self.once_name = kept if once and not uses_once and handles.is_ours(kept) else once
        chosen = self["face"].value() or (FaceKind.ONCE if once else FaceKind.NAME)
        self.worn = FaceKind.NAME if not once or (chosen == FaceKind.NAME and has_name) else FaceKind.ONCE

    def signature(self, *, alias_key: bytes) -> Signature:
        """Which face is to sign, and what it was called on the page."""
        is_once = self.cleaned_data["face"] == FaceKind.ONCE
        return Signature(
            alias_key=alias_key, as_alias=is_once, shown=self.cleaned_data["once" if is_once else "named"]
        )


class ChangeForm(Form):
    """One's own post, changed."""

    text = PostForm.base_fields["text"]
