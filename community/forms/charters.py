"""Writing a new version of the group promise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from community.models import Charter
from community.starter import CharterText, RuleText
from core import ids, text
from core.forms import Form

MAX_RULES = 12


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class PromiseForm(Form):
    """All of the promise but its lines."""

    base_version = forms.IntegerField(widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("What this group is for"), max_length=1500, widget=_area(3))
    what_it_is_not = forms.CharField(
        label=_("What it is not"), help_text=_("One on each line."), max_length=1500, widget=_area(4)
    )
    who_can_see = forms.CharField(label=_("Who can see what"), max_length=1500, widget=_area(3))
    third_party_privacy = forms.CharField(label=_("About other people"), max_length=1500, widget=_area(3))
    easy_read = forms.CharField(
        label=_("The easy-read version"),
        help_text=_("Very short sentences. One thought in each."),
        max_length=1500,
        required=False,
        widget=_area(4),
    )

    def charter_text(self, rules: list[RuleText]) -> CharterText:
        """What was written, with its lines."""
        words = {name: text.tidy(self.cleaned_data[name]) for name in self.fields if name != "base_version"}
        lines = [line.strip() for line in words.pop("what_it_is_not").splitlines() if line.strip()]
        return CharterText(**words, what_it_is_not=lines, rules=rules)


class RuleForm(Form):
    """One line of the promise. Its code stays with it when the words change."""

    code = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What we promise"), max_length=500, widget=_area(2))
    example = forms.CharField(label=_("An example"), max_length=500, required=False, widget=_area(2))
    consequence = forms.CharField(
        label=_("What happens if not"), max_length=500, required=False, widget=_area(2)
    )

    def rule(self) -> RuleText:
        """What was written. A new line gets a code of its own."""
        words = {name: text.tidy(self.cleaned_data[name]) for name in ("text", "example", "consequence")}
        return RuleText(code=self.cleaned_data["code"] or ids.new_public_id(), **words)


_Rules = formset_factory(
    RuleForm, extra=1, can_delete=True, max_num=MAX_RULES, validate_max=True, min_num=1, validate_min=True
)


def rules_formset(data: Any = None, *, charter: Charter | None = None) -> BaseFormSet[RuleForm]:
    """The lines, with an empty one at the end."""
    if data is not None or charter is None:
        return _Rules(data)
    return _Rules(
        initial=[
            {"code": rule.code, "text": rule.text, "example": rule.example, "consequence": rule.consequence}
            for rule in charter.rules_in_order
        ]
    )


def rules_from(formset: BaseFormSet[RuleForm]) -> list[RuleText]:
    """The lines that were filled in and not taken out."""
    return [
        form.rule()
        for form in formset.forms
        if form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE")
    ]


def promise_form(data: Any = None, *, charter: Charter | None = None) -> PromiseForm:
    """The form, filled from the version in force."""
    if data is not None or charter is None:
        return PromiseForm(data)
    return PromiseForm(
        initial={
            "base_version": charter.version,
            "purpose": charter.purpose,
            "what_it_is_not": "\n".join(charter.what_it_is_not),
            "who_can_see": charter.who_can_see,
            "third_party_privacy": charter.third_party_privacy,
            "easy_read": charter.easy_read,
        }
    )
