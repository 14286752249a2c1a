"""What one types into is drawn as Django's own templates would, but for the browser's own limits."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from core.widgets import Renderer

NASTY = "\"'><script>alert(1)</script>&amp;"
BOLD = mark_safe("<b>B</b>")
CHOICES = [("", "None"), (0, NASTY), (NASTY, gettext_lazy("Home")), ("More", [("a", "A"), ("b", BOLD)])]
ATTRS = {"id": "it", "required": True, "hidden": False, "title": NASTY, "rows": 4}
ALIKE = [
    forms.TextInput(ATTRS), forms.HiddenInput(ATTRS), forms.PasswordInput(render_value=True), forms.NumberInput(),
    forms.EmailInput(), forms.URLInput(), forms.DateInput({"type": "date"}), forms.TimeInput(), forms.CheckboxInput(),
    forms.Textarea(ATTRS), forms.Select(ATTRS, choices=CHOICES), forms.FileInput(ATTRS),
]  # fmt: skip


class Pieces(HTMLParser):
    """Tags with what they say of themselves, and the words between."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Any] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, sorted(attrs, key=str)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.found.append(data.strip())


@pytest.mark.parametrize("widget", ALIKE, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("value", [None, "", 0, 7, NASTY, mark_safe("<i>"), True])
def test_drawn_as_django_does(widget: forms.Widget, value: Any) -> None:
    drawn = widget.render("of'it", value, renderer=Renderer())
    assert Pieces(drawn).found == Pieces(widget.render("of'it", value, renderer=DjangoTemplates())).found
    assert "<script" not in drawn


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_choices_can_all_be_picked_and_say_what_they_are(widget: Any) -> None:
    made = widget(attrs={"id": "it", "class": "faces"}, choices=CHOICES)
    found = Pieces(made.render("way", [NASTY], renderer=Renderer())).found
    inputs = [
        dict(attrs) for tag, attrs in (one for one in found if isinstance(one, tuple)) if tag == "input"
    ]
    labels = [
        dict(attrs) for tag, attrs in (one for one in found if isinstance(one, tuple)) if tag == "label"
    ]
    assert found[0] == ("div", [("class", "choices faces"), ("id", "it")])
    assert [one.get("value") for one in inputs] == ["", "0", NASTY, "a", "b"]
    assert ["checked" in one for one in inputs] == [False, False, True, False, False]
    assert [one["for"] for one in labels] == [one["id"] for one in inputs]
    assert [one for one in found if isinstance(one, str)] == ["None", NASTY, "Home", "More", "A", "B"]


def test_a_choice_without_words_is_a_box_alone() -> None:
    box = forms.CheckboxSelectMultiple(choices=[("a", "A")])
    (one,) = [one for _, options, _ in box.optgroups("way", []) for one in options]
    assert (
        Renderer().render(one["template_name"], {"widget": one | {"wrap_label": False}}).startswith("<input")
    )


def test_no_browser_cuts_what_is_pasted() -> None:
    for widget in (forms.TextInput(), forms.Textarea()):
        assert "maxlength" in widget.render("it", "", attrs={"maxlength": 5}, renderer=DjangoTemplates())
        assert "maxlength" not in widget.render("it", "", attrs={"maxlength": 5}, renderer=Renderer())


def test_what_was_chosen_can_be_carried_along() -> None:
    carried = forms.MultipleHiddenInput(ATTRS)
    drawn = Pieces(carried.render("way", [NASTY, 7], renderer=Renderer())).found
    assert drawn == Pieces(carried.render("way", [NASTY, 7], renderer=DjangoTemplates())).found
    assert [dict(attrs)["value"] for _, attrs in drawn] == [NASTY, "7"]


def test_a_widget_that_is_not_known_is_drawn_by_its_template() -> None:
    rare = forms.SelectDateWidget(years=[2026])
    assert "<select" in rare.render("day", "", renderer=Renderer())
