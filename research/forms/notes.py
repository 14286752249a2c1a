"""Field notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Group
from core.forms import Form
from research.actions.notes import Words
from research.enums import NoteKind
from research.selectors.notes import Note

MOST_CODES, LETTERS = 12, 40


class WordsForm(Form):
    """What a note says."""

    text = forms.CharField(
        label=_("Your note"), max_length=8000, strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("No names. At most 7 words of a message in a row."),
        error_messages={"required": _("Write something first.")},
    )  # fmt: skip
    codes = forms.CharField(
        label=_("Codes"), required=False, max_length=600, help_text=_("Short words to find it by, with commas."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )  # fmt: skip

    def clean_codes(self) -> list[str]:
        """Each once, as typed."""
        typed = [" ".join(one.split()) for one in str(self.cleaned_data["codes"]).split(",")]
        found = list(dict.fromkeys(one for one in typed if one))
        if len(found) > MOST_CODES or any(len(one) > LETTERS for one in found):
            raise forms.ValidationError(_("Keep to 12 codes of 40 letters each."))
        return found

    @property
    def words(self) -> Words:
        """What was written."""
        return Words(text=self.cleaned_data["text"], codes=self.cleaned_data["codes"])


class NoteForm(WordsForm):
    """A new note."""

    gid = forms.ChoiceField(label=_("About which group"), error_messages={"required": _("Pick the group.")})
    kind = forms.ChoiceField(label=_("What it is"), choices=NoteKind.choices, widget=forms.RadioSelect,
                             error_messages={"required": _("Pick what it is.")})  # fmt: skip
    field_order = ["gid", "kind", "text", "codes"]

    def __init__(self, *args: Any, groups: Sequence[Group], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["gid"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Pick one")), *((group.public_id, group.name) for group in groups)]


class PassageForm(WordsForm):
    """A passage of a message, tied to a note."""

    passage = forms.CharField(
        label=_("The words it is about"), strip=False, max_length=16_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}), help_text=_("Leave only those words."),
        error_messages={"required": _("Which words?")},
    )  # fmt: skip
    nid = forms.ChoiceField(label=_("Tie it to"), required=False)
    kind = forms.ChoiceField(
        label=_("What it is"), required=False, choices=NoteKind.choices, widget=forms.RadioSelect,
        initial=NoteKind.OBSERVATIONAL,
    )  # fmt: skip
    field_order = ["passage", "nid", "kind", "text", "codes"]

    def __init__(self, *args: Any, notes: Sequence[Note], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["nid"]
        assert isinstance(field, forms.ChoiceField)
        known = [(one.note.public_id, one.now.text[:60]) for one in notes]
        field.choices = [("", _("a new note")), *known]
        self.fields["text"].required = False
        self.fields["text"].help_text = _("For a new note. No names. At most 7 words of a message in a row.")

    def clean(self) -> dict[str, Any]:
        """A new note needs words."""
        given = super().clean() or {}
        if not given.get("nid") and not str(given.get("text", "")).strip():
            self.add_error("text", _("Write something first, or pick a note above."))
        if not given.get("nid") and not given.get("kind"):
            self.add_error("kind", _("Pick what it is."))
        return given
