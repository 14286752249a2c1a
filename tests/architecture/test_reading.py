"""Pages are easy to read: grade 6 at most, and 5 where somebody is in trouble, agrees to something, or is told off."""

from __future__ import annotations

import re

import pytest

from moderation.presenters import worries
from tests.architecture import house, pages, reading

GRADE, GENTLE_GRADE, PER_SENTENCE = 6.0, 5.0, 15.0
GENTLE = re.compile(
    r"help|service|promise|charter|safety|worry|crisis|consent|notice|limit|leave"
    r"|moderation/(?:now|_card|_call_first)"
)
ENOUGH = 40  # words: shorter templates are judged together, by folder
NOT_PAGES = ("django/", "components/icons/")


def pooled(templates: dict[str, str]) -> dict[str, list[str]]:
    """What is judged together -> its blocks: each page, and the short templates of a folder as one."""
    found: dict[str, list[str]] = {}
    for name, source in templates.items():
        if name.startswith(NOT_PAGES):
            continue
        said = list(pages.blocks(source))
        small = reading.measure(said).words < ENOUGH
        key = f"{name.rpartition('/')[0]}/ (short ones)" if small else name
        found.setdefault(key, []).extend(said)
    return found


def too_hard(templates: dict[str, str]) -> list[str]:
    """A sentence for each page that is too hard."""
    found = []
    for name, said in pooled(templates).items():
        result = reading.measure(said)
        most = GENTLE_GRADE if GENTLE.search(name) else GRADE
        if result.words >= ENOUGH and (result.grade > most or result.per_sentence > PER_SENTENCE):
            found.append(
                f"{name}: grade {result.grade:.1f} of {most:.0f}, {result.per_sentence:.1f} words a sentence"
            )
    return found


def test_pages_are_easy_to_read() -> None:
    found = too_hard(house.templates())
    assert not found, "\n".join(found)


def test_sentences_in_code_are_easy_to_read() -> None:
    said: dict[str, list[str]] = {}
    for name, sentences in pages.sentences_in_code().items():
        prose = [text for text in sentences if re.match(r"[A-Z].*[.!?]$", text.strip(), re.DOTALL)]
        said.setdefault(name.split("/")[0], []).extend(prose)
    graded = {app: reading.measure(prose) for app, prose in said.items()}
    hard = {app: result for app, result in graded.items() if result.words >= ENOUGH and result.grade > GRADE}
    assert not hard


def test_what_somebody_in_distress_is_told_is_easier_still() -> None:
    """Each script of the team, and every sentence of the card, by itself."""
    said = [words for _, words in worries.SCRIPTS] + [worries.where_help_is()]
    card = pages.sentences_in_code()["moderation/presenters/worries.py"]
    graded = {words[:40]: reading.measure([words]) for words in said} | {"card": reading.measure(card)}
    hard = {begins: found for begins, found in graded.items() if found.grade > GENTLE_GRADE}
    assert not hard
    assert all(found.words >= ENOUGH for begins, found in graded.items() if begins == "card")


HARD = (
    "<p>Individuals experiencing significant psychological difficulties are encouraged to communicate "
    "immediately with an appropriately qualified professional organisation operating in their locality, "
    "notwithstanding the availability of alternative community resources within the application environment "
    "and its associated documentation, which remains informational.</p>"
)
PLAIN = "<p>{% translate 'You can stop at any time. Just tap here. Then we will not show your name.' %}</p>"


def test_a_seeded_hard_page_is_caught() -> None:
    assert too_hard({"chat/page.html": HARD * 2})
    assert not too_hard({"chat/page.html": PLAIN * 5})


def test_a_page_for_somebody_in_trouble_must_be_easier() -> None:
    middling = "<p>Ask somebody who runs the group to look at it again tomorrow.</p>" * 4
    assert GENTLE_GRADE < reading.measure(pages.blocks(middling)).grade < GRADE
    assert too_hard({"community/help.html": middling})
    assert not too_hard({"community/rota.html": middling})


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("home", 1), ("table", 2), ("people", 2), ("group", 1), ("names", 1), ("asked", 1), ("wanted", 2),
     ("member", 2), ("promise", 2), ("moderator", 4), ("anonymity", 5), ("accessibility", 6), ("you're", 1),
     ("quiet", 2), ("idea", 3), ("radio", 3), ("condition", 3), ("situation", 4), ("being", 2), ("free", 1),
     ("organisation", 5), ("psychological", 5), ("services", 3), ("places", 2), ("changes", 2), ("role", 1),
     ("rules", 1), ("are", 1), ("the", 1), ("language", 2), ("usual", 3), ("special", 2), ("seeing", 2)],
)  # fmt: skip
def test_syllables_are_counted(word: str, count: int) -> None:
    assert reading.syllables(word) == count
