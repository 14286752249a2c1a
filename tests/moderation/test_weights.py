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


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I'd rather be dead",
        "I don't want to live any more",
        "I don't want to be here any more",
        "I'm suicidal",
        "I keep thinking about suicide",
        "I want to kill myself",
        "I'm going to end it tonight",
        "I self harm",
        "I cut myself again",
        "I was raped",
        "My boyfriend strangled me",
        "My dad hits me",
        "He said he will kill me",
        "I cannot go on",
    ],
)
def test_what_is_said_outright_is_enough_whatever_words_weigh(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "learned", lambda: {weights.ALWAYS: (-1.0, -1.0)})
    assert worried(text)
    assert worried("We had cake and tea in the garden.") == Level.NONE


def test_the_weights_are_small() -> None:
    assert weights.FILE.stat().st_size <= 1_000_000


def test_an_empty_text_weighs_nothing() -> None:
    assert worried("") == worried("...") == Level.NONE


def test_what_was_seen_by_mistake_is_not_held_out() -> None:
    hashed = {row["id"] for row in worry_words.rows() if row["id"] in worry_words.SEEN}
    assert hashed == worry_words.SEEN == {"s0001", "s0018"}
    assert not any(worry_words.is_held_out(row) for row in worry_words.rows() if row["id"] in hashed)
    assert sum(map(worry_words.is_held_out, worry_words.rows())) == 598


def test_talk_of_the_writers_is_left_out_with_them() -> None:
    sources = {one.source for one in learning.examples() if one.label == "talk"}
    assert sources == {f"writer_{letter}" for letter in "efghi"}
    demo = {one.source for one in learning.examples() if one.label == learning.DEMO}
    assert len(demo) > 3
    assert demo.isdisjoint(worry_words.WRITERS)


def test_what_nobody_may_look_at_teaches_nothing() -> None:
    seen = [row for row in worry_words.rows() if not worry_words.is_held_out(row)]
    first = [one for one in learning.examples() if one.source == "first"]
    assert len(first) == len(seen) < len(worry_words.rows())
    held_out = [row for row in worry_words.rows() if worry_words.is_held_out(row)]
    taught = [frozenset(one.has) for one in learning.examples()]
    also = {frozenset(learning.example(row["text"], "", "", with_signs=False).has) for row in held_out}
    assert also.isdisjoint(taught)
