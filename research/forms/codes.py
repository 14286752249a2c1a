"""Coming into a study, and bringing colleagues in."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from community.forms.words import Words
from core.forms import Form
from research.enums import StudyRole


class CodeForm(Form):
    """A one-time code, and what its bearer is called in the study's papers."""

    code = forms.CharField(
        label=_("One-time code"),
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={
            "required": _("Type the code."),
            "max_length": _("That is longer than a code. Look again."),
        },
    )
    label = Words(
        label=_("What to call you in this study"),
        help_text=_("People who are asked to take part read it. Most use their name and job."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={
            "required": _("Say what to call you."),
        },
    )


class ColleagueForm(Form):
    """What a new colleague may do."""

    role = forms.ChoiceField(
        label=_("What they may do"),
        help_text=_("An analyst counts. They see no versions by name, and no words of the safety log."),
        choices=[(value, capfirst(title)) for value, title in StudyRole.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one."), "invalid_choice": _("Pick one of these.")},
    )
