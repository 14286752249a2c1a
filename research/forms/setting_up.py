"""The first two of six pages on which a study is set up, and what all six share: a draft may have gaps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from community.forms.words import Words
from core import clock
from core.forms import Form
from research import digests
from research.enums import LawfulBasis, SpecialBasis, StudyState
from research.policies import Desk

PICK = {"invalid_choice": _("Pick one of these."), "invalid_list": _("Pick from these.")}
NUMBER = {
    "invalid": _("Type a whole number."),
    "min_value": _("Type %(limit_value)s or more."),
    "max_value": _("Type %(limit_value)s or less."),
}


MOST_YEARS = 10  # since a board said yes: before that, somebody mistyped


def line(label: Any, help_text: Any = "", *, most: int = 200) -> Words:
    """One line of words."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"})
    return Words(
        label=label,
        help_text=help_text,
        max_length=most,
        required=False,
        widget=widget,
    )


def area(label: Any, help_text: Any = "", *, rows: int = 3, most: int = 2000) -> Words:
    """Some sentences."""
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return Words(
        label=label,
        help_text=help_text,
        max_length=most,
        required=False,
        widget=widget,
    )


def number(label: Any, help_text: Any = "", *, most: int, least: int = 0) -> forms.IntegerField:
    """A whole number."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        required=False,
        error_messages=NUMBER,
    )


def day(label: Any, help_text: Any = "") -> forms.DateField:
    """A day."""
    return forms.DateField(
        label=label, help_text=help_text, required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Type a day, like 2026-11-29.")},
    )  # fmt: skip


def pick(label: Any, choices: Any, help_text: Any = "") -> forms.ChoiceField:
    """One of several."""
    return forms.ChoiceField(
        label=label, help_text=help_text, choices=[(value, capfirst(title)) for value, title in choices],
        required=False, widget=forms.RadioSelect, error_messages=PICK,
    )  # fmt: skip


class Page(Form):
    """One page. `optional` are the fields that a study can do without; those whose names begin as `fixed` says are only
    shown once a version is fixed; `given` is what goes into the draft."""

    page: str
    optional: frozenset[str] = frozenset()
    fixed: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, desk: Desk, settings: Mapping[str, Any]) -> None:
        self.desk, self.settings = desk, settings
        self.is_fixed = desk.study.state != StudyState.DRAFT
        super().__init__(data, initial=self.initial_of(settings))

    def initial_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The fields filled from the settings."""
        return {name: settings[name] for name in self.base_fields if name in settings}

    def lock(self) -> None:
        """Show what stays for good once a version is fixed, and take nothing else for it."""
        for name, field in self.fields.items() if self.is_fixed else ():
            field.disabled = bool(self.fixed) and name.startswith(self.fixed)

    def clean(self) -> dict[str, Any]:
        """What stays for good is not sent otherwise, as by a page that was open before."""
        found = super().clean() or {}
        for name, field in self.fields.items():
            if field.disabled and name in self.data and self._is_other(name, field):
                self.add_error(
                    name,
                    _("“%(field)s” stays as it was approved. It was not saved.") % {"field": field.label},
                )
        return found

    def _is_other(self, name: str, field: forms.Field) -> bool:
        raw = field.widget.value_from_datadict(self.data, self.files, name)
        field.disabled, here = False, self.get_initial_for_field(field, name)
        is_other = field.has_changed(here, "\n".join(raw.splitlines()) if isinstance(raw, str) else raw)
        field.disabled = True
        return is_other

    def sent(self, name: str, among: Iterable[Any]) -> int:
        """How many of these rows were sent: what somebody typed stays, also where fewer are kept by now."""
        return max((nth for nth, row in enumerate(among, start=1) if f"{name}_{row}" in self.data), default=0)

    def words_of(self, name: str) -> str:
        """What stands in a field, in words."""
        field, value = self[name].field, self[name].value()
        if isinstance(field, forms.BooleanField):
            return str(_("yes") if value else _("no"))
        if isinstance(field, forms.ChoiceField):
            chosen = value if isinstance(value, list) else [value]
            choices: Any = field.choices
            called = {str(key): str(title) for key, title in choices}
            return ", ".join(called.get(str(one), str(one)) for one in chosen if one or one == "")
        return str(value) if value or value == 0 else ""

    def other_than(self, typed: Page) -> list[tuple[str, Any, str]]:
        """Where another form of this page was filled in otherwise: the field there, its label, and what stands here."""
        found = []
        for name, field in typed.fields.items():
            here = self.words_of(name) if name in self.fields else ""
            if here.splitlines() != typed.words_of(name).splitlines():
                found.append((name, field.label, here))
        return found

    def marks(self) -> str:
        """What each field is known by as it stands here: the page carries it, to see which ones somebody touched."""
        return " ".join(f"{name}:{self._mark(name)}" for name in self.fields)

    def _mark(self, name: str) -> str:
        said = sorted(self.words_of(name).replace(", ", "\n").splitlines())
        return digests.digest(said)[:12]

    def row_of(self, name: str) -> str:
        """What a field belongs to: fields of one row are kept or filled together."""
        return name

    def under(self, typed: Page, *, was: str) -> QueryDict:
        """What was sent by another form of this page, with what stands here in fields that it did not touch. `was`: the
        marks that it was opened with; without them, all of it is touched."""
        opened = dict(one.split(":", 1) for one in was.split() if ":" in one)
        data = QueryDict(mutable=True)
        data.update(typed.data)
        touched = {
            typed.row_of(name) for name in typed.fields
            if (opened.get(name) != typed._mark(name) if name in opened else not opened or name in data)
        }  # fmt: skip
        for name in [name for name in {**self.fields, **typed.fields} if typed.row_of(name) not in touched]:
            value = self[name].value() if name in self.fields else None
            if isinstance(value, list):
                data.setlist(name, value)
            elif name not in self.fields:
                data.pop(name, None)
            else:
                data[name] = "on" if value is True else "" if value is None else str(value)
        return data

    def given(self) -> dict[str, Any]:
        """The part of the draft that this page holds."""
        return {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.cleaned_data.items()
        }


class WhyForm(Page):
    """What the study is and why."""

    page = "research/set_up_why.html"
    optional = frozenset({"how_to_stop", "funding", "interests"})
    title = line(_("Full title"), _("As in the protocol."))
    plain_title = line(_("Title in plain words"), _("Members read this one."), most=80)
    question = area(_("What do you want to find out?"))
    why = area(_("Why is it done?"), _("For people who are asked: short and plain."))
    who = area(_("Who does it?"), _("The team and where it works, in plain words."))
    funding = area(
        _("Who pays for it?"), _("Each funder, with its number. Or say that nobody does. Members read it."), rows=2
    )  # fmt: skip
    interests = area(
        _("Does anyone on the team stand to gain from it?"),
        _("Money, a job, a product, a part in a group here. Or say that nobody does. Members read it."), rows=2,
    )  # fmt: skip
    reads = area(_("What do you read?"), _("Say it as you would to a friend."))
    never_gets = area(_("What do you never get?"))
    how_to_stop = area(
        _("How can someone stop?"),
        _("Leaving in two taps is built in, and told anyway. Add only what is special here."),
    )
    risks = area(
        _("What could be hard for people? What good may come of it?"),
        _("Be honest about both. Members read it."),
    )
    thanks = area(_("What do people get for it?"), _("Money, a voucher, or nothing."), rows=2)
    analysis = area(
        _("How will you look at the data?"), _("Fix it before you see any. This is for the board."), rows=4
    )
    purposes = area(_("What is the data used for?"), _("One use on each line. It is used for nothing else."))

    def initial_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Uses stand on lines."""
        return super().initial_of(settings) | {"purposes": "\n".join(settings["purposes"])}

    def given(self) -> dict[str, Any]:
        """Each line is one use."""
        lines = self.cleaned_data["purposes"].splitlines()
        return super().given() | {"purposes": [one.strip() for one in lines if one.strip()]}


class LawForm(Page):
    """Ethics and law: two things, each with fields of its own."""

    page = "research/set_up_law.html"
    optional = frozenset({"outside"})
    ethics_body = line(_("Which ethics board looked at it?"))
    ethics_ref = line(_("Its number for this study"))
    approved_on = day(_("Day of its yes"))
    expires_on = day(_("Last day for which that yes holds"), _("After it, nobody new can say yes."))
    lawful_basis = pick(_("Lawful basis"), LawfulBasis.choices)
    special_basis = pick(_("Basis for data about health and the like"), SpecialBasis.choices)
    controller = area(_("Who answers for the data?"), _("Name and address of the controller."), rows=2)
    officer = line(_("Data protection officer"), _("How to reach them. If there is none, say so."))
    contact = line(
        _("Whom can people ask about the study?"), _("A mail address or a phone number that is read.")
    )
    recipients = area(_("Who else gets data?"), _("Name them, or say that nobody does."), rows=2)
    outside = area(
        _("Who outside the team may get a file about single people?"),
        _(
            "One name on each line, also in your answer above. Leave it empty if nobody may. People read it first."
        ),
        rows=2,
    )
    transfers = area(
        _("Does data leave the country?"), _("Say where to, and what keeps it safe there. Or say no."), rows=2
    )
    complaints = area(
        _("Where can people complain?"),
        _("The board, and the office that watches over data protection."), rows=2,
    )  # fmt: skip

    def clean_approved_on(self) -> dt.date | None:
        """A day on which a board can have said yes to this."""
        found: dt.date | None = self.cleaned_data["approved_on"]
        if found and found > clock.today():
            raise forms.ValidationError(
                _("This day is still to come. Type the day on which the board said yes, or leave it empty.")
            )
        if found and found.year < clock.today().year - MOST_YEARS:
            raise forms.ValidationError(
                _("This is more than %(n)s years ago. Look at the year again."), params={"n": MOST_YEARS}
            )
        return found

    def clean(self) -> dict[str, Any]:
        """Days come in order."""
        found = super().clean() or {}
        first, last = found.get("approved_on"), found.get("expires_on")
        if first and last and last < first:
            self.add_error(
                "expires_on", _("This last day is before the day of the yes. One of them is wrong.")
            )
        return found

    def initial_of(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """Names stand on lines."""
        return super().initial_of(settings) | {"outside": "\n".join(settings["outside"])}

    def given(self) -> dict[str, Any]:
        """An empty day is an empty text, and each line one name, as long as a file can hold it."""
        names = (" ".join(one.split())[:200] for one in self.cleaned_data["outside"].splitlines())
        found = {name: value or "" for name, value in super().given().items()}
        return found | {"outside": list(dict.fromkeys(filter(None, names)))}
