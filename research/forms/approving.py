"""Fixing a version, and the steps of a study after it."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from research.forms.setting_up import area


class ApproveForm(Form):
    """What changed, and whether people are asked again. The first version has nothing to say of it."""

    note = area(
        _("What changed?"), _("Groups and people who take part read this."), rows=2, most=500
    )  # fmt: skip
    material = forms.BooleanField(
        label=_("This matters to people who said yes: ask them again"),
        help_text=_("Some changes always do, such as new data or a new use of it."),
        required=False,
    )


class GoOnForm(Form):
    """Why a paused study can go on."""

    why = area(
        _("Why can it go on?"),
        _("Name nobody. It is sealed beside the safety log; analysts never see it."),
        rows=2,
        most=500,
    )
