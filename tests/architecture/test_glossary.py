"""Code and documents use one set of words: every model is in the glossary, and every model it names exists."""

from __future__ import annotations

import re

from django.apps import apps

from tests.architecture import house

GLOSSARY = "docs/glossary.md"


def named_in(text: str) -> set[str]:
    """The `app.Model` names in the last column of the glossary's tables."""
    last_cells = [
        line.strip().strip("|").split("|")[-1] for line in text.splitlines() if line.startswith("|")
    ]
    return {name for cell in last_cells for name in re.findall(r"\b([a-z]+\.[A-Z]\w+)\b", cell)}


def our_models() -> set[str]:
    """All model classes of our apps as `app.Model`."""
    return {
        f"{model._meta.app_label}.{model.__name__}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in house.OURS
    }


def test_every_model_is_in_the_glossary_and_back() -> None:
    named = named_in((house.ROOT / GLOSSARY).read_text())
    assert our_models() - named == set(), "not in the glossary"
    assert named - our_models() == set(), "in the glossary, but no such model"


def test_a_seeded_gap_is_caught() -> None:
    table = "| word | meaning | on screen | model |\n|---|---|---|---|\n| thread | a talk | thread | `chat.Thread` |\n"
    assert named_in(table) == {"chat.Thread"}
    assert "chat.Post" in our_models() - named_in(table)
    assert named_in(table.replace("Thread`", "Topic`")) - our_models() == {"chat.Topic"}
