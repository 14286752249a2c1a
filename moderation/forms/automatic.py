"""One kind of automatic help: what it does, and the phrases it looks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from core.forms import Form
from moderation.enums import STEPS, Kind, Step
from moderation.forms.care import PICK

MOST = 5_000
LONGEST = 80


class SwitchForm(Form):
    """What automatic help of one kind does."""

    step = forms.ChoiceField(label=_("What it does"), widget=forms.RadioSelect, error_messages=PICK)

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["step"].choices = [(one.value, one.label) for one in STEPS[kind]]  # type: ignore[attr-defined]
        if kind == Kind.PHRASES:
            self.fields["phrases"] = PhrasesField()

    @property
    def given(self) -> dict[str, Any]:
        """What was chosen."""
        return {"step": Step(self.cleaned_data["step"]), "phrases": self.cleaned_data.get("phrases", "")}


class PhrasesField(forms.CharField):
    """Phrases, one a line, each once."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Phrases, one on each line"),
            help_text=_("Whole words are found, also with dots or other letters in them. Capitals do not matter."),
            max_length=MOST * LONGEST,
            widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "autocomplete": "off", "spellcheck": "false"}),
            error_messages={"required": _("Write at least one phrase.")},
        )  # fmt: skip

    def clean(self, value: Any) -> str:
        """Tidy lines. A phrase has at least two letters or digits: less would be found everywhere."""
        typed = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        lines = list(dict.fromkeys(filter(None, typed)))
        if len(lines) > MOST:
            few = ngettext_lazy("At most %(n)s phrase, please.", "At most %(n)s phrases, please.", MOST)
            raise forms.ValidationError(few % {"n": MOST})
        for number, line in enumerate(typed, start=1):
            if len(line) > LONGEST:
                too_long = _("Make line %(n)s shorter, please: 80 letters at most.")
                raise forms.ValidationError(too_long % {"n": number})
            if line and sum(map(str.isalnum, line)) < 2:
                too_short = _("Line %(n)s is “%(line)s”. A phrase needs at least two letters.")
                raise forms.ValidationError(too_short % {"n": number, "line": line})
        return "\n".join(lines)
