"""What words weigh together: in long texts, in hidden ones, and who teaches it."""

from __future__ import annotations

import pytest

from moderation.automatic import weights, worry
from moderation.automatic.worry import Level, worried
from proof import worry_weights as learning
from proof import worry_words

# No sign is in these: their words alone raise them.
ALONE = "he stands in the door and smiles and i do what he says, i cant see any of it mattering by spring"


def _kinds(text: str) -> set[str]:
    return {kind for sentence in worry._sentences(text) for kind in worry._signs_in(sentence)}


def _weight(text: str) -> weights.Weight:
    said = [one for each in worry._sentences(text) for one in weights.of_sentence(each, [])]
    return weights.of_text(said)


def test_words_without_a_sign_are_raised_together() -> None:
    assert not _kinds(ALONE) & {"danger", "worried"}
    assert worried(ALONE)
    assert (
        worried("thank you all for the recipes, the soup came out well and we had it with bread")
        == Level.NONE
    )


def test_a_long_harmless_text_hides_nothing() -> None:
    harmless = "We had cake and tea in the garden and my sister brought her new puppy. " * 30
    assert worried(harmless) == Level.NONE
    alone = f"{ALONE}. {ALONE}"
    for text in (harmless + alone, f"{alone}. {harmless}", f"{harmless}{alone}. {harmless}"):
        assert worried(text)


def test_hidden_letters_weigh_the_same() -> None:
    assert worried(ALONE.translate(worry_words.HIDES))


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("I am so tired of it", "I'm so tired of it"),
        ("they do not care", "they don't care"),
        ("I can not", "I can't"),
    ],
)
def test_who_writes_in_full_weighs_no_more(full: str, short: str) -> None:
    assert _weight(full) == _weight(short)


def test_an_empty_text_weighs_nothing() -> None:
    assert worried("") == worried("...") == Level.NONE


def test_what_nobody_may_look_at_teaches_nothing() -> None:
    seen = [row for row in worry_words.rows() if not worry_words.is_held_out(row)]
    first = [one for one in learning.examples() if one.source == "first"]
    assert len(first) == len(seen) < len(worry_words.rows())
    held_out = [row for row in worry_words.rows() if worry_words.is_held_out(row)]
    taught = [frozenset(one.has) for one in learning.examples()]
    also = {frozenset(learning.example(row["text"], "", "", with_signs=False).has) for row in held_out}
    assert also.isdisjoint(taught)
