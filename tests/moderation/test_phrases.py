"""What the reader of phrases finds, and what it leaves alone. The proof tries thousands; here stand the edges."""

from __future__ import annotations

import pytest

from moderation.automatic.phrases import Phrases

LISTED = Phrases(["kill yourself", "ass", "cum", "pen is", "penis", "send 24 gift cards", "Grüße dich"])


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in LISTED.find(text)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Go kill yourself.", "kill yourself"),
        ("so  k i l l  y o u r s e l f  now", "k i l l  y o u r s e l f"),
        ("k.i.l.l your-self, ok", "k.i.l.l your-self"),
        ("k1ll y0ur$elf", "k1ll y0ur$elf"),
        ("oh KIIILLL yourself", "KIIILLL yourself"),
        ("🙂 k\u200bill y\u00adourself", "k\u200bill y\u00adourself"),
        ("k\u0456ll your\u0455elf", "k\u0456ll your\u0455elf"),
        ("killyourself", "killyourself"),
        ("ki ll your self", "ki ll your self"),
        ("k**l yourself", "k**l yourself"),
        ("you a$$", "a$$"),
        ("|<ill yo|_|rself, ok", "|<ill yo|_|rself"),
        ("send 24 gift cards", "send 24 gift cards"),
        ("GRÜẞE DICH", "GRÜẞE DICH"),
    ],
)
def test_a_hidden_phrase_is_shown_where_it_stands(text: str, shown: str) -> None:
    assert shown in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "class", "as soon as", "assess the bass", "a SS officer", "cucumber", "document", "24", "a 5 5",
        "painkillers", "skill yourselfie", "pencil", "$$$ !!! 100 %", "", "\u202c", "*", "**", "🙂",
    ],
)  # fmt: skip
def test_words_inside_words_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_a_gap_is_part_of_a_short_phrase() -> None:
    assert [one.phrase for one in LISTED.find("my pen is blue")] == ["pen is"]
    assert [one.phrase for one in LISTED.find("penis")] == ["penis"]


def test_a_long_list_costs_no_wrong_find() -> None:
    many = Phrases([*(f"word {number} of a list" for number in range(5_000)), "last one"])
    assert [one.phrase for one in many.find("the l4st one of a list, word 17 of a list")] == [
        "last one",
        "word 17 of a list",
    ]


@pytest.mark.parametrize(
    "piece", ["a ", "1! ", "k*ll ", "!!1|", "é", "((1", "aabb00 ", "\u0300", "|_|", "ass "]
)
def test_no_text_takes_long(piece: str) -> None:
    """What is tried is bounded by the length of the text, so that ten times as much finds ten times as much."""
    short, long = piece * 100, piece * 1_000
    assert len(LISTED.find(long)) <= 10 * len(LISTED.find(short)) + 10


def test_nothing_that_can_be_listed_breaks_it() -> None:
    odd = ["", "  ", "***", "(a|b)+", "\\", "[", "1!", "\u200b", "🙂", "a" * 500]
    assert Phrases(odd).find("(a|b)+ [ \\ *** 🙂 " + "a" * 500)[-1].phrase == "a" * 500
