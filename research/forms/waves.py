"""One page of questions. None of them has to be answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import text as texts
from core.forms import Form
from research.instruments import Question
from research.selectors.waves import Given, Step

MOST_WORDS = 2_000
FEW = 7  # choices: more of them are a list to open
OPEN = "-"  # no choice yet, not even that it is skipped
NOT_THERE = _("Pick one of these, or skip it.")


class QuestionsForm(Form):
    """The questions of one step, with what was answered before. `given` is what came of it."""

    def __init__(self, data: Any = None, *, step: Step, language: str, before: Mapping[str, Given]) -> None:
        super().__init__(data, prefix="q")
        self.step, self.words = step, step.definition.words(language)
        for question in step.questions:
            is_open = question.code not in before or self.data.get(self.add_prefix(question.code)) == OPEN
            field = self._written(question) if question.is_text else self._chosen(question, is_open)
            field.initial = before.get(question.code, OPEN if not question.is_text else "")
            self.fields[question.code] = field

    @property
    def given(self) -> dict[str, Given]:
        """Each question that this page says something to, with a choice, with words, or with None: skipped."""
        return {one.code: self.cleaned_data[one.code] or None if one.is_text else self.cleaned_data[one.code]
                for one in self.step.questions if self._is_said(one.code)}  # fmt: skip

    def _is_said(self, code: str) -> bool:
        """Whether something was picked or changed since the page was made: else what another tab kept since stays."""
        field = self[code]
        now, first = self.data.get(field.html_name), self.data.get(field.html_initial_name)
        return now not in {None, OPEN} and (first is None or first != now)

    def _chosen(self, question: Question, is_open: bool) -> forms.Field:
        labels = self.words["options"][question.options]
        pick = [(str(value), label) for value, label in zip(question.values, labels, strict=True)]
        skip = ("", _("Skip this one"))
        is_long = len(pick) > FEW
        # A list to open always shows one of its lines: so what is open needs a line of its own, or it looks skipped.
        not_yet = [(OPEN, _("Not answered yet"))] if is_open else []
        field = forms.TypedChoiceField(
            label=self.words["items"][question.code],
            choices=[*not_yet, skip, *pick] if is_long else [*pick, skip],
            widget=forms.Select if is_long else forms.RadioSelect,
            required=False,
            show_hidden_initial=is_long,
            coerce=int,
            empty_value=None,
            error_messages={"invalid_choice": NOT_THERE},
        )
        field.empty_values = [*field.empty_values, OPEN]  # also from a tab made before another one answered
        return field

    def _written(self, question: Question) -> forms.Field:
        return _Words(
            label=self.words["items"][question.code],
            help_text=_("Please name nobody. The study team reads this later, not now."),
            max_length=MOST_WORDS,
            required=False,
            show_hidden_initial=True,
            widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "autocomplete": "off"}),
        )


class _Words(forms.CharField):
    def clean(self, value: Any) -> str:
        return texts.tidy(super().clean(value))
