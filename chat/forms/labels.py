"""A label, and words about one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chat.enums import LabelKind
from community.enums import Again
from community.forms.library import page_address
from community.forms.words import Words
from core.forms import Form

PICK = {"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")}


class LabelForm(Form):
    """What people should know about the advice in a message."""

    kind = forms.ChoiceField(
        label=_("What should people know?"), widget=forms.RadioSelect, error_messages=PICK
    )
    source = Words(
        label=_("Where this comes from"),
        help_text=_("A page, a leaflet, a book. No names of people here."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    link = forms.CharField(
        label=_("A page to read"),
        max_length=300,
        required=False,
        validators=[page_address],
        widget=forms.URLInput,
    )
    days = forms.TypedChoiceField(
        label=_("Look at it again"), choices=Again.choices, coerce=int, initial=Again.HALF,
        error_messages=PICK,
    )  # fmt: skip

    def __init__(self, *args: Any, kinds: Sequence[LabelKind], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "note-%s"} | kwargs)
        self.kinds = list(kinds)
        self.leave_out(())

    def leave_out(self, there: Iterable[str]) -> None:
        """Offer no kind that the message has already."""
        gone = set(there)
        self.kinds = [kind for kind in self.kinds if kind not in gone]
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in self.kinds]
        if LabelKind.GUIDANCE in self.kinds:
            needs = _("A note that says “%(kind)s” needs one, so that people can read it for themselves.")
            self.fields["link"].help_text = needs % {"kind": LabelKind.GUIDANCE.label}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        has_link = given.get("link") or "link" in self.errors
        if given.get("kind") == LabelKind.GUIDANCE and not has_link:
            self.add_error("link", _("Add the page, so that people can read it for themselves."))
        has_source = given.get("source") or "source" in self.errors
        if given.get("kind") == LabelKind.SOURCED and not (has_link or has_source):  # a leaflet has no page
            self.add_error("source", _("Say where this comes from: a page, a leaflet or a book."))
        return given


class WordsForm(Form):
    """Why a label is not right, or why it stays."""

    text = Words(
        label=_("What is not right?"),
        help_text=_("Only the team reads this. They do not see who wrote it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages={
            "required": _("Write a sentence first."),
        },
    )


class AnswerForm(WordsForm):
    """Why it stays."""

    text = Words(
        label=_("Why does the note stay?"),
        help_text=_("Whoever said that it is not right can read this."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        error_messages=WordsForm.base_fields["text"].error_messages,
    )


class RenewForm(Form):
    """When a label that still fits is looked at again."""

    days = forms.TypedChoiceField(
        label=_("Look at it again"), choices=Again.choices, coerce=int, initial=Again.HALF,
        error_messages=PICK,
    )  # fmt: skip
