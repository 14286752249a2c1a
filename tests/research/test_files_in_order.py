"""The page of a file: reading comes first, the press last; and no column for what a file does not hold."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from research.enums import ExportState, Item
from research.models import Export
from tests.people import Cast
from tests.research.consenting import ALL
from tests.research.filing import SAID, Filing, filing, writes
from tests.scenes import same

pytestmark = pytest.mark.django_db
CHECK = 'name="check"'


@pytest.fixture
@same
def made(cast: Cast) -> Filing:
    return filing(cast)


def page(made: Filing, export: Export, who: str = "ruth") -> str:
    address = reverse("research:file", args=[made.sid, export.public_id])
    return made.people[who].client.get(address).content.decode()


# --- reading first --------------------------------------------------------------------------------------------------
def test_nobody_is_offered_the_check_before_every_message_was_read(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID, "And long.")
    export = made.ask(messages=True)
    text = page(made, export)
    assert "2 messages are still to be read" in text and "Read the messages" in text and CHECK not in text
    made.read_all(export)
    text = page(made, export)
    assert "You have read every message" in text and text.index("Look at the messages") < text.index(CHECK)


def test_a_message_that_changed_since_is_read_again_first(cast: Cast, made: Filing) -> None:
    (post,) = writes(cast.alice, made, SAID)
    export = made.ask(messages=True)
    made.read_all(export)
    post.text = "Other words."
    post.save()
    assert "1 message is still to be read" in page(made, export) and CHECK not in page(made, export)


def test_where_the_check_found_something_the_messages_come_first(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    export = made.ask(messages=True)
    made.read_all(export)
    Export.objects.update(state=ExportState.REFUSED, found=[["data/messages.csv", 2, "phone", 1]])
    text = page(made, export)
    assert "You have read every message" not in text
    assert text.index("What the check found") < text.index(">Read the messages<") < text.index(CHECK)


def test_who_lets_it_go_comes_to_the_press_last(cast: Cast, made: Filing) -> None:
    writes(cast.alice, made, SAID)
    text = page(made, made.checked(messages=True), "remy")
    order = [text.index(said) for said in (
        "What it can tell of people", "What stands in it", "What was done to make it", "Look at the messages",
        'name="looked"', 'name="yes"',
    )]  # fmt: skip
    assert order == sorted(order)


# --- the number for messages ----------------------------------------------------------------------------------------
def about_people(files: dict[str, bytes]) -> tuple[bool, ...]:
    """Whether the number for messages is in the table, its made-up twin, the description and the codebook."""
    heads = [next(csv.reader(io.StringIO(files[f"{part}/people.csv"].decode()))) for part in ("data", "mock")]
    told = ("datapackage.json", "codebook.csv", "codebook.json", "codebook.html", "data/people.jsonl")
    return (
        *("number_messages" in head for head in heads),
        *(b"number_messages" in files[name] for name in told),
    )


@pytest.mark.parametrize(("items", "more"), [([Item.SURVEYS], {}), (ALL, {})])
def test_a_file_without_messages_has_no_number_for_them(
    cast: Cast, items: list[Item], more: dict[str, bool]
) -> None:
    made = filing(cast, items=[str(item) for item in items])
    _export, files = made.fetched(**more)
    assert set(about_people(files)) == {False}
    assert not any(b"number_messages" in data for data in files.values())


@pytest.mark.parametrize("what", ["messages", "activity"])
def test_one_that_holds_or_counts_them_has_it(cast: Cast, made: Filing, what: str) -> None:
    writes(cast.alice, made, SAID)
    _export, files = made.fetched(**{what: True})
    assert set(about_people(files)) == {True}
