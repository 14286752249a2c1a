"""What is too long is refused in plain words: which field, how many letters it may have, how many it has."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.forms import BaseForm

import accounts.forms
import chat.forms
import community.forms
import moderation.forms
import research.forms
from community.forms.joining import CodeForm
from core.forms import Form
from tests.people import Cast

# What counts something other than letters says that instead.
IN_OTHER_WORDS = {"more than eight words", "has six digits", "longer than a code", "longer than a number"}


def _below(kind: type[BaseForm]) -> Iterator[type[BaseForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _forms() -> dict[str, type[BaseForm]]:
    """Every form of the project."""
    for package in (accounts.forms, chat.forms, community.forms, moderation.forms, research.forms):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    places = ("accounts.", "chat.", "community.", "moderation.", "research.")
    found = {f"{kind.__module__}.{kind.__name__}": kind for kind in _below(BaseForm)}
    return {name: kind for name, kind in found.items() if name.startswith(places) and "allauth" not in name}


def test_every_form_says_it_in_the_words_of_the_base() -> None:
    assert len(_forms()) > 80
    for name, kind in _forms().items():
        assert issubclass(kind, Form) and kind.add_error is Form.add_error, name


def test_every_field_with_a_limit_says_which_it_is_and_both_numbers() -> None:
    seen = 0
    for name, kind in _forms().items():
        for key, field in kind.base_fields.items():  # type: ignore[attr-defined]
            if most := getattr(field, "max_length", None):
                seen += 1
                limits = getattr(kind, "true_limits", {})
                alone = type("Alone", (Form,), {key: field, "true_limits": limits})
                says = alone({key: "x" * (most + 1)}).errors[key]
                if not any(words in one for words in IN_OTHER_WORDS for one in says):
                    most_said = limits.get(key, most)
                    label = str(alone()[key].label).rstrip(".")
                    assert (
                        f"“{label}” is too long. You wrote {most + 1:,} letters. "
                        f"Keep it to {most_said:,}." in says
                    ), f"{name}.{key}"
    assert seen > 60


def test_without_the_base_django_would_speak() -> None:
    """What the walk above looks for can be there."""
    bare = type("Bare", (forms.Form,), {"name": forms.CharField(max_length=3)})
    assert "Ensure this value" in bare({"name": "long"}).errors["name"][0]


@pytest.mark.django_db
def test_on_the_pages_it_names_the_field_and_keeps_what_was_written(cast: Cast) -> None:
    base = f"/g/{cast.harbour.public_id}"
    for who, url, sent, words in (
        (
            "alice",
            f"{base}/who/",
            {"value-about": "x" * 1027, "save": "1"},
            "“Something about me” is too long. You wrote 1,027 letters. Keep it to 300.",
        ),
        (
            "lena",
            f"{base}/name/",
            {"own": "x" * 61},
            "“Or type your own” is too long. You wrote 61 letters. Keep it to 30.",
        ),
        (
            "lena",
            f"{base}/name/",
            {"own": "x" * 50},
            "“The name” is too long. You wrote 50 letters. Keep it to 30.",
        ),
        (
            "olga",
            "/join/",
            {"code": "x" * 41},
            f"“{CodeForm.base_fields['code'].label}” is too long. You wrote 41 letters.",
        ),
    ):
        html = getattr(cast, who).client.post(url, sent).content.decode()
        assert "Ensure this value" not in html and words in html, url
        assert next(value for value in sent.values() if len(value) > 40) in html, url
