"""Automatic help that would find much of what is said: it is said in words, and asked once more. What would be found
everywhere is not taken."""

from __future__ import annotations

import pytest

from moderation.enums import Step
from moderation.models import Switch
from moderation.selectors import automatic as found_by
from tests.chat.saying import fill
from tests.moderation.test_automatic import url
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db


def test_what_finds_nearly_all_is_on_only_for_who_is_sure(cast: Cast) -> None:
    """Three short words would hold a whole group's talk: it is said in words, and the first press changes nothing."""
    fill(cast.alice, make_thread(cast.harbour), ["The tea is cold", "Bread and salt", "Off to bed", "Fine"])
    data = {"step": "hold", "phrases": "the\nand\nto"}
    tried = cast.lead.client.post(url(cast), data | {"try": "1"}).content.decode()
    assert "3 messages among the last 4 here" in tried and "Almost every message would wait." in tried
    first = cast.lead.client.post(url(cast), data | {"on": "1"})
    assert first.status_code == 409 and not Switch.objects.filter(is_on=True).exists()
    shown = first.content.decode()
    assert "It is not on yet. Almost every message would wait." in shown and 'value="sure"' in shown
    assert cast.lead.client.post(url(cast), data | {"on": "sure"}).status_code == 302
    assert Switch.objects.get().is_on


@pytest.mark.parametrize(
    ("found", "step", "said"),
    [
        (2, Step.HOLD, ""),
        (3, Step.HOLD, "More than one message in three would wait."),
        (5, Step.FLAG, "Almost every message would be put on the team's list."),
        (3, Step.COACH, "For more than one message in three, the writer would be asked to look once more."),
        (6, Step.HELP, "Almost every writer would be shown where help is."),
    ],
)
def test_how_much_it_would_find_is_said_above_a_third(found: int, step: Step, said: str) -> None:
    assert found_by.how_much(found_by.Trial(of_messages=6, found=found, examples=()), step=step) == said


def test_nobody_is_sure_of_what_was_not_tried(cast: Cast) -> None:
    data = {"step": "hold", "phrases": "the", "on": "sure"}
    assert cast.lead.client.post(url(cast), data).status_code == 409
    assert not Switch.objects.exists()


@pytest.mark.parametrize(
    ("phrases", "said"),
    [
        ("get lost\n\na\nb", "Line 3 is “a”. A phrase needs at least two letters."),
        (f"get lost\n{'x' * 81}", "Make line 2 shorter, please: 80 letters at most."),
    ],
)
def test_the_line_that_cannot_be_looked_for_is_named(cast: Cast, phrases: str, said: str) -> None:
    data = {"try": "1", "step": "hold", "phrases": phrases}
    assert said in cast.lead.client.post(url(cast), data).content.decode()
