"""Who can see what: for each kind of detail what one noted, who sees it here, and how exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.enums import Audience, Eyes
from community.fact_kinds import LONGEST_TEXT, Kind, Step, Tree, Year
from community.selectors.disclosures import NO_NEW_WORDS, Detail, is_writing
from core import text
from core.forms import Form, too_long

KEPT = "as-it-is"  # the level of a detail that shows what one had noted before


class WhoForm(Form):
    """What one noted, and what a group sees of it. Nothing is stored before it is saved.

    `noted` is what lies in the private world, `stored` what the group sees now. Where the two have come apart, the
    group goes on seeing what it sees until its member says otherwise. `topic` is the name of the group.
    """

    eyes = forms.ChoiceField(label=_("See it as"), choices=Eyes.choices, required=False, initial=Eyes.MEMBER)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kinds: Mapping[str, Kind],
        noted: Mapping[str, str],
        stored: Mapping[str, Detail],
        names_the_account: Callable[[str], bool],
        may_write: bool,
        topic: str = "",
    ) -> None:
        super().__init__(dict(data) if data is not None else None)
        self.kinds, self.noted, self.stored = kinds, noted, stored
        self.names_the_account, self.may_write = names_the_account, may_write
        for code, kind in kinds.items():
            self.fields[f"value-{code}"] = _value_field(kind, topic=topic)
            self.fields[f"who-{code}"] = forms.ChoiceField(
                label=_("Who sees it here?"),
                choices=Audience.choices,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"level-{code}"] = forms.CharField(
                label=_("How exactly?"), widget=forms.Select(choices=self._exactness(code)), required=False
            )
            self.initial[f"value-{code}"] = noted.get(code, "")
            self.initial[f"who-{code}"] = self.audience(code).value
            self.initial[f"level-{code}"] = self.level(code)
            if self.is_bound:  # drawn as it is meant, also where a new answer has no such level
                self.data = {
                    **self.data,
                    f"level-{code}": self.level(code),
                    f"who-{code}": self.audience(code).value,
                }

    def emptied(self) -> WhoForm:
        """The same page with no answer in it."""
        return WhoForm(
            {f"value-{code}": "" for code in self.kinds},
            kinds=self.kinds,
            noted=self.noted,
            stored=self.stored,
            names_the_account=self.names_the_account,
            may_write=self.may_write,
        )

    # --- what is picked right now, sent or not -----------------------------------------------------------------
    def picked(self, field: str, code: str, otherwise: str) -> str:
        """What stands in a field of a kind."""
        return str(self.data.get(f"{field}-{code}", otherwise)) if self.is_bound else otherwise

    def value(self, code: str) -> str:
        """What one noted, or is about to note."""
        return text.tidy(self.picked("value", code, self.noted.get(code, "")))

    def steps(self, code: str) -> list[Step]:
        """The noted value at each level, rough to exact."""
        return self.kinds[code].steps(self.value(code))

    def audience(self, code: str) -> Audience:
        """Who is to see it."""
        now = self.stored[code].audience if code in self.stored else Audience.ONLY_ME
        picked = self.picked("who", code, now)
        return Audience(picked) if picked in Audience else now

    def level(self, code: str) -> str:
        """How exactly. One step less than exact, unless somebody says so; no finer than what was noted."""
        steps = self.steps(code)
        now = KEPT if self.is_behind(code) else self.stored[code].level if code in self.stored else ""
        picked = self.picked("level", code, now) or now
        if picked == KEPT and self.is_behind(code):
            return KEPT
        levels = self.kinds[code].levels
        if picked not in levels:
            return steps[-2:][0].level if steps else ""
        fit = [step.level for step in steps if levels.index(step.level) <= levels.index(picked)]
        return fit[-1] if fit else ""

    def is_behind(self, code: str) -> bool:
        """Whether the group sees something that one has noted otherwise since, and not just now."""
        if code not in self.stored or self.value(code) != self.noted.get(code, ""):
            return False
        return self.stored[code].path not in [step.path for step in self.steps(code)]

    def is_unclear(self, code: str) -> bool:
        """Whether an answer that was just given says nothing that the kind knows."""
        answer = self.value(code)
        return bool(answer) and answer != self.noted.get(code, "") and not self.steps(code)

    def details(self) -> list[Detail]:
        """What would be seen, if it were saved as it is picked."""
        found = [self._detail(code) for code in self.kinds]
        return [one for one in found if one is not None]

    def seen_as(self) -> Eyes:
        """As whom one looks."""
        picked = self.data.get("eyes", Eyes.MEMBER) if self.is_bound else Eyes.MEMBER
        return Eyes(picked) if picked in Eyes else Eyes.MEMBER

    def nearest(self, code: str) -> Detail | None:
        """What a group that is behind would see of the new value: as exactly as it sees the old one, at most."""
        step = next(iter(self._no_finer(code, self.stored[code].level)), None)
        if step is None:
            return None
        return Detail(kind=code, level=step.level, audience=self.stored[code].audience, path=step.path)

    def answers(self) -> dict[str, str]:
        """What is to be noted, by kind; empty where nothing is."""
        return {code: self.value(code) for code in self.kinds}

    # --- checks -------------------------------------------------------------------------------------------------
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code, kind in self.kinds.items():
            value, field = self.value(code), f"value-{code}"
            if value and field not in self.errors and not self.steps(code):
                self.add_error(field, _why_not(kind, value))
            elif not kind.is_counted and self.names_the_account(value):
                self.add_error(
                    field, _about(kind, gettext("That holds your sign-in name. Please leave it out."))
                )
        for one in () if self.may_write else self.details():
            if is_writing(one, before=self.stored.get(one.kind)):
                self.add_error(f"value-{one.kind}", _about(self.kinds[one.kind], gettext(NO_NEW_WORDS)))
        return cleaned

    def _detail(self, code: str) -> Detail | None:
        audience, level = self.audience(code), self.level(code)
        if audience == Audience.ONLY_ME:
            return None
        if level == KEPT:
            old = self.stored[code]
            return Detail(kind=code, level=old.level, audience=audience, path=old.path)
        step = next((step for step in self.steps(code) if step.level == level), None)
        return Detail(kind=code, level=level, audience=audience, path=step.path) if step else None

    def _no_finer(self, code: str, level: str) -> list[Step]:
        levels = self.kinds[code].levels
        fit = [step for step in self.steps(code) if levels.index(step.level) <= levels.index(level)]
        return fit[::-1]

    def _exactness(self, code: str) -> list[tuple[str, str]]:
        choices = [(step.level, step.words) for step in reversed(self.steps(code))]
        if self.is_behind(code):
            old = self.kinds[code].words(self.stored[code].path)
            choices.insert(0, (KEPT, gettext("What people see now: %(words)s") % {"words": old}))
        return choices


def _value_field(kind: Kind, *, topic: str) -> forms.Field:
    shared: dict[str, Any] = {
        "label": kind.asks or _("Your answer"),
        "help_text": kind.hint,
        "required": False,
    }
    if isinstance(kind, Tree):
        return forms.ChoiceField(choices=[("", _("Nothing noted")), *_grouped(kind, topic=topic)], **shared)
    if isinstance(kind, Year):
        attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "year"}
        return forms.CharField(widget=forms.TextInput(attrs=attrs), **shared)
    box = forms.Textarea(attrs={"rows": 2, "dir": "auto", "autocomplete": "off"})
    return forms.CharField(widget=box, max_length=LONGEST_TEXT, **shared | {"label": kind.asks or kind.name})


def _grouped(kind: Tree, *, topic: str) -> list[Any]:
    """The values as a list of groups: a rough value with what lies below it, or alone. First what the group is named
    for: nobody has to scroll past conditions that are not theirs."""
    tops = [value for value in kind.values if "/" not in value]
    named_for = [value.partition("/")[0] for value in kind.named_in(topic)]
    choices: list[Any] = []
    for top in sorted(tops, key=lambda top: top not in named_for):
        inside = [
            (value, words)
            for value, words in kind.values.items()
            if value == top or value.startswith(f"{top}/")
        ]
        choices += [(kind.values[top], inside)] if len(inside) > 1 else inside
    return choices


def _why_not(kind: Kind, value: str) -> str:
    if isinstance(kind, Year):
        return _about(kind, gettext("Write a year with four numbers, such as 1988."))
    return too_long(field=kind.name, most=LONGEST_TEXT, has=len(value))


def _about(kind: Kind, problem: str) -> str:
    """Which answer it is about: on top of the page several can stand below each other."""
    return gettext("%(kind)s: %(problem)s") % {"kind": kind.name, "problem": problem}
