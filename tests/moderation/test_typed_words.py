"""Words to somebody in the team's care are not lost when it is not one's own any more: they are there to copy."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest

from core import clock
from moderation.actions import claims, worries
from moderation.enums import Act
from moderation.models import Case, Notice
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, decide, judge
from tests.people import Cast

pytestmark = pytest.mark.django_db
TYPED = "I read all of it. <Are> you safe?"
KEPT = "Nothing was sent. Your words are still here to copy."


@pytest.fixture
def desk(cast: Cast) -> Desk:
    return Desk(cast.mona, worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad."))


def shown(answer: object) -> str:
    return unescape(text_of(answer))  # type: ignore[arg-type]


def test_words_are_there_to_copy_when_a_colleague_took_it(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    claims.release(judge=judge(cast.mona, cast.harbour), case=desk.case)
    claim(cast.lead, desk.case)
    for more in ({}, {"script": "0"}):
        answer = desk.post("write", fence=fence, message=TYPED, **more)
        page = shown(answer)
        assert KEPT in page and TYPED in page and "readonly" in page
        assert "with these words" not in page and "Send it to them" not in page
    assert "Someone else has just taken this." in shown(desk.post("write", fence=fence, message=TYPED))
    assert "<Are>" not in text_of(answer) and not Notice.objects.exists()


def test_words_are_there_when_it_was_closed_meanwhile(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    claims.release(judge=judge(cast.mona, cast.harbour), case=desk.case)
    decide(cast.lead, desk.case, Act.NOTHING)
    answer = desk.post("write", fence=fence, message=TYPED)
    assert answer.status_code == 409 and KEPT in shown(answer) and TYPED in shown(answer)
    assert "Someone just dealt with this" in shown(answer) and not Notice.objects.exists()


def test_words_go_along_when_its_time_was_over_and_it_is_taken_again(cast: Cast, desk: Desk) -> None:
    fence = desk.take()
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(minutes=1)):
        answer = desk.post("write", fence=fence, message=TYPED)
        page = shown(answer)
        assert (
            answer.status_code == 409 and TYPED in page and page.count('action="' + desk.base + 'take/"') == 1
        )
        back = desk.post("take", message=TYPED, shows_help="on")
        assert (
            back.status_code == 200
            and f"{TYPED}</textarea>" in shown(back)
            and "Send it to them" in shown(back)
        )
        sent = desk.post("write", fence=str(Case.objects.get().fence), message=TYPED)
    assert sent.status_code == 302 and Notice.objects.get().message.startswith(TYPED)


def test_nothing_stands_there_for_who_wrote_nothing(cast: Cast, desk: Desk) -> None:
    assert KEPT not in desk.page()
    desk.take()
    assert KEPT not in desk.page() and KEPT not in Desk(cast.lead, desk.case).page()
