"""A reminder by mail, and a break."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext, gettext_lazy

from accounts.enums import Cadence
from core import clock
from core.forms import Form

LONGEST_BREAK = dt.timedelta(days=366)


class CadenceForm(Form):
    """How often."""

    cadence = forms.ChoiceField(
        label=gettext_lazy("How often?"),
        choices=Cadence.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pick how often.")},
    )


class ReminderForm(CadenceForm):
    """Where to, and how often."""

    address = forms.EmailField(
        label=gettext_lazy("Where to?"),
        help_text=gettext_lazy("An address that only you read is best."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Type an address."),
            "invalid": gettext_lazy("This does not look like an address. Look at it again."),
        },
    )
    field_order = ["address", "cadence"]


class BreakForm(Form):
    """Until when."""

    until = forms.DateField(
        label=gettext_lazy("Until which day?"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Pick a day."),
            "invalid": gettext_lazy("Pick a day, such as 2027-03-14."),
        },
    )

    def clean_until(self) -> dt.date:
        """A day to come, within a year."""
        until: dt.date = self.cleaned_data["until"]
        if not clock.today() < until <= clock.today() + LONGEST_BREAK:
            raise forms.ValidationError(gettext("Pick a day after today, within a year."))
        return until
