"""Coaches: what they find, what they leave alone, and the figures they are stated with."""

from __future__ import annotations

import random
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from community.coaches import LONGEST, MOST, advise, contacts, echoes, names, others, places, work
from core.registries.screening import Draft
from tests.hostile.corpora import breaking

HERE = Path(__file__).parent
SAMPLE: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "coach_sample.toml").read_text())
COACHES: dict[str, Callable[[str], list[str]]] = {
    "contact": contacts.find,
    "place": places.find,
    "work": work.find,
    "names": names.find,
    "others": others.find,
}
# kind -> the least share found of what the part holds. `held_out` was written afterwards and changed nothing.
FOUND = {
    "tuned": {"contact": 1.0, "place": 1.0, "work": 1.0, "names": 1.0, "others": 0.95},
    "held_out": {"contact": 0.75, "place": 0.8, "work": 0.7, "names": 1.0, "others": 0.66},
}


def _demo_posts() -> Iterator[str]:
    for path in sorted((HERE.parents[1] / "config" / "demo" / "content").glob("*.toml")):
        for thread in tomllib.loads(path.read_text())["threads"]:
            yield from (post["text"] for post in thread["posts"])


@pytest.mark.parametrize("part", ["tuned", "held_out"])
@pytest.mark.parametrize("kind", ["contact", "place", "work", "names", "others"])
def test_enough_is_found(part: str, kind: str) -> None:
    texts = SAMPLE[part][kind]
    assert sum(bool(COACHES[kind](text)) for text in texts) / len(texts) >= FOUND[part][kind]


@pytest.mark.parametrize("part", ["tuned", "held_out"])
def test_ordinary_messages_are_left_alone(part: str) -> None:
    false = {(kind, text) for kind, find in COACHES.items() for text in SAMPLE[part]["plain"] if find(text)}
    assert not false


def test_talk_between_people_is_left_alone() -> None:
    """The made-up talks of the demo hold no such detail: 360 messages, at most one false alarm."""
    posts = list(_demo_posts())
    assert len(posts) > 300
    assert sum(bool(find(post)) for post in posts for find in COACHES.values()) <= 1


def test_a_number_is_found_wherever_it_stands_in_a_message() -> None:
    """A seeded mix: numbers as people type them, put into ordinary messages at any place."""
    chance = random.Random(6)
    plain = SAMPLE["tuned"]["plain"]
    for _ in range(200):
        digits = "07700900" + f"{chance.randrange(1000):03}"
        cuts = sorted(chance.sample(range(3, 10), chance.choice([0, 1, 2])))
        parts = [digits[a:b] for a, b in zip([0, *cuts], [*cuts, 11], strict=True)]
        message = chance.choice(plain).split()
        message.insert(chance.randrange(len(message) + 1), "me: " + chance.choice(" -").join(parts) + ",")
        assert contacts.find(" ".join(message)), message


@pytest.mark.parametrize(
    ("kind", "text", "piece"),
    [
        ("contact", "ring 07700 900123 now", "07700 900123"),
        ("contact", "or jo@example.com.", "jo@example.com"),
        ("place", "We are in LS6 2AB so", "LS6 2AB"),
        ("place", "come to 14 Elm Road then", "14 Elm Road"),
        ("work", "so I work at Marlow's in Otley now", "work at Marlow's in Otley"),
        ("work", "I teach in Otley, at Northgate High, and", "teach in Otley, at Northgate High"),
        ("others", "and my son Tom cried", "my son Tom"),
        ("others", "my boss, Mr Hargreaves, laughed", "my boss, Mr Hargreaves"),
        ("others", "I saw Dr Jane Smith, again", "Dr Jane Smith"),
        ("names", "Hello, I'm Dr Jane Smith and", "Dr Jane Smith"),
        ("names", "call me, I am Sarah Henderson, in the week", "Sarah Henderson"),
        ("place", "kept at st thomas hospital for", "st thomas hospital"),
        ("contact", "ring oh seven seven 00 nine hundred 123 at night", "oh seven seven 00 nine hundred 123"),
    ],
)
def test_the_piece_is_shown_as_it_was_typed(kind: str, text: str, piece: str) -> None:
    assert COACHES[kind](text) == [piece]


def test_ones_own_title_and_name_are_not_said_to_be_someone_elses() -> None:
    [advice] = advise(Draft(group_id=1, text="Hello, I'm Dr Jane Smith and I am tired."))
    assert advice.startswith("This looks like your own name: “Dr Jane Smith”.")


def test_advice_is_one_line_for_each_coach() -> None:
    text = " ".join(text for kind in COACHES for text in SAMPLE["tuned"][kind])
    advice = advise(Draft(group_id=1, text=text))
    assert len(advice) == len(COACHES)
    assert all(len(found) < MOST * (LONGEST + 5) + 160 for found in advice)
    assert advise(Draft(group_id=1, text="Thank you all.")) == []


def test_all_that_was_found_is_named_once_each() -> None:
    """Who is told of the number alone takes the address for safe."""
    text = "Ring 07700 900123 or 0113 496 0123, or write to jo@example.com. Again: 07700 900123."
    [advice] = advise(Draft(group_id=1, text=text))
    assert "“07700 900123”, “0113 496 0123”, “jo@example.com”." in advice
    assert advice.count("07700 900123") == 1


def test_what_others_said_is_not_the_writers_to_change() -> None:
    assert not contacts.find("no") and not others.find("> my son Tom\nThat sounds hard.")


def test_no_text_breaks_a_coach_or_takes_long() -> None:
    long = [
        "1 " * 4000,
        "a@" * 4000,
        "A" * 8000,
        "(" * 8000,
        "1" + " " * 7999,
        "My son " * 1100,
        "+1.-/" * 1600,
        "seven 1 " * 1000,
        "one-" * 2000,
        "Dr Abc " * 1100,
        "church " * 1100,
    ]
    began = time.perf_counter()
    for text in [*breaking(), *long]:
        advise(Draft(group_id=1, text=text))
    assert time.perf_counter() - began < 4


TOLD = "I have never told anyone that I drove to the bridge and sat there until the sun came up."


@pytest.mark.parametrize(
    "again",
    [
        TOLD,
        f"Hello. {TOLD.upper()} Thank you.",
        "I have never told anyone that, I drove to the bridge; and then I rang my mum.",
    ],
)
def test_words_told_before_are_noticed(again: str) -> None:
    assert echoes.is_told_again(again, earlier=["Nothing alike.", TOLD])


@pytest.mark.parametrize(
    "other",
    [
        "Thank you all so much for this.",
        "Thank you so much.",
        f"> {TOLD}\nThis could be me.",
        "I drove to the sea and sat there until my phone rang.",
        "",
    ],
)
def test_other_words_are_not(other: str) -> None:
    assert not echoes.is_told_again(other, earlier=[TOLD, "Thank you all so much for this."])
    assert not echoes.is_told_again(other, earlier=[])
