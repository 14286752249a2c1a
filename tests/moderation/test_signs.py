"""Signs of worry in words: harmless ones first, then what has to be raised."""

from __future__ import annotations

import pytest

from moderation.automatic.worry import Level, worried


@pytest.mark.parametrize(
    "text",
    [
        "I fainted at a school play once.",
        "I am starving",
        "I am going to jump in the shower",
        "I'm going to jump on a call now",
        "I cut the grass again",
        "I cut carbs again",
        "I don't want to eat sugar any more",
        "Casi me muero de risa, quiero morirme de risa otra vez",
        "Mi abuela vive en Madrid y quiero ir",
        "Quiero dormirme temprano hoy.",
        "No puedo más que darte las gracias",
    ],
)
def test_harmless_words_raise_nothing(text: str) -> None:
    assert worried(text) == Level.NONE


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I'm suicidal",
        "I wish I was dead",
        "I keep thinking about suicide",
        "I self harm",
        "I was raped",
        "My husband beats me",
        "my dad hits me",
        "My stepdad touches me",
        "I don't want to be here any more",
        "I do not want to be here anymore.",
        "I cut again",
        "I cannot go on.",
        "I fainted in the shower again",
        "quiero morir",
        "Quiero morirme.",
        "no quiero vivir",
        "Ya no quiero vivir más",
        "Estoy sin ganas de vivir",
        "ya no puedo más",
        "No aguanto más esta noche",
        "Quiero desaparecer.",
        "Quisiera dormirme y no despertar",
        "No puedo más. Quiero dormirme para siempre.",
        "Solo quiero que esto acabe",
        "Así no tiene sentido vivir",
    ],
)
def test_plain_words_are_raised(text: str) -> None:
    assert worried(text) == Level.WORRIED


@pytest.mark.parametrize(
    "text",
    [
        "I am going to jump",
        "I'm gonna jump",
        "I am going to jump in front of a train",
        "Voy a matarme esta noche",
        "Me voy a suicidar",
    ],
)
def test_plain_words_of_danger_are_danger(text: str) -> None:
    assert worried(text) == Level.IN_DANGER
