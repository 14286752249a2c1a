"""Choosing how names work here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import Asking, OneThread, Times, WhatMatters
from community.name_settings import Setting, settings
from community.selectors.names import Line, Policy
from core.forms import Form

_KIND = "kind_"


def _choices(setting: Setting) -> list[tuple[str, str]]:
    return [(choice.value, f"{choice.title}. {choice.says}") for choice in setting.choices]


class NamesForm(Form):
    """A field for each setting, and one for each kind of fact (key → what it is called)."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("What you call these settings"),
        help_text=_("Members see it, such as: Extra careful."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
        error_messages={"required": _("Give the settings a name.")},
    )

    def __init__(self, *args: Any, kinds: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for setting in settings().values():
            if setting.key != "fact_kinds":
                self.fields[setting.key] = self._field(setting, setting.title)
        for kind, called in kinds.items():
            self.fields[_KIND + kind] = self._field(settings()["fact_kinds"], called)

    @staticmethod
    def _field(setting: Setting, label: str) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=_choices(setting),
            widget=forms.RadioSelect,
            error_messages={"required": _("Pick one."), "invalid_choice": _("Pick one of these.")},
        )

    def policy(self) -> Policy:
        """What was chosen."""
        given = self.cleaned_data
        return Policy(
            one_thread=OneThread(given["one_thread"]),
            fact_kinds={kind: Asking(given[_KIND + kind]) for kind in self.kinds},
            what_matters=WhatMatters(given["what_matters"]),
            times=Times(given["times"]),
            rhythm=given["rhythm"] == "yes",
        )


def names_form(*, version: int, name: str, lines: list[Line], kinds: Mapping[str, str]) -> NamesForm:
    """The form, filled from the version in force."""
    keys = {called: kind for kind, called in kinds.items()}
    initial = {
        _KIND + keys[line.about] if line.about else line.setting.key: line.choice.value for line in lines
    }
    return NamesForm(initial=initial | {"base_version": version, "name": name}, kinds=kinds)
