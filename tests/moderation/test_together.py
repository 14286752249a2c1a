"""How a team works together: the note for the next, who has the pages open, and how each likes to work."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest

from chat.models import Thread
from community.enums import Role
from community.models import Member, Shift
from core import clock
from moderation.actions import visits
from moderation.models import GroupCare, Visit
from tests.chat.saying import send
from tests.moderation.console import Desk, text_of
from tests.moderation.judging import report
from tests.people import Cast, Person

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


@pytest.fixture
def desk(cast: Cast, thread: Thread) -> Desk:
    return Desk(cast.mona, report(cast.bob, send(cast.alice, thread, "You are lazy.")).case)


def test_a_note_is_left_for_whoever_comes_next(cast: Cast, desk: Desk) -> None:
    cast.mona.client.post(f"{desk.list}note/", {"note": "Two people are upset. Be gentle."})
    assert "Two people are upset." in text_of(cast.lead.client.get(desk.list))
    long = cast.mona.client.post(f"{desk.list}note/", {"note": "x" * 1001})
    assert long.status_code == 422 and "x" * 1001 in text_of(long)
    assert GroupCare.objects.get().handover == "Two people are upset. Be gentle."


def test_a_name_or_a_number_in_the_note_is_looked_at_once(cast: Cast, desk: Desk) -> None:
    note = "My neighbour Tom Baker is not well. Call him: +44 20 7946 0018."
    page = text_of(cast.mona.client.get(desk.list))
    assert "Name nobody. Write no numbers." in page and "Not saved yet" not in page
    first = cast.mona.client.post(f"{desk.list}note/", {"note": note})
    page = unescape(text_of(first))
    assert first.status_code == 409 and not GroupCare.objects.filter(handover=note).exists()
    assert "Not saved yet. Look at this once." in page and f"{note}</textarea>" in page
    said = page.split('id="advice-title"')[1].split("</ul>")[0]
    assert "neighbour Tom" in said and "7946 0018" in said and "Everyone in this group" not in said
    again = cast.mona.client.post(f"{desk.list}note/", {"note": note, "as_it_is": "note"})
    assert again.status_code == 302 and GroupCare.objects.get().handover == note
    plain = "Two people are upset. Be gentle. Look again at 8."
    read = re.search(r'name="before" value="(\w+)"', text_of(cast.mona.client.get(desk.list)))
    assert read
    given = {"note": plain, "before": read[1]}
    assert cast.mona.client.post(f"{desk.list}note/", given).status_code == 302, "nothing to look at"


@pytest.mark.parametrize("note", ["Look in on Grey Heron at 8.", "grey heron wrote twice", "Calm\nOtter too"])
def test_the_name_of_a_member_in_the_note_is_looked_at_once(cast: Cast, desk: Desk, note: str) -> None:
    """No coach knows the names of a group: the note is looked at with them."""
    first = cast.mona.client.post(f"{desk.list}note/", {"note": note})
    assert first.status_code == 409 and not GroupCare.objects.filter(handover=note).exists()
    said = unescape(text_of(first)).split('id="advice-title"')[1].split("</ul>")[0]
    assert "This looks like a name" in said
    again = cast.mona.client.post(f"{desk.list}note/", {"note": note, "as_it_is": "note"})
    assert again.status_code == 302


def test_two_who_leave_a_note_lose_no_word(cast: Cast, desk: Desk) -> None:
    def before(person: Person) -> str:
        found = re.search(r'name="before"(?: value="(\w*)")?', text_of(person.client.get(desk.list)))
        assert found
        return found[1] or ""

    read, hers = before(cast.mona), before(cast.lead)
    assert (
        cast.mona.client.post(f"{desk.list}note/", {"note": "Be gentle.", "before": read}).status_code == 302
    )
    late = cast.lead.client.post(f"{desk.list}note/", {"note": "The kettle is on.", "before": hers})
    assert late.status_code == 409
    page = text_of(late)
    assert "Be gentle.</blockquote>" in page and "The kettle is on.</textarea>" in page
    assert GroupCare.objects.get().handover == "Be gentle."
    both, mark = "Be gentle. The kettle is on.", re.search(r'name="before" value="(\w+)"', page)
    assert mark
    assert cast.lead.client.post(f"{desk.list}note/", {"note": both, "before": mark[1]}).status_code == 302
    assert GroupCare.objects.get().handover == both
    twice = cast.lead.client.post(f"{desk.list}note/", {"note": both, "before": mark[1]})
    assert twice.status_code == 302, "sent twice, it is there once"


def test_who_is_on_duty_is_true_for_whoever_is_and_whoever_is_not(cast: Cast, desk: Desk) -> None:
    def says(person: Person) -> str:
        page = unescape(re.sub("<[^>]+>", "", text_of(person.client.get(desk.list))))
        return re.findall(r"By your team's hours, [^.]*\.", page)[0]

    with clock.held_at(NOON):
        assert says(cast.mona) == says(cast.lead) == "By your team's hours, nobody is on duty."
        mona = cast.mona.member(cast.harbour)
        Shift.objects.create(
            group=cast.harbour, member=mona, weekday=NOON.weekday(), starts=dt.time(9), ends=dt.time(18)
        )
        assert says(cast.mona) == "By your team's hours, you are on duty, and nobody else is."
        assert says(cast.lead) == "By your team's hours, 1 other person is on duty, and you are not."
        lead = cast.lead.member(cast.harbour)
        Shift.objects.create(
            group=cast.harbour, member=lead, weekday=NOON.weekday(), starts=dt.time(9), ends=dt.time(18)
        )
        assert (
            says(cast.mona) == says(cast.lead) == "By your team's hours, you and 1 other person are on duty."
        )


def test_who_has_the_pages_open_is_one_thing_and_the_rota_another(cast: Cast, desk: Desk) -> None:
    def says(person: Person) -> str:
        return " ".join(re.sub("<[^>]+>", "", text_of(person.client.get(desk.list))).split())

    with clock.held_at(NOON):
        assert "Nobody else from the team has these pages open." in says(cast.mona)
        assert "From the team, 1 other person has these pages open." in says(cast.lead)
        assert "By your team's hours, nobody is on duty." in unescape(says(cast.lead))
    with clock.held_at(NOON + dt.timedelta(minutes=9)):
        Desk(cast.lead, desk.case).page()
    with clock.held_at(NOON + dt.timedelta(minutes=16)):
        assert "From the team, 1 other person has" in says(cast.mona), "one thing to look at is a page, too"
        Member.objects.filter(pk=cast.lead.member(cast.harbour).pk).update(role=Role.MEMBER)
        assert "Nobody else from the team has" in says(cast.mona), "not of the team any more"
    with clock.held_at(NOON + dt.timedelta(minutes=40)):
        visits.forget_open_pages()
        assert not Visit.objects.exclude(open_until=None).exists()


def test_an_open_page_is_noted_in_steps_of_five_minutes(cast: Cast, desk: Desk) -> None:
    for minute in (1, 2, 4):
        with clock.held_at(NOON + dt.timedelta(minutes=minute, seconds=13)):
            desk.page()
            assert Visit.objects.get().open_until == NOON + dt.timedelta(minutes=15)


def test_an_open_page_that_asks_what_is_new_reads_nobodys_messages(cast: Cast, desk: Desk) -> None:
    desk.take()
    desk.post("give-back")
    for url in (desk.base, desk.list):
        assert "You gave it back." in text_of(cast.mona.client.get(url, headers={"X-Kith-Fresh": "1"}))
    assert "You gave it back." in text_of(cast.mona.client.get(desk.list))
    assert "You gave it back." not in text_of(cast.mona.client.get(desk.list))


def test_how_one_likes_to_work_is_off_until_it_is_switched_on(cast: Cast, desk: Desk) -> None:
    assert "data-keys" not in desk.page() and "data-message open" not in desk.page()
    cast.mona.client.post(f"{desk.list}settings/", {"keys": "on", "shows": "on"})
    assert "data-keys" in desk.page() and "data-message open" in desk.page()
    assert "data-keys" not in Desk(cast.lead, desk.case).page()
    assert "team" not in repr(list(cast.mona.client.session.keys())), "it holds the sign-in alone"
