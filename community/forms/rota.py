"""Forms of the rota."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.enums import Away
from core.forms import Form

ME = "me"
LONG = 12 * 60  # minutes: more is asked again


class DutyAddressForm(Form):
    """Where somebody of the team gets a mail in their hours."""

    address = forms.EmailField(
        label=_("A mail address for this alone"),
        help_text=_(
            "Best one that is not tied to your name. It stays with your hours, and not with your account."
        ),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write a mail address, or leave it empty.")},
    )


class ShiftForm(Form):
    """One weekly shift. A lead may also say whose."""

    persona = forms.ChoiceField(
        label=_("Whose hours?"),
        error_messages={
            "required": _("Pick a name from the list."),
            "invalid_choice": _("Pick a name from the list."),
        },
    )
    weekday = forms.TypedChoiceField(
        label=_("Day"), coerce=int, error_messages={
            "required": _("Pick a day."), "invalid_choice": _("Pick a day from the list.")
        },
    )  # fmt: skip
    starts = forms.TimeField(
        label=_("From"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Write when you start, like 18:00."),
            "invalid": _("Write a time like 18:00."),
        },
    )
    ends = forms.TimeField(
        label=_("To"),
        help_text=_("After midnight is fine. Then it ends the next day."),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={
            "required": _("Write when you stop, like 22:00."),
            "invalid": _("Write a time like 22:00."),
        },
    )
    sure = forms.BooleanField(label=_("Yes, the times are right."), required=False)

    def __init__(self, *args: Any, names: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        weekday, persona = self.fields["weekday"], self.fields["persona"]
        assert isinstance(weekday, forms.ChoiceField)
        assert isinstance(persona, forms.ChoiceField)
        weekday.choices = [(str(day), name) for day, name in WEEKDAYS.items()]
        persona.choices = [(ME, _("Mine")), *names]
        if not names:
            del self.fields["persona"]
        self._sure = self.fields.pop("sure")  # asked for only where the times look like a slip

    def clean_persona(self) -> str:
        """The public id of somebody else's persona, or nothing for oneself."""
        chosen: str = self.cleaned_data["persona"]
        return "" if chosen == ME else chosen

    def clean(self) -> dict[str, Any]:
        """A shift has two different times, and more than twelve hours are asked about once."""
        cleaned = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts is None or ends is None:
            return cleaned
        minutes = ((ends.hour - starts.hour) * 60 + ends.minute - starts.minute) % (24 * 60)
        if not minutes:
            self.add_error("ends", _("The two times are the same. Write when you stop."))
        elif minutes > LONG:
            self.fields["sure"] = self._sure
            if self.add_prefix("sure") not in self.data:
                hours = gettext(
                    "That is more than 12 hours. Is it right? Then tick below, or change the times."
                )
                self.add_error("sure", hours)
        return cleaned


class OffDutyForm(Form):
    """For how long somebody is off duty."""

    choice = forms.ChoiceField(
        label=_("How long are you off duty?"),
        choices=Away.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pick one of these."), "invalid_choice": _("Pick one of these.")},
    )

    def __init__(self, *args: Any, has_shift: bool, morning: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField)
        until = gettext("Until %(day)s, 6 in the morning") % {"day": WEEKDAYS[morning.weekday()]}
        choice.widget.choices = [  # a page left open since the shift may still ask for the rest of it
            (value, until if value == Away.MORNING else label)
            for value, label in Away.choices
            if has_shift or value != Away.SHIFT
        ]
