"""The three things people type: a sign-in name, a passphrase, recovery words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts import recovery_words, signin_names
from accounts.models import Account
from core.forms import Form

LONGEST = 256
_PLAIN_TEXT = {"autocapitalize": "none", "autocorrect": "off", "spellcheck": "false"}


class NameField(forms.CharField):
    """A sign-in name, however it is typed."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Sign-in name"),
            help_text=gettext_lazy("Two words and a number, like helpful-teacup-4821."),
            max_length=LONGEST,
            widget=forms.TextInput(attrs=_PLAIN_TEXT | {"autocomplete": "username"}),
            error_messages={
                "required": gettext_lazy("Type your sign-in name."),
            },
        )

    def clean(self, value: Any) -> str:
        return signin_names.normal(super().clean(value))


class PassphraseField(forms.CharField):
    """A passphrase. Pasting and password managers are welcome; keyboards may differ in how they make an é."""

    def __init__(self, *, label: Any, new: bool, help_text: Any = "") -> None:
        autocomplete = "new-password" if new else "current-password"
        super().__init__(
            label=label,
            help_text=help_text,
            max_length=LONGEST,
            widget=forms.PasswordInput(attrs=_PLAIN_TEXT | {"autocomplete": autocomplete}),
            error_messages={
                "required": gettext_lazy("Type a passphrase.")
                if new
                else gettext_lazy("Type your passphrase."),
            },
        )

    def clean(self, value: Any) -> str:
        return unicodedata.normalize("NFC", super().clean(value))


class WordsField(forms.CharField):
    """Eight recovery words, in any case, with any spaces or numbers between them."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your eight words"),
            help_text=gettext_lazy("In the same order. Capital letters and spaces do not matter."),
            max_length=2 * LONGEST,
            widget=forms.Textarea(attrs=_PLAIN_TEXT | {"autocomplete": "off", "rows": 3}),
            error_messages={
                "required": gettext_lazy("Type your eight words."),
                "max_length": gettext_lazy("That is more than eight words."),
            },
        )

    def clean(self, value: Any) -> str:
        words = recovery_words.normal(super().clean(value))
        # To say how many were typed tells nothing: that there are eight stands on the page.
        if (count := recovery_words.count(words)) != recovery_words.HOW_MANY:
            said = ngettext(
                "You typed %(n)s word. There are eight.", "You typed %(n)s words. There are eight.", count
            )
            raise ValidationError(said % {"n": count})
        return words


def asks_to_look(typed: Mapping[str, object]) -> bool:
    """Whether the press only shows what was typed, or hides it again: nothing is sent yet."""
    return "show" in typed or "hide" in typed


class NewPassphrase(Form):
    """Any form with a new passphrase. Its buttons "Show what I type" and "Hide what I type" work without JavaScript."""

    new_passphrase = PassphraseField(
        label=gettext_lazy("New passphrase"),
        new=True,
        help_text=gettext_lazy("At least 12 letters. Four or five words that belong only to you work well."),
    )

    def __init__(self, *args: Any, show: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field, PassphraseField):
                continue
            if show:
                field.widget = forms.TextInput(attrs=field.widget.attrs)
            elif kwargs.get("initial"):  # hidden again: what was typed stays
                field.widget.render_value = True

    def the_name(self) -> str:
        """The sign-in name that the passphrase must not resemble."""
        return str(self.cleaned_data.get("name", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        passphrase = cleaned.get("new_passphrase")
        if passphrase:
            try:
                validate_password(passphrase, user=Account(username=self.the_name()))
            except ValidationError as refused:
                for error in refused.error_list:
                    self.add_error("new_passphrase", _plainly(error))
        return cleaned


def _plainly(error: ValidationError) -> str:
    plain = {
        "password_too_short": gettext("Make it longer. Use at least 12 letters. Spaces count too."),
        "password_too_common": gettext(
            "Many people use words like these. Use four words that have nothing to do with each other."
        ),
        "passphrase_repeats": gettext(
            "This says one thing over and over. Use four words that have nothing to do with each other."
        ),
        "password_too_similar": gettext(
            "This is too close to your sign-in name. Think of another passphrase."
        ),
    }
    return plain.get(str(error.code), gettext("Think of another one."))
