"""The rota's page: hours for members, shifts for the team, everybody's for a lead."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from community.actions import rota as actions
from community.enums import Away, Role
from community.errors import MayNot, NotHere
from community.models import Member, OffDuty, Persona, Shift
from community.selectors import rota as selectors
from core import clock, ids
from tests.community.test_strip import MON, TUE, at, shift
from tests.people import Cast, Person

SHIFT = {"persona": "me", "weekday": "0", "starts": "18:00", "ends": "22:00"}
PLAIN = {name: value for name, value in SHIFT.items() if name != "persona"}


def page(
    cast: Cast, name: str = "rota", data: dict[str, Any] | None = None, *, who: str = ""
) -> HttpResponse:
    """A page of the harbour's rota, as somebody sees it; with data, posted."""
    client = cast.people[who].client if who else cast.nobody
    url = reverse(f"community:{name}", args=[cast.harbour.public_id])
    answer: HttpResponse = client.get(url) if data is None else client.post(url, data)
    return answer


# --- who is refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["", "olga", "barred", "ned"])
@pytest.mark.parametrize("name", ["rota", "rota_remove", "off_duty", "back_on_duty"])
def test_outsiders_find_nothing(cast: Cast, who: str, name: str) -> None:
    assert page(cast, name, who=who).status_code == 404
    assert page(cast, name, {**SHIFT, "choice": "week"}, who=who).status_code == 404
    assert not Shift.objects.exists()
    assert not OffDuty.objects.exists()


@pytest.mark.parametrize("who", ["alice", "lena", "muted", "weak"])
def test_members_and_roles_without_a_second_step_change_nothing(cast: Cast, who: str) -> None:
    mine = shift(cast.mona.member(cast.harbour), MON, "18:00", "22:00")
    assert page(cast, "rota", SHIFT, who=who).status_code == 404
    assert page(cast, "rota_remove", {"shift": mine.public_id}, who=who).status_code == 404
    assert page(cast, "off_duty", who=who).status_code == 404
    assert page(cast, "off_duty", {"choice": "week"}, who=who).status_code == 404
    assert page(cast, "back_on_duty", {}, who=who).status_code == 404
    assert list(Shift.objects.all()) == [mine]
    with pytest.raises(NotHere):
        actions.go_off_duty(here=cast.people[who].here(cast.harbour), choice=Away.WEEK)


def test_a_moderator_touches_only_their_own_shifts(cast: Cast) -> None:
    theirs = shift(cast.lead.member(cast.harbour), MON, "18:00", "22:00")
    lead_name = Persona.objects.get(member=cast.lead.member(cast.harbour))
    assert page(cast, "rota_remove", {"shift": theirs.public_id}, who="mona").status_code == 404
    with pytest.raises(NotHere):
        actions.add_shift(
            here=cast.mona.here(cast.harbour), weekday=TUE, starts=dt.time(9), ends=dt.time(10),
            persona_id=lead_name.public_id,
        )  # fmt: skip
    page(cast, "rota", {**SHIFT, "persona": lead_name.public_id}, who="mona")  # the form has no such field
    assert not Shift.objects.filter(member=theirs.member).exclude(pk=theirs.pk).exists()


def test_a_lead_gives_shifts_to_the_team_alone(cast: Cast) -> None:
    for member in (cast.alice.member(cast.harbour), cast.ned.member(cast.meadow)):
        name = Persona.objects.get(member=member)
        assert page(cast, "rota", {**SHIFT, "persona": name.public_id}, who="lead").status_code == 422
        with pytest.raises(NotHere):
            actions.add_shift(
                here=cast.lead.here(cast.harbour), weekday=MON, starts=dt.time(9), ends=dt.time(10),
                persona_id=name.public_id,
            )  # fmt: skip
    assert not Shift.objects.exists()


def test_a_lead_cannot_reach_into_another_group(cast: Cast) -> None:
    other = shift(cast.ned.member(cast.meadow), MON, "18:00", "22:00")
    assert page(cast, "rota_remove", {"shift": other.public_id}, who="lead").status_code == 404
    assert page(cast, "rota_remove", {"shift": "\0"}, who="lead").status_code == 404
    assert Shift.objects.filter(pk=other.pk).exists()


@pytest.mark.parametrize("wrong", [{"weekday": "7"}, {"weekday": ""}, {"starts": "late"}, {"ends": ""}])
def test_a_wrong_shift_is_shown_again_with_what_to_do(cast: Cast, wrong: dict[str, str]) -> None:
    answer = page(cast, "rota", PLAIN | wrong, who="mona")
    assert answer.status_code == 422
    assert 'id="errors"' in answer.content.decode()
    assert not Shift.objects.exists()


def test_a_shift_has_two_different_times(cast: Cast) -> None:
    answer = page(cast, "rota", PLAIN | {"starts": "19:00", "ends": "19:00", "sure": "on"}, who="mona")
    assert answer.status_code == 422
    assert "The two times are the same." in answer.content.decode()
    with pytest.raises(MayNot):
        actions.add_shift(here=cast.mona.here(cast.harbour), weekday=MON, starts=dt.time(9), ends=dt.time(9))
    assert not Shift.objects.exists()


@pytest.mark.parametrize(("starts", "ends"), [("08:00", "20:01"), ("22:00", "21:59")])
def test_more_than_twelve_hours_are_asked_about_once(cast: Cast, starts: str, ends: str) -> None:
    long = PLAIN | {"starts": starts, "ends": ends}
    assert 'name="sure"' not in page(cast, who="mona").content.decode()
    answer = page(cast, "rota", long, who="mona")
    assert answer.status_code == 422 and 'name="sure"' in answer.content.decode()
    assert not Shift.objects.exists()
    assert page(cast, "rota", long | {"sure": "on"}, who="mona").status_code == 302
    assert Shift.objects.count() == 1


def test_a_night_of_twelve_hours_is_not_asked_about(cast: Cast) -> None:
    assert page(cast, "rota", PLAIN | {"starts": "20:00", "ends": "08:00"}, who="mona").status_code == 302


def test_nobody_can_have_endless_shifts(cast: Cast) -> None:
    mona = cast.mona.member(cast.harbour)
    Shift.objects.bulk_create(
        Shift(group=mona.group, member=mona, weekday=TUE, starts=dt.time(1, minute), ends=dt.time(2))
        for minute in range(actions.MOST_SHIFTS)
    )
    with pytest.raises(MayNot):
        actions.add_shift(here=cast.mona.here(cast.harbour), weekday=MON, starts=dt.time(9), ends=dt.time(10))
    assert page(cast, "rota", PLAIN, who="mona").status_code == 422


# --- what each sees -------------------------------------------------------------------------------------------


def seen(cast: Cast, who: str) -> str:
    """The rota's page as text."""
    return page(cast, who=who).content.decode()


def test_members_see_hours_but_not_whose(cast: Cast) -> None:
    shift(cast.mona.member(cast.harbour), MON, "18:00", "21:00")
    shift(cast.lead.member(cast.harbour), MON, "20:00", "02:00")
    for who in ("alice", "lena", "weak"):
        html = seen(cast, who)
        assert "<li>Monday 18:00 to 02:00</li>" in html  # one stretch: not even how many people
        assert "21:00" not in html.split("<h1>")[1]
        assert "Clear Brook" not in html
        assert "Broad Field" not in html
        assert "csrfmiddlewaretoken" not in html


def test_a_moderator_sees_their_own_and_a_lead_everyones(cast: Cast) -> None:
    shift(cast.mona.member(cast.harbour), MON, "18:00", "21:00")
    shift(cast.lead.member(cast.harbour), TUE, "09:00", "10:00")
    assert seen(cast, "mona").count("rota/remove/") == 1
    assert "Broad Field" not in seen(cast, "mona")
    html = seen(cast, "lead")
    assert html.count("rota/remove/") == 2
    assert "Clear Brook" in html


# --- what it does ---------------------------------------------------------------------------------------------


def test_a_moderator_adds_and_takes_out_a_shift(cast: Cast) -> None:
    for _ in range(2):  # sent twice, stored once
        assert page(cast, "rota", PLAIN, who="mona").status_code == 302
    mine = Shift.objects.get()
    assert (mine.member, mine.weekday, mine.starts, mine.ends) == (
        cast.mona.member(cast.harbour), 0, dt.time(18), dt.time(22),
    )  # fmt: skip
    assert page(cast, "rota_remove", {"shift": mine.public_id}, who="mona").status_code == 302
    assert not Shift.objects.exists()


def test_a_lead_gives_and_takes_a_shift_by_name(cast: Cast) -> None:
    mona = cast.mona.member(cast.harbour)
    name = Persona.objects.get(member=mona)
    assert page(cast, "rota", {**SHIFT, "persona": name.public_id}, who="lead").status_code == 302
    given = Shift.objects.get()
    assert given.member == mona
    assert page(cast, "rota_remove", {"shift": given.public_id}, who="lead").status_code == 302
    assert page(cast, "rota", SHIFT, who="lead").status_code == 302
    assert Shift.objects.get().member == cast.lead.member(cast.harbour)


@pytest.mark.parametrize(
    ("now", "choice", "until"),
    [
        ("2026-06-01 19:00", Away.SHIFT, "2026-06-02 02:00"),  # in it
        ("2026-06-01 09:00", Away.SHIFT, "2026-06-02 02:00"),  # it starts later today
        ("2026-06-02 01:00", Away.SHIFT, "2026-06-02 02:00"),  # in what is left of it
        ("2026-06-03 09:00", Away.SHIFT, "2026-06-04 00:00"),  # none today
        ("2026-06-01 19:00", Away.MORNING, "2026-06-02 06:00"),
        ("2026-06-01 01:36", Away.MORNING, "2026-06-01 06:00"),  # after midnight: the same day
        ("2026-06-01 06:00", Away.MORNING, "2026-06-02 06:00"),
        ("2026-06-01 19:00", Away.WEEK, "2026-06-08 06:00"),
        ("2026-10-24 19:00", Away.MORNING, "2026-10-25 06:00"),  # the clocks change in between
    ],
)
def test_off_duty_lasts_as_long_as_chosen(cast: Cast, now: str, choice: Away, until: str) -> None:
    shift(cast.mona.member(cast.harbour), MON, "18:00", "02:00")
    with clock.held_at(at(now)):
        assert page(cast, "off_duty", {"choice": choice.value}, who="mona").status_code == 302
    assert OffDuty.objects.get().until == at(until)


@pytest.mark.parametrize(
    ("now", "day"),
    [("2026-06-01 01:36", "Monday"), ("2026-06-01 06:00", "Tuesday"), ("2026-06-01 23:59", "Tuesday")],
)
def test_the_choice_says_which_morning(cast: Cast, now: str, day: str) -> None:
    with clock.held_at(at(now)):
        shown = page(cast, "off_duty", who="mona").content.decode()
    assert f"Until {day}, 6 in the morning" in shown


def test_the_rest_of_a_shift_is_offered_only_where_there_is_one(cast: Cast) -> None:
    shift(cast.mona.member(cast.harbour), MON, "18:00", "22:00")
    for now, offered in (("2026-06-01 09:00", True), ("2026-06-03 09:00", False)):
        with clock.held_at(at(now)):
            assert ("rest of my shift" in page(cast, "off_duty", who="mona").content.decode()) is offered


def test_off_duty_and_back_change_who_is_here_in_this_group_only(cast: Cast) -> None:
    mona = cast.mona.member(cast.harbour)
    shift(mona, MON, "18:00", "22:00")
    with clock.held_at(at("2026-06-01 19:00")):
        page(cast, "off_duty", {"choice": "week"}, who="mona")
        assert selectors.on_duty(group=cast.harbour, moment=clock.now()) == []
        assert "You are off duty until Monday 8 June, 06:00." in seen(cast, "mona")
        assert "off duty" not in seen(cast, "alice").lower().split("<h1>")[1]
        assert page(cast, "back_on_duty", {}, who="mona").status_code == 302
        assert selectors.on_duty(group=cast.harbour, moment=clock.now()) == [mona]


@pytest.mark.parametrize("data", [{}, {"choice": "forever"}])
def test_off_duty_asks_again(cast: Cast, data: dict[str, str]) -> None:
    assert page(cast, "off_duty", data, who="mona").status_code == 422
    assert page(cast, "off_duty", who="mona").status_code == 200


@pytest.mark.parametrize("count", [10, 1000])
@pytest.mark.parametrize(("who", "queries"), [("alice", 8), ("mona", 14), ("lead", 17)])
def test_queries_do_not_grow(
    cast: Cast, who: str, queries: int, count: int, django_assert_num_queries
) -> None:
    person: Person = cast.people[who]
    group = cast.harbour
    team = [
        Member(group=group, owner_tag=ids.new_secret(), role=Role.MODERATOR, accepted_version=1)
        for _ in range(count)
    ]
    Member.objects.bulk_create(team)
    Shift.objects.bulk_create(
        Shift(group=group, member=one, weekday=MON, starts=dt.time(18), ends=dt.time(22)) for one in team
    )
    Persona.objects.bulk_create(
        Persona(member=one, group=group, handle=f"N{number}", handle_key=f"n{number}", avatar_svg="<svg/>")
        for number, one in enumerate(team)
    )
    with django_assert_num_queries(queries):
        assert person.client.get(reverse("community:rota", args=[group.public_id])).status_code == 200
