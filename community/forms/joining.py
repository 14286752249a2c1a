"""Forms on the way into a group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from community.selectors import invitations
from core import ids, text
from core.forms import Form


class JoinForm(Form):
    """The group promise, and a private question whose answer goes no further than the next page."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen_help = forms.BooleanField(required=False, widget=forms.HiddenInput)
    talk = forms.ChoiceField(
        label=_("Do you have someone to talk to outside this group?"),
        help_text=_("This is just for you. We do not keep your answer, and nobody sees it."),
        choices=[("yes", _("Yes")), ("no", _("Not really"))],
        widget=forms.RadioSelect,
        required=False,
    )
    accept = forms.BooleanField(
        label=_("I have read the group promise and I will follow it"),
        error_messages={"required": _("Tick the box if you will follow the group promise.")},
    )

    @property
    def shows_help(self) -> bool:
        """Whether the private answer asks for the page with help on it."""
        return self.is_bound and self.data.get("talk") == "no"

    @property
    def stops_for_help(self) -> bool:
        """Whether the help has to be shown once before going on."""
        return self.shows_help and not self.cleaned_data["seen_help"]

    def once_more(self) -> JoinForm:
        """The same form, ticked as it was, with the help shown."""
        return type(self)(initial={**self.cleaned_data, "seen_help": True})


class CodeForm(Form):
    """A code, typed or scanned."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("It has 12 letters and numbers. Spaces and small letters are fine."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "data-code": "",
            }
        ),
        error_messages={"required": _("Type your code.")},
    )

    def clean_code(self) -> str:
        """How long a code is stands on the page, so a wrong length is said: it tells nothing of any code."""
        code: str = self.cleaned_data["code"]
        if (count := len(invitations.tidy_code(code=code))) != ids.CODE_LENGTH:
            said = ngettext(
                "You typed %(n)s letter or number. There are %(all)s.",
                "You typed %(n)s letters and numbers. There are %(all)s.",
                count,
            )
            raise forms.ValidationError(said % {"n": count, "all": ids.CODE_LENGTH})
        return code


class CodeJoinForm(JoinForm):
    """The promise of the group that a code opens. The code travels in the page, and is kept nowhere."""

    code = forms.CharField(max_length=40, widget=forms.HiddenInput)
    stage = forms.CharField(widget=forms.HiddenInput, initial="promise", required=False)


class AskForm(Form):
    """The question of a closed group."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.CharField(
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The team of this group reads it. Please leave out your name. It goes when they have answered."
        ),
        error_messages={
            "required": _("Write a line, so that the team can answer."),
        },
    )

    def __init__(self, *args: Any, question: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = question or _("What brings you here?")

    def clean_answer(self) -> str:
        return text.tidy(self.cleaned_data["answer"])


class DeclineForm(Form):
    """What the asker will read."""

    note = forms.CharField(
        label=_("One kind sentence about why"),
        help_text=_("They will read it. They can ask again in 30 days."),
        max_length=300,
        error_messages={"required": _("Write one sentence, so that they know why.")},
    )

    def clean_note(self) -> str:
        return text.tidy(self.cleaned_data["note"])
