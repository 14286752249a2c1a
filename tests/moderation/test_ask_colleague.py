"""Whoever asks a colleague reads whether one is there; whoever is asked takes it over at once; one alone holds it."""

from __future__ import annotations

import datetime as dt

import pytest

from core import clock
from moderation.actions import claims, worries
from moderation.enums import Later
from moderation.errors import Conflict
from moderation.models import Case, Notice, Worry
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import claim, judge
from tests.people import Cast

pytestmark = pytest.mark.django_db
NOBODY = "Nobody else from the team has these pages open now."


@pytest.fixture
def case(cast: Cast) -> Case:
    return worries.ask_for_help(here=cast.alice.here(cast.harbour), words="It is bad.", in_danger=True)


def ask(cast: Cast, case: Case) -> str:
    """Mona takes it, and asks. What she reads then."""
    desk = Desk(cast.mona, case)
    return text_of(desk.client.get(desk.post("care", fence=desk.take(), does="colleague").url))


def test_who_is_not_asked_takes_nothing_over(cast: Cast, case: Case) -> None:
    claim(cast.mona, case)
    page = Desk(cast.lead, case).page()
    assert "Take it over" not in page and "Take this" not in page
    assert "A colleague has this now. You can take it once they give it back, or their time is over." in page
    with pytest.raises(Conflict):
        claim(cast.lead, case)
    for person in (cast.alice, cast.bob, cast.weak):
        Worry.objects.update(asks=True)
        assert Desk(person, case).post("take").status_code == 404


def test_who_is_asked_takes_it_over_and_who_asked_is_told(cast: Cast, case: Case) -> None:
    ask(cast, case)
    theirs, hers = Desk(cast.lead, case), Desk(cast.mona, case)
    page = theirs.page()
    assert "A colleague has this, and asks for your help. You can take it over now." in page
    assert "Take it over</button>" in page and "asks for your help" not in hers.page()
    old = hers.fence()
    theirs.take()
    now = Case.objects.get()
    assert bytes(now.holder or b"") == judge(cast.lead, cast.harbour).key_in(case.public_id)
    assert not Worry.objects.get().asks and "A colleague is asked" not in theirs.page()
    fresh = text_of(cast.mona.client.get(hers.base, headers={"X-Kith-Fresh": "1"}))
    assert 'id="theirs" data-fresh role="status"><p>A colleague has this now.' in fresh
    assert hers.post("write", fence=old, message="How are you?").status_code == 409
    assert hers.post("keep", fence=old).status_code == 409 and not Notice.objects.exists()
    with pytest.raises(Conflict):
        claim(cast.mona, case)


def test_who_asked_goes_on_holding_it_until_somebody_takes_it(cast: Cast, case: Case) -> None:
    ask(cast, case)
    before = Case.objects.get().fence
    assert claim(cast.mona, case).fence == before and Worry.objects.get().asks
    with clock.held_at(clock.now() + claims.LEASE + dt.timedelta(minutes=1)):
        claim(cast.mona, case)
        assert Worry.objects.get().asks, "her own time ran out: nobody came yet"


def test_it_stays_asked_when_it_was_given_back_until_a_colleague_has_it(cast: Cast, case: Case) -> None:
    ask(cast, case)
    now, who = Case.objects.get(), judge(cast.mona, cast.harbour)
    worries.look_again(judge=who, case=now, fence=now.fence, later=Later.HOURS)
    claim(cast.lead, case)
    assert not Worry.objects.get().asks
    with pytest.raises(Conflict):
        claim(cast.mona, case)


def test_who_asks_reads_whether_anybody_is_there(cast: Cast, case: Case) -> None:
    assert NOBODY in ask(cast, case)
    Desk(cast.lead, case).page()
    page = ask(cast, case)
    assert NOBODY not in page and "Your colleagues see that you ask. One of them can take it over." in page
