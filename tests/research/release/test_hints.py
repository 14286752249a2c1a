"""What is looked for first misses nothing: where no rule is asked, none would have found anything."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from research.release import names, packs
from research.release.hints import BEGINS, CUE, ENDS, NAMED, hints_of
from research.release.known import Known
from research.release.lists import lists
from research.release.reading import Reading
from tests.research.release.test_known import FOUND
from tests.research.release.test_scrub import OUT, STAYS

pytestmark = pytest.mark.once
TEXTS = [text for _kind, text, _piece in OUT] + STAYS
SIGNS = [" ", " ", " ", ", ", ". ", "-", "'", "\u2019s ", "\n", "_", " & ", "\u0301", "7", ""]


def mixed(turns: int) -> list[str]:
    """Words that rules ask about, in any order and spelling."""
    dice, known = random.Random(7), lists()
    among = [sorted(words) for words in (*known.cues.values(), known.first, known.surnames, known.places)]
    spell = [str.lower, str.lower, str.capitalize, str.upper]

    def word() -> str:
        return dice.choice(spell)(dice.choice(dice.choice(among)))

    return ["".join(word() + dice.choice(SIGNS) for _ in range(dice.randint(1, 9))) for _ in range(turns)]


def every_word(reading: Reading) -> list[int]:
    return [at for at, one in enumerate(reading.tokens) if not one.is_dead and len(one.low) > 1]


def test_without_a_hint_there_is_no_name_place_or_organisation(monkeypatch: pytest.MonkeyPatch) -> None:
    known = lists()
    among = {*(word for words in known.cues.values() for word in words), *sorted(known.places)[::9]}
    among |= set(sorted(known.first)[::9])
    each = (
        "{} zibblefox",
        "my {} is zibblefox",
        "my {0} is {0}",
        "{} him zibblefox",
        "{} said so",
        "st {} hospital",
    )
    monkeypatch.setattr(names, "_openings", every_word)
    texts = [*mixed(1_500), *(one.format(word) for one in each for word in sorted(among))]
    plain = [text for text in texts if not hints_of(text) & (NAMED | CUE)]
    assert len(plain) > 5_000
    assert not [text for text in plain if list(names.spans(Reading(text)))]


def test_no_name_begins_with_a_word_that_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*TEXTS, *mixed(1_500)]
    found = [list(names.spans(Reading(text))) for text in texts]
    monkeypatch.setattr(names, "_openings", every_word)
    assert found == [list(names.spans(Reading(text))) for text in texts]
    assert sum(map(len, found)) > 500


def test_small_letters_find_what_the_rule_finds() -> None:
    texts = [text for text in [*TEXTS, *mixed(120)] if packs.PLAIN.fullmatch(text)]
    hits = 0
    for rules in packs.packs().values():
        for rule in rules:
            for text in texts if rule.small else ():
                is_there = rule.pattern.search(text) is not None
                assert (rule.small.search(text.lower()) is not None) == is_there
                hits += is_there
    assert hits > 100


def with_a_letter_wrong(name: str, dice: random.Random) -> str:
    at, letter = dice.randrange(len(name)), dice.choice("aelnt ")
    ends = [name[at:], name[at + 1 :], letter + name[at:], letter + name[at + 1 :]]
    return name[:at] + dice.choice([*ends, name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]])


def test_known_names_are_found_as_if_every_word_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(5)
    many = ["".join(dice.choices("aelnt ", k=dice.randint(2, 14))).strip() for _ in range(150)]
    known = Known([*many, "Grey Willow", "Moonkeeper", "Zo\xeb Quist"])
    texts = [f"so {with_a_letter_wrong(name, dice)} said" for name in [*many, *FOUND] for _ in range(8)]
    found = [list(known.found_in(text)) for text in texts]
    assert all(
        spans == [] or known.hints(text) & (BEGINS | ENDS) for text, spans in zip(texts, found, strict=True)
    )
    monkeypatch.setattr(known, "_hints", defaultdict(lambda: BEGINS))
    monkeypatch.setattr(known, "_is_head", lambda _low: True)
    assert found == [list(known.found_in(text)) for text in texts]
    assert sum(map(bool, found)) > 500
