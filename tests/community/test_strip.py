"""The strip tells the truth: who is here by the rota, at every odd hour of the year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from community.actions import rota as keeping
from community.enums import Role
from community.models import Group, Member, OffDuty, Shift, Standing
from community.presenters.strip import hours_in_words, place_of, strip_for, week_in_words
from community.selectors import rota
from core import clock, ids
from tests.people import Cast

LONDON = ZoneInfo("Europe/London")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def at(text: str, *, fold: int = 0) -> dt.datetime:
    """A moment on London's clock, '2026-06-01 12:00' (a Monday)."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=fold)


def shift(member: Member, weekday: int, starts: str, ends: str) -> Shift:
    """A weekly shift."""
    return Shift.objects.create(
        group=member.group, member=member, weekday=weekday,
        starts=dt.time.fromisoformat(starts), ends=dt.time.fromisoformat(ends),
    )  # fmt: skip


def says(group: Group, moment: dt.datetime) -> str:
    """The strip's headline at a moment, without whose clock it is."""
    with clock.held_at(moment):
        headline, clock_of = strip_for(group).headline, f" ({place_of(group)} time)"
        assert headline.endswith(f"{clock_of}.") is ("until" in headline) and headline.count(" time)") < 2
        return headline.replace(clock_of, "")


@pytest.fixture
def group(cast: Cast) -> Group:
    return cast.harbour


@pytest.fixture
def mona(cast: Cast, group: Group) -> Member:
    return cast.mona.member(group)


@pytest.fixture
def lead(cast: Cast, group: Group) -> Member:
    return cast.lead.member(group)


def test_no_rota_says_so(group: Group) -> None:
    assert says(group, at("2026-06-01 12:00")) == "The team looks in, but has no set hours."


def test_a_group_without_a_team_says_so(group: Group) -> None:
    Member.objects.filter(group=group).update(role=Role.MEMBER)
    assert says(group, at("2026-06-01 12:00")) == "There is nobody from the team yet."


@pytest.mark.parametrize("moderated", [True, False])
def test_one_person_without_hours_is_the_same_truth_everywhere(
    cast: Cast, group: Group, mona: Member, moderated: bool
) -> None:
    Member.objects.filter(group=group).exclude(pk=mona.pk).update(role=Role.MEMBER)
    Group.objects.filter(pk=group.pk).update(moderated=moderated)
    about = cast.alice.client.get(f"/g/{group.public_id}/about/").content.decode()
    assert "One person looks after this group, and keeps no hours." in about
    assert (
        "No moderators" not in about
        and "Moderators." not in about
        and ("<dd>One person.</dd>" in about) == moderated
    )


def test_a_few_who_keep_no_hours_are_no_group_without_anybody(cast: Cast, group: Group, mona: Member) -> None:
    Member.objects.filter(group=group, role=Role.LEAD).update(role=Role.MEMBER)
    shift(mona, MON, "18:00", "22:00")
    Group.objects.filter(pk=group.pk).update(moderated=False)
    about = cast.alice.client.get(f"/g/{group.public_id}/about/").content.decode()
    assert about.count("A few people look after this group, and keep no hours.") == 2
    assert "Nobody has promised to read" in about and "No moderators" not in about


def test_one_line_on_a_phone_says_the_same_with_the_clock(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    with clock.held_at(at("2026-06-01 12:00")):
        assert strip_for(group).short == "No team on duty until 18:00 (London)"
    with clock.held_at(at("2026-06-01 19:00")):
        assert strip_for(group).short == "Team on duty until 22:00 (London)"
        page = Template("{% load strip %}{% strip group short=True %}").render(Context({"group": group}))
    assert "Team on duty until 22:00 (London)" in page
    assert "Not a crisis service" in page


@pytest.mark.parametrize(
    ("days", "starts", "ends", "lines"),
    [
        ((MON, TUE, WED, THU, FRI), "19:00", "22:00", ["Monday to Friday, 19:00 to 22:00"]),
        ((MON, TUE), "19:00", "22:00", ["Monday and Tuesday, 19:00 to 22:00"]),
        (range(7), "22:00", "02:00", ["Every day, 22:00 to 02:00"]),
        ((MON, WED), "19:00", "22:00", ["Monday 19:00 to 22:00", "Wednesday 19:00 to 22:00"]),
        (
            (MON, TUE),
            "18:00",
            "13:00",
            ["Monday 18:00 to Tuesday 13:00", "Tuesday 18:00 to Wednesday 13:00"],
        ),
        (range(7), "00:00", "00:00", ["All day, every day"]),
    ],
)
def test_equal_days_are_one_line(
    group: Group, mona: Member, days: Sequence[int], starts: str, ends: str, lines: list[str]
) -> None:
    for day in days:
        shift(mona, day, starts, ends)
    assert week_in_words(rota.hours_of(group=group)) == lines


@pytest.mark.parametrize(
    ("moment", "headline"),
    [
        ("2026-06-01 17:59", "Nobody from the team is on duty until 18:00."),
        ("2026-06-01 18:00", "Someone from the team is on duty until 22:00."),
        ("2026-06-01 21:59", "Someone from the team is on duty until 22:00."),
        ("2026-06-01 22:00", "Nobody from the team is on duty until Thursday 23:00."),
        ("2026-06-03 12:00", "Nobody from the team is on duty until tomorrow 23:00."),
        ("2026-06-03 23:59", "Nobody from the team is on duty until tomorrow 23:00."),
        ("2026-06-04 22:30", "Nobody from the team is on duty until 23:00."),
        ("2026-06-04 23:30", "Someone from the team is on duty until 02:00."),  # over midnight, before
        ("2026-06-05 00:00", "Someone from the team is on duty until 02:00."),  # and after
        ("2026-06-05 01:59", "Someone from the team is on duty until 02:00."),
        ("2026-06-05 02:00", "Nobody from the team is on duty until Monday 18:00."),
    ],
)
def test_truth_at_each_hour_of_a_week(group: Group, mona: Member, moment: str, headline: str) -> None:
    shift(mona, MON, "18:00", "22:00")
    shift(mona, THU, "23:00", "02:00")
    assert says(group, at(moment)) == headline


def test_sunday_night_runs_into_monday(group: Group, mona: Member) -> None:
    shift(mona, SUN, "22:00", "01:00")
    assert says(group, at("2026-06-01 00:30")) == "Someone from the team is on duty until 01:00."
    assert says(group, at("2026-06-01 01:00")) == "Nobody from the team is on duty until Sunday 22:00."


def test_a_single_shift_that_just_ended_names_the_date(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    assert says(group, at("2026-06-01 22:00")) == "Nobody from the team is on duty until Monday 8 June 18:00."


def test_shifts_that_meet_or_overlap_are_one_stretch(group: Group, mona: Member, lead: Member) -> None:
    shift(mona, MON, "18:00", "20:00")
    shift(lead, MON, "20:00", "21:00")
    shift(mona, MON, "20:30", "23:00")
    assert says(group, at("2026-06-01 18:30")) == "Someone from the team is on duty until 23:00."
    assert set(rota.on_duty(group=group, moment=at("2026-06-01 20:45"))) == {mona, lead}


def test_cover_without_a_gap_names_no_end(group: Group, mona: Member) -> None:
    for weekday in range(7):
        shift(mona, weekday, "00:00", "00:00")
    assert says(group, at("2026-06-01 12:00")) == "Someone from the team is on duty at all hours."


def test_a_long_stretch_names_the_day_it_ends(group: Group, mona: Member) -> None:
    shift(mona, MON, "08:00", "08:00")
    shift(mona, TUE, "08:00", "20:00")
    assert says(group, at("2026-06-01 12:00")) == "Someone from the team is on duty until tomorrow 20:00."


# --- the clocks change: 29 March 2026 at 01:00 to 02:00, 25 October 2026 at 02:00 back to 01:00 ------------------


@pytest.mark.parametrize(
    ("hours", "moment", "fold", "headline"),
    [
        ("23:00-03:00", "2026-03-29 00:30", 0, "Someone from the team is on duty until 03:00."),
        ("23:00-03:00", "2026-03-29 02:30", 0, "Someone from the team is on duty until 03:00."),
        ("23:00-03:00", "2026-03-29 03:00", 0, "Nobody from the team is on duty until Saturday 23:00."),
        # 01:30 is skipped
        ("23:00-01:30", "2026-03-29 00:59", 0, "Someone from the team is on duty until 02:30."),
        ("23:00-03:00", "2026-10-25 01:30", 0, "Someone from the team is on duty until 03:00."),
        ("23:00-03:00", "2026-10-25 01:30", 1, "Someone from the team is on duty until 03:00."),
        ("23:00-01:30", "2026-10-25 01:00", 0, "Someone from the team is on duty until 01:30."),
        # 01:00 comes a second time
        ("23:00-01:30", "2026-10-25 01:00", 1, "Nobody from the team is on duty until Saturday 23:00."),
    ],
)
def test_truth_when_the_clocks_change(
    mona: Member, hours: str, moment: str, fold: int, headline: str
) -> None:
    shift(mona, SAT, *hours.split("-"))
    assert says(mona.group, at(moment, fold=fold)) == headline


def test_a_shift_keeps_its_hour_through_summer_and_winter(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    for day in ("2026-01-05", "2026-07-06"):
        assert says(group, at(f"{day} 18:00")).startswith("Someone")
        assert says(group, at(f"{day} 17:59")).startswith("Nobody")


def test_hours_are_on_the_groups_own_clock(group: Group, mona: Member) -> None:
    group.time_zone = "America/New_York"
    group.save()
    shift(mona, MON, "18:00", "22:00")
    assert says(group, at("2026-06-01 23:00")) == "Someone from the team is on duty until 22:00."
    assert says(group, at("2026-06-01 18:30")) == "Nobody from the team is on duty until 18:00."
    with clock.held_at(at("2026-06-01 23:00")):
        assert strip_for(group).headline.endswith(" (New York time).")


# --- off duty -------------------------------------------------------------------------------------------------


def test_off_duty_beats_the_rota_until_it_ends(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    OffDuty.objects.create(member=mona, until=at("2026-06-01 20:00"))
    assert says(group, at("2026-06-01 19:00")) == "Nobody from the team is on duty until 20:00."
    assert says(group, at("2026-06-01 20:00")) == "Someone from the team is on duty until 22:00."


def test_one_away_leaves_the_others(group: Group, mona: Member, lead: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    shift(lead, MON, "18:00", "21:00")
    OffDuty.objects.create(member=mona, until=at("2026-06-08 06:00"))
    assert says(group, at("2026-06-01 19:00")) == "Someone from the team is on duty until 21:00."
    assert rota.on_duty(group=group, moment=at("2026-06-01 19:00")) == [lead]


def test_a_week_away_still_names_the_next_shift(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    OffDuty.objects.create(member=mona, until=at("2026-06-08 06:00"))
    assert says(group, at("2026-06-01 19:00")) == "Nobody from the team is on duty until Monday 8 June 18:00."


def test_away_for_longer_than_the_rota_looks_ahead(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    OffDuty.objects.create(member=mona, until=at("2027-06-01 06:00"))
    assert says(group, at("2026-06-01 19:00")) == "Nobody from the team is on duty for now."


# --- whose hours count ----------------------------------------------------------------------------------------


def test_hours_of_those_without_the_role_or_barred_do_not_count(
    cast: Cast, group: Group, mona: Member
) -> None:
    for person in (cast.alice, cast.bob):
        shift(person.member(group), MON, "18:00", "22:00")
    shift(cast.ned.member(cast.meadow), MON, "18:00", "22:00")
    assert says(group, at("2026-06-01 19:00")) == "The team looks in, but has no set hours."
    shift(mona, MON, "18:00", "22:00")
    assert says(group, at("2026-06-01 19:00")).startswith("Someone")
    Standing.objects.create(group=group, owner_tag=mona.owner_tag, may_read=False)
    assert says(group, at("2026-06-01 19:00")).startswith("Someone"), "else it would say who was limited"
    with clock.held_at(dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)):
        keeping.at_midnight()
    assert says(group, at("2026-06-01 19:00")).startswith("Someone")
    with clock.held_at(dt.datetime(2026, 6, 1, 0, 20, tzinfo=dt.UTC)):
        keeping.at_midnight()
    assert says(group, at("2026-06-01 19:00")).startswith("The team looks in")


def test_signing_in_or_writing_makes_nobody_here(cast: Cast, group: Group) -> None:
    cast.mona.client.get("/")
    assert says(group, at("2026-06-01 19:00")) == "The team looks in, but has no set hours."


# --- the other line -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("professionals", "note", "detail"),
    [
        (False, "A nurse.", "No nurses, doctors or other paid helpers take part."),
        (True, "", "Some nurses, doctors or other paid helpers take part."),
        (True, "A nurse looks in.", "A nurse looks in."),
    ],
)
def test_an_unmoderated_group_says_that_it_is(
    group: Group, mona: Member, professionals: bool, note: str, detail: str
) -> None:
    shift(mona, MON, "18:00", "22:00")
    Member.objects.filter(group=group).update(role=Role.MEMBER)
    group.moderated, group.has_professionals, group.professionals_note = False, professionals, note
    with clock.held_at(at("2026-06-01 19:00")):
        strip = strip_for(group)
    assert (strip.headline, strip.detail) == ("No moderators in this group.", detail)
    assert not strip.somebody_here


@pytest.mark.parametrize(
    ("moment", "hours", "detail"),
    [
        ("2026-06-01 19:00", 3, "Replies usually within 3 hours."),
        ("2026-06-01 19:00", 1, "Replies usually within 1 hour."),
        ("2026-06-01 19:00", 0, ""),
        ("2026-06-01 23:00", 3, ""),  # nobody is here: no reply is promised
    ],
)
def test_replies_are_promised_only_while_somebody_is_here(
    group: Group, mona: Member, moment: str, hours: int, detail: str
) -> None:
    shift(mona, MON, "18:00", "22:00")
    group.response_hours = hours
    with clock.held_at(at(moment)):
        assert strip_for(group).detail == detail


def test_the_strip_on_a_page_leads_to_help(group: Group, mona: Member) -> None:
    shift(mona, MON, "18:00", "22:00")
    with clock.held_at(at("2026-06-01 19:00")):
        html = Template("{% load strip %}{% strip group %}").render(Context({"group": group}))
    assert "Someone from the team is on duty until 22:00 (London time)." in html
    assert 'href="/help/">Not a crisis service' in html


@pytest.mark.parametrize("count", [10, 1000])
def test_one_query_for_ten_or_a_thousand_shifts(group: Group, count: int, django_assert_num_queries) -> None:
    team = [
        Member(group=group, owner_tag=ids.new_secret(), role=Role.MODERATOR, accepted_version=1)
        for _ in range(count)
    ]
    Member.objects.bulk_create(team)
    Shift.objects.bulk_create(
        Shift(group=group, member=member, weekday=MON, starts=dt.time(18), ends=dt.time(22))
        for member in team
    )
    with django_assert_num_queries(1):
        assert says(group, at("2026-06-01 19:00")).startswith("Someone")
    with django_assert_num_queries(1):
        assert [hours_in_words(hours) for hours in rota.hours_of(group=group)] == ["Monday 18:00 to 22:00"]
