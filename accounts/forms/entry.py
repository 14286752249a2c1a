"""Signing up, signing in, coming back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from accounts import recovery_words
from accounts.forms.fields import NameField, NewPassphrase, PassphraseField, WordsField
from core.forms import Form

TOO_YOUNG = "under_16"
AGES = [
    (TOO_YOUNG, gettext_lazy("Under 16")),
    ("16_17", gettext_lazy("16 or 17")),
    ("adult", gettext_lazy("18 or over")),
]


class Age(Form):
    """Asked, used once, and not kept."""

    age = forms.ChoiceField(
        label="",
        choices=AGES,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pick one of these."),
            "invalid_choice": gettext_lazy("Pick one."),
        },
    )


class ChoosePassphrase(NewPassphrase):
    """The passphrase of a new account. The name is the one the server proposed."""

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["new_passphrase"].label = gettext("Your passphrase")

    def the_name(self) -> str:
        return self.name


class SignIn(Form):
    """A sign-in name and a passphrase."""

    name = NameField()
    passphrase = PassphraseField(label=gettext_lazy("Passphrase"), new=False)
    lasting = forms.BooleanField(
        label=gettext_lazy("Only I use this device. Keep me signed in for 14 days."), required=False
    )


class Code(Form):
    """Six digits from a code app."""

    code = forms.CharField(
        label=gettext_lazy("Code from your app"),
        help_text=gettext_lazy("Six digits. They change every half minute."),
        max_length=12,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Type the six digits from your app."),
            "max_length": gettext_lazy("A code has six digits."),
        },
    )


class WayBack(NewPassphrase):
    """Sign-in name, eight words, and a new passphrase."""

    name = NameField()
    words = WordsField()
    field_order = ("name", "words", "new_passphrase")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:  # what was typed is never sent back
            field = self.fields["new_passphrase"]
            field.help_text = f"{gettext('Type it again, too.')} {field.help_text}"


class Device(Form):
    """Whether to stay signed in on this device."""

    only_mine = forms.ChoiceField(
        label="",
        choices=[("yes", gettext_lazy("Yes, only I use it")), ("no", gettext_lazy("No, or I am not sure"))],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Pick one of these."),
            "invalid_choice": gettext_lazy("Pick one."),
        },
    )


class CheckWords(Form):
    """Two of the words typed back, to see that they were kept."""

    def __init__(self, *args: Any, words: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words
        for number in recovery_words.ASKED_BACK:
            self.fields[f"word_{number}"] = forms.CharField(
                label=gettext("Word number %(number)s") % {"number": number},
                max_length=40,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
                ),
                error_messages={"required": gettext("Type word number %(number)s.") % {"number": number}},
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for number in recovery_words.ASKED_BACK:
            typed = cleaned.get(f"word_{number}")
            if typed and recovery_words.normal(typed) != recovery_words.normal(self.words[number - 1]):
                text = gettext("This is not word number %(number)s. Look at your list again.")
                self.add_error(f"word_{number}", text % {"number": number})
        return cleaned


class Again(Form):
    """The passphrase once more, before something that matters."""

    passphrase = PassphraseField(label=gettext_lazy("Your passphrase"), new=False)


class ChangePassphrase(NewPassphrase):
    """The old passphrase and a new one."""

    passphrase = PassphraseField(label=gettext_lazy("The passphrase you have now"), new=False)
    field_order = ("passphrase", "new_passphrase")

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def the_name(self) -> str:
        return self.name
