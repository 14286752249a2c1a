"""Deciding, and answering somebody who asked for another look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.registries.subjects import Where
from moderation.actions.appeals import Answer
from moderation.actions.decisions import Ruling
from moderation.acts import FOR_SEVERAL, KINDS, MAX_DAYS
from moderation.enums import Act, Outcome, Scope

LONGEST = 2000
Rules = Sequence[tuple[str, str]]  # code, text


def _says(act: Act) -> str:
    days = KINDS[act].days
    if days is None:
        return str(act.label)
    usual = ngettext("usually %(n)s day", "usually %(n)s days", days) % {"n": days}
    return f"{act.label} ({usual})"


CARE = (Act.NOTHING, Act.NOTE, Act.HEADS_UP)  # what comes first where somebody worries about a person


class Acts(NamedTuple):
    """What to pick from: the usual, and what stands behind a line until it is needed."""

    first: list[forms.boundfield.BoundWidget]
    rest: list[forms.boundfield.BoundWidget]
    is_open: bool


class RulingForm(Form):
    """What is to be done, and why. What a ruling lacks, the action says."""

    fence = forms.IntegerField(widget=forms.HiddenInput)
    suggested = forms.CharField(required=False, max_length=LONGEST, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    act = forms.ChoiceField(
        label=_("What shall happen? The mildest comes first."), widget=forms.RadioSelect,
        error_messages={"required": _("Pick what shall happen."), "invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    rule = forms.ChoiceField(
        label=_("Which line of the promise is it about?"), required=False, widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("The promise has changed. Pick a line again.")},
    )  # fmt: skip
    facts = forms.CharField(
        label=_("What happened, in a sentence or two"), help_text=_("They will read it. Name nobody."),
        required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )  # fmt: skip
    days = forms.IntegerField(
        label=_("For how many days?"), help_text=_("Only for what has an end. Empty means the usual time."),
        required=False, min_value=1, max_value=MAX_DAYS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            name: _("Say for how many days: 1 to 365.") for name in ("invalid", "min_value", "max_value")
        },
    )  # fmt: skip
    reach = forms.ChoiceField(label=_("Where does it hold?"), required=False)
    also = forms.MultipleChoiceField(
        label=_("Does it hold for others, too?"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each gets a note of their own, about what they wrote nearest to it. What is not yours to decide waits."
        ),
        error_messages={"invalid_choice": _("What they wrote has changed. Look again.")},
    )  # fmt: skip
    heads_up = forms.ChoiceField(label=_("What should a heads-up say?"), required=False)
    unfounded = forms.BooleanField(
        label=_("It should not have been folded. Whoever did cannot fold for 30 days."), required=False
    )
    message = forms.CharField(
        label=_("What you tell them"), required=False, max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )  # fmt: skip

    def __init__(
        self, *args: Any, acts: Sequence[Act], rules: Rules, heads_ups: Sequence[str], is_worry: bool = False,
        is_folded: bool = False, is_once: bool = False, where: Where | None = None, others: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.is_worry = is_worry
        self._reaches(where, is_once=is_once)
        self._choices("also", [(letter, letter) for letter in others])
        if not others:
            del self.fields["also"]
        self._choices("act", [(act.value, _says(act)) for act in acts])
        self._choices("rule", rules)
        self._choices("heads_up", [("", "—"), *((one, one) for one in heads_ups)])
        if not heads_ups:
            del self.fields["heads_up"]
        if not is_folded:
            del self.fields["unfounded"]

    def _reaches(self, where: Where | None, *, is_once: bool) -> None:
        """The usual reach first: a place that nobody outside sees keeps its limits to itself."""
        found: list[tuple[str, str]] = [(Scope.GROUP, gettext("In the whole group"))]
        if where:
            found.append((Scope.THREAD, gettext("Only in %(place)s") % {"place": where.words}))
        found = found[::-1] if where and where.is_apart else found
        self._choices("reach", found)
        self.usual_reach = Scope(found[0][0])
        self.fields["reach"].initial = self.usual_reach
        if where and is_once:
            self.fields["reach"].help_text = _(
                "In the whole group it holds for all their names. Others may notice who falls silent there."
            )

    def _choices(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    @property
    def parts(self) -> Acts:
        """Acts in two parts: on a message before limits for a person; in a worry, care before all else."""
        usual = CARE if self.is_worry else [act for act in Act if not KINDS[act].is_on_person]
        first: list[forms.boundfield.BoundWidget] = []
        rest: list[forms.boundfield.BoundWidget] = []
        for one in self["act"]:
            (first if one.data["value"] in usual else rest).append(one)
        return Acts(first, rest, any(one.data["selected"] for one in rest))

    def ruling(self) -> Ruling:
        """What was chosen, with the usual reach and time where nothing else was."""
        given = self.cleaned_data
        act = Act(given["act"])
        kind = KINDS[act]
        asked = Scope(given.get("reach") or self.usual_reach)
        return Ruling(
            act=act,
            scope=asked if asked in kind.scopes else kind.scopes[0],
            days=(given["days"] or self.usual(kind.days)) if kind.days else None,
            rule_code=given["rule"],
            facts=given["facts"],
            message=given["message"],
            heads_up=given.get("heads_up", ""),
            unfounded=given.get("unfounded", False),
            seen=given["seen"],
            also=tuple(given.get("also", ())) if act in FOR_SEVERAL else (),
        )

    def usual(self, days: int) -> int:
        """For how many days, where nothing is typed."""
        return days


class AnswerForm(RulingForm):
    """Another look: keep, change or undo, and what the person is told."""

    outcome = forms.ChoiceField(
        label=_("What do you find?"), choices=Outcome.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Pick what you find."), "invalid_choice": _("Pick one of these.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("Your answer, with your reasons"), help_text=_("They will read it."), max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        error_messages={"required": _("Write what you found, for them to read.")},
    )  # fmt: skip

    def __init__(self, *args: Any, reach: Scope, at_most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.before, self.at_most = reach, at_most
        self.fields["act"].required = False
        self.fields["act"].label = _("If you change it: what instead?")
        del self.fields["reach"]

    def usual(self, days: int) -> int:
        """Never longer than is left of it."""
        return min(days, self.at_most or days)

    def clean(self) -> dict[str, Any]:
        """A change says what comes instead."""
        given = super().clean() or self.cleaned_data
        given["reach"] = self.before  # it reaches as far as before, or less
        if given.get("outcome") == Outcome.CHANGE and not given.get("act") and "act" not in self.errors:
            self.add_error("act", _("Pick what is to be done instead."))
        return given

    def answer(self, *, message: str = "") -> Answer:
        """What was found. `message`: what the person is told about what comes instead."""
        outcome = Outcome(self.cleaned_data["outcome"])
        if outcome != Outcome.CHANGE:
            return Answer(outcome=outcome, words=self.cleaned_data["text"])
        self.cleaned_data["message"] = message
        return Answer(outcome=outcome, words=self.cleaned_data["text"], instead=self.ruling())


class SeenForm(Form):
    """The decision that stood on the page, by its public id: no other is meant."""

    decision = forms.SlugField(max_length=20, widget=forms.HiddenInput)


class UndoForm(SeenForm):
    """Taking a decision back."""

    because = forms.CharField(
        label=_("Why?"), help_text=_("One sentence. It goes on the record."), max_length=300,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={"required": _("Say why, in a sentence: it is on the record.")},
    )  # fmt: skip
