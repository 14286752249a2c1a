"""The safety log."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import Form
from research.enums import Related, Severity
from research.forms.setting_up import area, day, pick

MISSING = {"required": _("Pick one.")}


class NoteForm(Form):
    """Something bad that happened."""

    happened_on = day(_("When was it?"))
    severity = pick(_("How bad was it?"), Severity.choices)
    related = pick(_("Did the study have a part in it?"), Related.choices)
    told = area(
        _("What happened?"),
        _("Name nobody. It is sealed; analysts never see it."), rows=4, most=4000,
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they come
        for name in self.fields:
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = _("Fill this in.")

    def clean_happened_on(self) -> dt.date:
        """Not a day to come."""
        found: dt.date = self.cleaned_data["happened_on"]
        if found > clock.today():
            raise forms.ValidationError(_("That day is still to come."))
        return found


class AnewForm(Form):
    """What happened, in other words."""

    what = area(
        _("What happened?"), _("Name nobody. The words that stand here now are gone then."), rows=4, most=4000
    )  # fmt: skip


class HandledForm(Form):
    """What was done about it."""

    done = area(_("What was done?"), rows=2, most=2000)
