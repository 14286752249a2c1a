"""What a group's lead says about studies."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import Form
from research.actions.hosting import MOST_AT_ONCE
from research.forms.setting_up import PICK, area, day, line


class AnswerForm(Form):
    """A word to the team beside a yes, a no, or taking a yes back."""

    note = area(_("A word to the team"), _("The team of the study reads it."), rows=2, most=500)


class WishForm(Form):
    """How many studies are enough."""

    at_most = forms.TypedChoiceField(
        label=_("How many studies at once?"),
        choices=[(nth, nth) for nth in range(MOST_AT_ONCE + 1)],
        coerce=int,
        error_messages=PICK | {"required": _("Pick one.")},
    )
    none_until = day(_("No studies until"), _("Leave it empty if studies may ask now."))

    def clean_none_until(self) -> dt.date | None:
        """A day to come, and not for ever."""
        found: dt.date | None = self.cleaned_data["none_until"]
        if found and not clock.today() < found <= clock.today() + dt.timedelta(days=730):
            raise forms.ValidationError(_("Pick a day within the next two years."))
        return found


class OutsideForm(Form):
    """A study by others, elsewhere."""

    title = line(
        _("What is it called?"), _("A study outside Kith that people here were asked to join."), most=120
    )
    begins_on = day(_("First day"))
    ends_on = day(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Fill this in.")

    def clean(self) -> dict[str, Any]:
        """Days come in order."""
        found = super().clean() or {}
        first, last = found.get("begins_on"), found.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("This last day is before the first day. One of them is wrong."))
        return found


class NumberForm(Form):
    """The number of a study that a hidden group lets ask."""

    sid = forms.CharField(
        label=_("The number of the study"),
        help_text=_("Its team gave it to you. This group is hidden, so it cannot find you."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the number."), "max_length": _("That is longer than a number.")},
    )
