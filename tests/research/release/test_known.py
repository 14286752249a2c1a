"""Names that a study knows are found however they are written, and ordinary words stay."""

from __future__ import annotations

import pytest

from research.release.known import Known, is_near
from research.release.scrub import Numbering, scrub

pytestmark = pytest.mark.once
KNOWN = Known(["Grey Willow", "Wide Lantern", "Moonkeeper", "Hope", "Harbour Lights", "Zoë Quist"])

FOUND = [
    "Grey Willow", "grey willow", "GREY WILLOW", "greywillow", "GreyWillow", "Grey-Willow", "grey_willow",
    "Grey Willows", "Gray Willow", "Grey Wilow", "Gery Willow", "greywillow88", "@greywillow", "Wide Lantrn",
    "moonkeeper", "Moonkeepr",    "MOONKEEPERS", "xmoonkeeper", "moonkeeperxx", "zoe quist", "ZOË QUIST", "Zoequist",
    "harbour  lights", "Harbour\nLights",
]  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_it_is_found(name: str) -> None:
    made = scrub(f"I think {name} is right", known=KNOWN, numbers=Numbering()).text
    assert made.replace("@", "") == "I think [NAME_1] is right"


@pytest.mark.parametrize(
    "text",
    [
        "a grey day under a willow tree",
        "Willow trees are lovely",
        "the lantern was wide",
        "I hope so, and hope helps",
        "Hope is all I have",
        "the pillow and the moon keep me up, keeper of sheep",
        "lights in the harbour",
        "I sat with a lantern, under the willow",
        "willow bark is old medicine",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert scrub(text, known=KNOWN, numbers=Numbering()).text == text


@pytest.mark.parametrize(
    "text",
    [
        "thanks Willow!",
        "thank you willow",
        "I agree with Lantern on this",
        "like lantern said",
        "@hope you were right",
        "Hope, you said it",
        "willow, are you ok?",
        "lantern was saying the same",
        "I am with lantern on this",
        "in willow's post",
    ],
)
def test_an_ordinary_word_is_a_name_where_somebody_is_meant(text: str) -> None:
    assert "[NAME_1]" in scrub(text, known=KNOWN, numbers=Numbering()).text


def test_all_ways_to_write_a_name_have_one_number() -> None:
    numbers = Numbering()
    texts = ["Wide Lantern", "thanks Willow", "greywillow", "GRAY WILLOW", "wide lantern's"]
    made = [scrub(text, known=KNOWN, numbers=numbers).text for text in texts]
    assert made == ["[NAME_1]", "thanks [NAME_2]", "[NAME_2]", "[NAME_2]", "[NAME_1]'s"]


def test_a_short_name_needs_every_letter() -> None:
    known = Known(["Bryn"])
    assert scrub("the brin was fine", known=known, numbers=Numbering()).text == "the brin was fine"
    assert scrub("said bryn", known=known, numbers=Numbering()).text == "said [NAME_1]"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("willow", "willow", True), ("willow", "wilow", True), ("willow", "willoow", True), ("willow", "wallow", True),
        ("willow", "wlilow", True), ("willow", "pillows", False), ("willow", "wiow", False), ("ab", "ba", True),
    ],
)  # fmt: skip
def test_one_letter_may_be_wrong(one: str, other: str, near: bool) -> None:
    assert is_near(one, other) is near


def test_of_a_title_no_part_is_looked_for_alone() -> None:
    known = Known([], titles=["Living with Sarcoidosis"])
    text = "I have sarcoidosis. In living with sarcoidosis we talk."
    made = scrub(text, known=known, numbers=Numbering()).text
    assert made == "I have sarcoidosis. In [NAME_1] we talk."


def test_a_number_at_the_end_of_a_name_may_be_left_out() -> None:
    assert scrub(
        "I think zibblefox is right", known=Known(["Zibblefox77"]), numbers=Numbering()
    ).text.startswith("I think [NAME_1]")


def test_nothing_and_names_without_letters_are_passed_over() -> None:
    assert scrub("a ... b", known=Known(["", "...", "  "]), numbers=Numbering()).text == "a ... b"


def test_a_mark_over_no_letter_ends_nothing() -> None:
    """Somebody can send one alone: it is nobody's name, and the message is looked at like any other."""
    known = Known(["Grey Heron"])
    assert list(known.found_in("\u0300")) == []
    assert {span.who for span in known.found_in("\u0300 \u0301grey heron")} == {"grey heron"}
