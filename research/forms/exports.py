"""Asking for a file, and reading the messages in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from research.enums import ExportTier, Item
from research.forms.setting_up import line


class AskForm(Form):
    """Which file. What the study does not ask people for is not offered."""

    tier = forms.ChoiceField(
        label=_("Who is it for?"), widget=forms.RadioSelect, initial=ExportTier.T0,
        choices=[
            (ExportTier.T0, _("The study's own team")), (ExportTier.T1, _("Someone outside, by name: made less exact")),
            (ExportTier.T3, _("Anyone: totals of rounds that are over for everyone")),
        ],
        error_messages={"required": _("Pick one."), "invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    last_round = forms.TypedChoiceField(
        label=_("Answers"), coerce=int, widget=forms.RadioSelect,
        help_text=_("Only people for whom these rounds are over. Others come into a later file."),
        error_messages={"invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    messages = forms.BooleanField(
        label=_("Messages"), required=False,
        help_text=_("You read each one before it goes. Names and numbers are taken out first."),
    )  # fmt: skip
    once = forms.BooleanField(
        label=_("Messages under one-thread names"), required=False,
        help_text=_("Once the study is over, where ten who said yes wrote so, and ten others wrote. If one of them "
                    "then takes it back, all of that group's go."),
    )  # fmt: skip
    activity = forms.BooleanField(label=_("How often people write"), required=False)
    quotes = forms.BooleanField(label=_("Quotes that were said yes to"), required=False)
    recipient = forms.ChoiceField(
        label=_("Whose hands does it go into?"), required=False, widget=forms.RadioSelect,
        help_text=_("Only for a file for someone outside. The approved protocol names who that may be."),
        error_messages={"invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    agreement = line(
        _("Which agreement covers that?"), _("Only for a file for someone outside. Its number or name.")
    )

    def __init__(
        self, data: Any = None, *, items: set[str], rounds: int, outside: Sequence[str], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        none, upto = _("None"), _("Up to round %(n)s")
        numbers = [(str(nth), upto % {"n": nth}) for nth in range(1, rounds + 1)]
        self.fields["last_round"].choices = [("0", none), *numbers]  # type: ignore[attr-defined]  # a choice field
        self.fields["last_round"].initial = str(min(1, rounds))
        self.fields["recipient"].choices = [(name, name) for name in outside]  # type: ignore[attr-defined]  # a choice field
        if not outside:
            tiers = self.fields["tier"]
            tiers.choices = [one for one in tiers.choices if one[0] != ExportTier.T1]  # type: ignore[attr-defined]  # a choice field
            del self.fields["recipient"], self.fields["agreement"]
        offered = {
            "messages": Item.POSTS,
            "once": Item.ALIAS_POSTS,
            "activity": Item.ACTIVITY,
            "quotes": Item.QUOTES,
        }
        for name, item in offered.items():
            if item not in items:
                del self.fields[name]
