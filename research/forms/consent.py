"""Forms of somebody who thinks about a study, or is in one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from research.consent_text import items_of
from research.enums import Scope

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
STAGES = ("about", "items", "checks", "sure")


class ConsentForm(Form):
    """One question for each item, none of them answered for you, and the two to check that it was clear. All of it
    travels in the page, and sealed in its address (`so_far.py`), until the last press: who turns back left nothing."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    stage = forms.ChoiceField(choices=[(stage, stage) for stage in STAGES], widget=forms.HiddenInput)

    def __init__(self, *args: Any, document: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document
        at = self.data.get("stage") if self.is_bound else "about"
        self.at = at if at in STAGES else "about"
        for code, text in items_of(document).items():
            missing = _("Choose one. Both are fine.")
            self.fields[code] = self._choice(text, YES_NO, missing, is_asked=self._past("items"))
        for nth, check in enumerate(document["checks"]):
            options = [(str(place), option) for place, option in enumerate(check["options"])]
            self.fields[f"check_{nth}"] = self._choice(
                check["question"], options, _("Choose one."), is_asked=self._past("checks")
            )

    def _past(self, stage: str) -> bool:
        return STAGES.index(self.at) >= STAGES.index(stage)

    def _choice(self, label: str, choices: Any, missing: Any, *, is_asked: bool) -> forms.ChoiceField:
        return forms.ChoiceField(
            label=label,
            choices=choices,
            widget=forms.RadioSelect,
            required=is_asked,
            error_messages={"required": missing},
        )

    @property
    def questions(self) -> list[str]:
        """The names of all that is asked, in order."""
        return [*items_of(self.document), *(f"check_{nth}" for nth in range(len(self.document["checks"])))]

    @property
    def wrong(self) -> list[str]:
        """Of these, what is missing or no answer."""
        return [name for name in self.questions if name in self.errors]

    @property
    def at_fault(self) -> str:
        """The first page with something that is missing; the first of all where no page of ours sent it."""
        if not self.wrong or {"version", "stage"} & set(self.errors):
            return STAGES[0]
        return "checks" if self.wrong[0].startswith("check_") else "items"

    @property
    def chosen(self) -> dict[str, bool]:
        """The same as far as it is chosen by now: what was not is no yes."""
        return {code: self.data.get(code) == "yes" for code in self.document["items"]}

    @property
    def said(self) -> dict[str, bool]:
        """Item → yes or no."""
        return {code: self.cleaned_data[code] == "yes" for code in self.document["items"]}

    @property
    def corrections(self) -> list[tuple[str, str, str]]:
        """Of each check that was answered the other way: what was asked, what was said, and what is so."""
        given = {
            nth: self.cleaned_data.get(f"check_{nth}", "") for nth in range(len(self.document["checks"]))
        }
        return [
            (check["question"], check["options"][int(given[nth])], check["because"])
            for nth, check in enumerate(self.document["checks"])
            if given[nth] and given[nth] != str(check["right"])
        ]


class LeaveForm(Form):
    """How somebody leaves a study; whoever left it before can have what they gave deleted, and nothing else."""

    scope = forms.ChoiceField(
        label=_("How would you like to leave?"),
        choices=[
            (Scope.STOP, _("Stop. What you gave so far may be used.")),
            (Scope.EXCLUDE, _("Stop, and do not use what I gave.")),
            (Scope.DELETE, _("Stop, and delete what I gave.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one. You need no reason.")},
    )
    together = forms.BooleanField(
        label=_("If all is deleted: take the words of all my names in the room away now."), required=False,
        help_text=_("Others may see then that both are you."),
    )  # fmt: skip

    def __init__(self, *args: Any, names_in_room: int, takes_part: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not takes_part:
            self.fields["scope"] = forms.ChoiceField(
                label=_("Have it deleted?"),
                choices=[(Scope.DELETE, _("Delete what I gave."))],
                widget=forms.RadioSelect,
                error_messages={
                    "required": _("Press the button, or go back."),
                    "invalid_choice": _("You have left already. You can still have it deleted, or go back."),
                },
            )
        if names_in_room < 2:
            del self.fields["together"]
