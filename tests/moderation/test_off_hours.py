"""While nobody of the team is here: newcomers wait or go slowly where the group wants that, and nobody else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from audit.models import AuditEntry
from chat.errors import NeedsCheck, TooSoon
from chat.models import Post
from community.errors import NotHere
from community.models import Shift
from core import clock
from moderation.actions import care
from moderation.enums import OffHours
from moderation.models import GroupCare, Held
from tests.chat.saying import fill, send
from tests.chat.test_pages import page
from tests.community.test_strip import MON, shift
from tests.moderation.test_held import client_of, let_appear, work, write
from tests.people import Cast, make_thread

pytestmark = pytest.mark.django_db
MONDAY = dt.datetime(2026, 11, 30, tzinfo=dt.UTC)


@pytest.fixture
def night() -> Iterator[None]:
    with clock.held_at(MONDAY + dt.timedelta(hours=3)):
        yield


def choose(cast: Cast, what: OffHours) -> None:
    mona = cast.mona.member(cast.harbour)
    if not Shift.objects.filter(member=mona).exists():
        shift(mona, MON, "18:00", "22:00")
    care.off_hours(here=cast.lead.here(cast.harbour), off_hours=what)


# --- refusals ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["nobody", "olga", "barred", "alice", "weak", "ned", "mona"])
def test_only_a_lead_changes_it(cast: Cast, who: str) -> None:
    answer = client_of(cast, who).post(
        f"/g/{cast.harbour.public_id}/care/", {"off": "1", "off_hours": "wait"}
    )
    assert answer.status_code == (403 if who == "mona" else 404)
    assert not GroupCare.objects.exclude(off_hours=OffHours.SAME).exists()
    if who not in {"nobody", "olga", "barred", "ned"}:
        with pytest.raises(NotHere):
            care.off_hours(here=cast.people[who].here(cast.harbour), off_hours=OffHours.WAIT)


def test_no_way_round_it_for_a_newcomer(cast: Cast, night: None) -> None:
    choose(cast, OffHours.WAIT)
    with pytest.raises(NeedsCheck):
        send(cast.alice, make_thread(cast.harbour))
    choose(cast, OffHours.SLOW)
    send(cast.alice, make_thread(cast.harbour))
    with pytest.raises(TooSoon):
        send(cast.alice, make_thread(cast.harbour))
    assert Post.objects.count() == 1


# --- what it does -----------------------------------------------------------------------------------------------
def test_it_waits_and_says_why(cast: Cast, night: None) -> None:
    choose(cast, OffHours.WAIT)
    thread = make_thread(cast.harbour)
    assert "Nobody from the team is on duty now, and you are new here." in page(cast.alice, thread)
    write(cast.alice, thread, "First words")
    assert not Post.objects.exists() and Held.objects.count() == 1
    why = "It waits because nobody from the team is on duty now, and its writer is new here."
    assert why in page(cast.alice, thread)
    assert why in cast.mona.client.get(f"/g/{cast.harbour.public_id}/team/held/").content.decode()
    assert "First words" not in page(cast.bob, thread)
    let_appear(cast)
    work()
    assert "First words" in page(cast.bob, thread)


@pytest.mark.parametrize("what", list(OffHours))
def test_while_somebody_is_here_nothing_is_other(cast: Cast, what: OffHours) -> None:
    choose(cast, what)
    with clock.held_at(MONDAY + dt.timedelta(hours=19)):
        thread = make_thread(cast.harbour)
        write(cast.alice, thread), write(cast.alice, thread, "And more")
        assert 'id="off-hours"' not in page(cast.alice, thread)
    assert Post.objects.count() == 2


@pytest.mark.parametrize("what", list(OffHours))
def test_who_is_not_new_and_who_looks_after_the_group_are_left_alone(
    cast: Cast, night: None, what: OffHours
) -> None:
    thread = make_thread(cast.harbour)
    fill(cast.bob, thread, ["One", "Two", "Three"])
    choose(cast, what)
    for who in (cast.bob, cast.mona):
        write(who, thread, "More"), write(who, thread, "And more")
    assert Post.objects.count() == 7 and not Held.objects.exists()


def test_it_is_on_the_record_and_everyone_can_read_it(cast: Cast) -> None:
    url = f"/g/{cast.harbour.public_id}/care/"
    assert cast.lead.client.post(url, {"off": "1", "off_hours": "wait"}).status_code == 302
    assert AuditEntry.objects.get().act == "off hours"
    about = cast.olga.client.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert "While nobody from the team is on duty, messages from newcomers wait." in about
    assert "wait until the team has looked" in cast.mona.client.get(url).content.decode()
