"""What a study gives and what it costs: of people who said yes alone, ten and more, and never moved by one of them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from chat.enums import LabelKind
from chat.models import Label
from community.enums import Role
from core import clock, ids
from research.actions import departing, studies
from research.enums import Item, Part, StudyState
from research.measured import Kind, Measure
from research.models import ConsentEvent, Participant, Study, Tally
from research.presenters import tallies as presenter
from research.release.suppress import protect
from research.selectors import tallies
from tests.people import Cast, Person, add, make_group, make_people, make_thread
from tests.research.counted import (
    ALL_OVER,
    ARMS,
    OVER,
    answer,
    counted,
    counted_study,
    people,
    writers,
    wrote,
)
from tests.research.questions import in_days
from tests.research.studies import Team, begin, in_pairs
from tests.scenes import same

pytestmark = pytest.mark.django_db
SCORE, CHANGE = Measure(Kind.SCORE, "heard"), Measure(Kind.CHANGE, "heard")


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return counted_study(cast.harbour, cast.lead)


@pytest.fixture
@same
def two(cast: Cast) -> Team:
    """With two versions: 30 people feel heard under A, 20 under B, and 20 under B do not."""
    made = counted_study(cast.harbour, cast.lead, arms=ARMS)
    a, b = made.study.arms.order_by("code")
    people(made.study, cast.harbour, size=30, score=4, arm=a)
    people(made.study, cast.harbour, size=12, score=0, arm=a)
    people(made.study, cast.harbour, size=20, score=4, arm=b)
    people(made.study, cast.harbour, size=22, score=0, arm=b)
    return made


def url(study: Study) -> str:
    return reverse("research:figures", args=[study.public_id])


def page(who: Person, address: str) -> str:
    answer = who.client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- who may not --------------------------------------------------------------------------------------------
def test_only_those_who_work_on_it_see_it_by_version(cast: Cast, team: Team) -> None:
    rita = make_people({"rita": True})["rita"]
    begin(rita)
    clients = [getattr(cast, who).client for who in ("alice", "mona", "lead", "weak", "olga")]
    for client in (*clients, cast.nobody, rita.client):
        assert client.get(url(team.study)).status_code == 404
    assert team.ruth.client.post(url(team.study)).status_code == 405


def test_only_members_of_a_group_that_said_yes_see_the_rest(cast: Cast, team: Team) -> None:
    here = reverse("research:figures_here", args=[cast.harbour.public_id, team.study.public_id])
    assert cast.alice.client.get(here).status_code == 200
    for client in (cast.olga.client, cast.barred.client, cast.nobody):
        assert client.get(here).status_code in {302, 404}
    other = make_group(name="elsewhere")
    add(cast.alice, other, handle="Tall Birch", role=Role.MEMBER)
    there = reverse("research:figures_here", args=[other.public_id, team.study.public_id])
    assert cast.alice.client.get(there).status_code == 404


# --- whose answers and messages may not be counted ----------------------------------------------------------
def test_nobody_is_counted_without_a_yes_to_just_that(cast: Cast, team: Team) -> None:
    yes = people(team.study, cast.harbour, size=60, score=4)
    people(team.study, cast.harbour, size=20, score=0)
    keys = [bytes(one.key) for one in yes]
    ConsentEvent.objects.filter(key__in=keys[:15]).delete()
    Participant.objects.filter(pk__in=[one.pk for one in yes[15:30]]).update(part=Part.EXCLUDED)
    assert counted(team, after=OVER)[1][SCORE] == [["*", "*", 50], ["*", "high", 30], ["*", "low", 20]]


def test_no_message_is_counted_without_a_yes_to_just_that(cast: Cast) -> None:
    team = counted_study(cast.harbour, cast.lead, items=[Item.SURVEYS, Item.ACTIVITY, Item.POSTS])
    thread = make_thread(cast.harbour)
    for one in writers(team.study, cast.harbour, size=20, items=[Item.ACTIVITY]):
        wrote(one, thread)
    for one in writers(team.study, cast.harbour, size=10, items=[]):
        wrote(one, thread)
    found = counted(team, after=OVER)[1]
    assert found[Measure(Kind.WROTE)] == [["*", "*", 20]], "that nobody wrote more would tell of everyone"
    assert found[Measure(Kind.LABELLED)] == [], "what is read needs another yes than what is counted"


def test_what_a_study_does_not_ask_for_is_no_figure(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=12, score=4)
    bad = Measure(Kind.SCORE, "bad_moments")
    of_activity = {Measure(kind) for kind in (Kind.WROTE, Kind.ANSWERED, Kind.SPOKE, Kind.SHARED)}
    assert set(counted(team, after=OVER)[1]) == {SCORE, bad} | of_activity


# --- few people ---------------------------------------------------------------------------------------------
def test_under_ten_nothing_is_kept(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=9, score=4)
    assert counted(team, after=OVER)[1][SCORE] == []
    shown = page(team.ruth, url(team.study))
    assert "not shown" in shown and "about" not in shown


def test_what_would_give_few_away_is_not_kept_either(cast: Cast, two: Team) -> None:
    quiet = Participant.objects.filter(arm__code="A", tasks__responses__value=0).distinct().order_by("pk")
    Participant.objects.filter(pk__in=list(quiet.values_list("pk", flat=True))[3:]).delete()
    found = {(version, band) for version, band, _n in counted(two, after=OVER)[1][SCORE]}
    assert not {("A", "low"), ("A", "high"), ("B", "low"), ("B", "high")} & found
    assert ("*", "low") in found


# --- what is counted ----------------------------------------------------------------------------------------
def test_people_are_counted_by_version_and_band(cast: Cast, two: Team) -> None:
    table = {("A", "low"): 12, ("A", "high"): 30, ("B", "low"): 22, ("B", "high"): 20}
    found = counted(two, after=OVER)[1][SCORE]
    assert found == sorted([*cell, n] for cell, n in protect(table).shown.items())
    assert ["*", "*", 85] in found


def test_whole_groups_have_versions_too_and_who_has_two_is_not_counted(cast: Cast) -> None:
    other = make_group(name="elsewhere")
    add(cast.lead, other, handle="Broad Field", role=Role.LEAD)
    more = in_pairs(cast.harbour, other)
    team = counted_study(cast.harbour, cast.lead, (other, cast.lead), **more)
    here = people(team.study, cast.harbour, size=3, score=4)
    there = people(team.study, other, size=4, score=0)
    (wave, _later) = team.study.waves.order_by("number")

    def seen() -> set[int]:
        return set(tallies.tables(study=team.study, waves=[wave])[wave][SCORE].values())

    assert seen() == {3, 4, 0}
    Participant.objects.filter(pk=there[0].pk).update(pid=here[0].pid)
    assert seen() == {2, 3, 0}


def test_a_score_is_set_beside_the_first_one(cast: Cast, team: Team) -> None:
    for size, before, now in ((15, 1, 3), (20, 3, 3), (10, 3, 2)):
        answer(people(team.study, cast.harbour, size=size, score=before), number=2, score=now)
    people(team.study, cast.harbour, size=40, score=3)  # came once
    found = counted(team, after=ALL_OVER)
    assert CHANGE not in found[1]
    assert found[2][CHANGE] == [["*", "*", 45], ["*", "higher", 15], ["*", "lower", 10], ["*", "same", 20]]


def test_messages_and_the_answers_of_others_are_counted(cast: Cast) -> None:
    team = counted_study(cast.harbour, cast.lead, items=[Item.SURVEYS, Item.ACTIVITY, Item.POSTS])
    asking = writers(team.study, cast.harbour, size=24)
    (helper, _silent) = writers(team.study, cast.harbour, size=2)
    for nth, one in enumerate(asking):
        thread = make_thread(cast.harbour)
        post = wrote(one, thread)
        wrote(one, thread)  # nobody answers themselves
        if nth < 12:
            wrote(helper, thread, day=1)
            Label.objects.create(
                post=post,
                key=ids.new_secret(),
                kind=LabelKind.GUIDANCE,
                role="nurse",
                expires_on=clock.today(),
            )
    (exact,) = tallies.tables(study=team.study, waves=team.study.waves.filter(number=1)).values()
    assert exact[Measure(Kind.WROTE)] == {("few",): 24, ("some",): 0, ("many",): 1}
    assert exact[Measure(Kind.ANSWERED)] == {("soon",): 12, ("week",): 0, ("later",): 13}
    found = counted(team, after=OVER)[1]
    assert found[Measure(Kind.LABELLED)] == [["*", "*", 25], ["*", "no", 15], ["*", "yes", 10]]


# --- when ---------------------------------------------------------------------------------------------------
def test_nothing_is_counted_while_somebody_can_come_in(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=20, score=4)
    with in_days(100):
        assert tallies.due(team.study) == []


def test_a_round_waits_for_the_next_one_of_everybody(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=20, score=4)
    with in_days(10):
        people(team.study, cast.harbour, size=1, score=4)
    assert counted(team, after=OVER) == {}
    assert counted(team, after=OVER + 9) == {}
    assert set(counted(team, after=OVER + 10)) == {1}
    assert set(counted(team, after=ALL_OVER + 10)) == {1, 2}


def test_a_round_waits_while_the_study_is_paused_and_not_when_it_is_over(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=20, score=4)
    studies.take_nobody_new(desk=team.desk())
    Study.objects.update(is_paused=True)
    team.study.refresh_from_db()
    assert counted(team, after=OVER) == {}
    Study.objects.update(is_paused=False)
    studies.close(desk=team.desk())
    team.study.refresh_from_db()
    assert set(counted(team, after=0)) == {1, 2}


def test_a_round_waits_for_messages_too(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=20, score=4)
    with in_days(5):  # days by lot: messages begin later than answers
        writers(team.study, cast.harbour, size=1)
    assert counted(team, after=OVER) == {}
    assert set(counted(team, after=OVER + 5)) == {1}


def test_a_round_of_which_nothing_is_counted_is_never_due(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = counted_study(cast.harbour, cast.lead, items=[Item.SURVEYS])
    Study.objects.update(state=StudyState.CLOSED)
    team.study.refresh_from_db()
    assert len(tallies.due(team.study)) == 2
    monkeypatch.setattr(tallies, "_scored", lambda _wave: [])
    assert tallies.due(team.study) == []


# --- who looks twice ----------------------------------------------------------------------------------------
def live(team: Team) -> str:
    """What somebody would see who gets the same protected figures, but counted anew each time."""
    team.study.refresh_from_db()
    (wave,) = team.study.waves.filter(number=1)
    (found,) = tallies.tables(study=team.study, waves=[wave]).values()
    return str(sorted(protect(found[SCORE]).shown.items()))


def frozen(team: Team) -> str:
    return page(team.ruth, url(team.study)) + str(counted(team, after=OVER))


def test_who_looks_before_and_after_somebody_leaves_sees_the_same(cast: Cast, team: Team) -> None:
    """The attack: 48 felt heard, 13 did not. Somebody leaves, and the figure falls to 45: then they had felt heard."""
    people(team.study, cast.harbour, size=13, score=0)
    (one, two, *_rest) = people(team.study, cast.harbour, size=49, score=4)
    counted(team, after=OVER)
    live_then, frozen_then = live(team), frozen(team)
    Participant.objects.filter(pk=one.pk).update(part=Part.EXCLUDED, left_on=clock.today())
    departing.forget(Participant, str(two.pk))
    assert frozen(team) == frozen_then
    assert live(team) != live_then, "counted anew, the same attack tells how those who left had answered"


def test_a_figure_is_never_changed(cast: Cast, team: Team) -> None:
    people(team.study, cast.harbour, size=20, score=4)
    counted(team, after=OVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Tally.objects.update(shown=[])
    assert counted(team, after=OVER)[1][SCORE]


# --- how it looks -------------------------------------------------------------------------------------------
def test_an_analyst_reads_letters_and_members_read_no_version_until_it_is_over(cast: Cast, two: Team) -> None:
    counted(two, after=OVER)
    assert "Version A" in page(two.ruth, url(two.study))
    shown = page(two.ana, url(two.study))
    assert "Version Y" in shown and "Version A" not in shown
    here = reverse("research:figures_here", args=[cast.harbour.public_id, two.study.public_id])
    before = page(cast.alice, here)
    assert "Version" not in before and "Together" in before
    assert "Each is named once the study is over." in before
    studies.close(desk=two.desk())
    assert "Version A" in page(cast.alice, here)
    assert "Version A" in page(two.ana, url(two.study)), "as the papers of the study say: until the end"


def test_an_analyst_finds_the_same_figures_under_the_letters(cast: Cast, two: Team) -> None:
    counted(two, after=OVER)

    def lines(who: str) -> list[object]:
        (first, _second) = presenter.at_desk(desk=two.desk(who))
        (figure,) = [
            one for _title, found in first.parts for one in found if one.title.startswith("Feeling heard")
        ]
        return sorted([text for _head, text in cells] for _name, cells in figure.rows)

    assert lines("ruth") == lines("ana")


def test_a_page_tells_shares_in_steps_and_names_nobody_whatever_its_size(
    cast: Cast, two: Team, django_assert_max_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    counted(two, after=OVER)
    with django_assert_max_num_queries(14):
        shown = page(two.ruth, url(two.study))
    assert "75 %" in shown and "about 30" in shown and "style=" not in shown
    assert not [pid for pid in Participant.objects.values_list("pid", flat=True) if pid in shown]
    assert cast.harbour.name not in shown
