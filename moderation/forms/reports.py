"""Reporting something, and answering a question about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from moderation.enums import REPORTED, WORRIES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def words(label: StrOrPromise, *, required: bool, help_text: StrOrPromise = "") -> forms.CharField:
    """A few words to the team."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        error_messages={"required": _("Write something first.")},
    )


class ReportForm(Form):
    """A report as it goes from step to step: nothing of it is kept until it is sent."""

    reason = forms.ChoiceField(choices=[(one.value, one.label) for one in REPORTED], widget=forms.HiddenInput)
    note = words(
        _("Is there more we should know?"),
        required=False,
        help_text=_("Only the people who look at it read this. Please leave out your name."),
    )
    hide = forms.BooleanField(label=_("Hide this person for me. Nobody can tell."), required=False)

    @property
    def is_worry(self) -> bool:
        """Whether it is care for somebody: then help is shown at once."""
        return self["reason"].value() in WORRIES


class AnswerForm(Form):
    """The answer to what the team asked. `mark` says to which report."""

    mark = forms.CharField(widget=forms.HiddenInput)
    note = words(_("Your answer"), required=True)
