"""How far people are with each round: counts for whoever works on the study, and never who."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from django.urls import reverse

from core import ids
from research import sealed
from research.actions import waves
from research.enums import Part, StudyRole, TaskState
from research.models import Arm, Colleague, Study, WaveTask
from research.policies import Desk
from research.presenters.progress import hide, hide_totals, tables
from research.selectors import progress
from research.selectors.measures import FLOOR
from research.selectors.progress import Stage
from tests.people import Cast, Person, make_people
from tests.research.questions import WAVES, crowd, in_days
from tests.research.studies import Team, begin, make_study

pytestmark = pytest.mark.django_db
ARMS = [{"code": code, "title": code, "policy": {}, "weight": 1} for code in "AB"]


@pytest.fixture
def team(cast: Cast) -> Team:
    made = make_study((cast.harbour, cast.lead), waves=WAVES, arms=ARMS)
    waves.prepare(study=made.study, settings={"waves": WAVES})
    return made


def url(study: Study) -> str:
    return reverse("research:progress", args=[study.public_id])


def page(who: Person, study: Study) -> str:
    answer = who.client.get(url(study))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", ["alice", "mona", "lead", "weak", "olga", "nobody"])
def test_only_those_who_work_on_it_see_it(cast: Cast, team: Team, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(url(team.study)).status_code == 404
    other = make_other()
    assert other.ruth.client.get(url(team.study)).status_code == 404
    assert team.ruth.client.post(url(team.study)).status_code == 405


def make_other() -> Team:
    """Somebody with another study."""
    who = make_people({"rita": True})["rita"]
    return Team(begin(who), ruth=who, remy=who, ana=who)


def test_each_is_counted_once_where_they_are(cast: Cast, team: Team) -> None:
    people = crowd(team.study, cast.harbour, size=21)
    first = [one.tasks.get(wave__number=1) for one in people]
    states = {0: TaskState.DONE, 1: TaskState.STARTED, 2: TaskState.DECLINED, 3: TaskState.CANCELLED}
    for nth, task in enumerate(first[:12]):
        WaveTask.objects.filter(pk=task.pk).update(state=states[nth % 4])
    team.study.participants.filter(pk=people[0].pk).update(part=Part.STOPPED)  # may be used
    team.study.participants.filter(pk=people[4].pk).update(part=Part.EXCLUDED)  # may not
    one, two = progress.counts(desk=team.desk())
    assert one.all == Counter({Stage.DONE: 2, Stage.PART_WAY: 3, Stage.OVER: 3, Stage.NOT_OPENED: 9})
    assert two.all == Counter({Stage.NOT_DUE: 20})
    with in_days(20):
        one, _two = progress.counts(desk=team.desk())
        assert one.all == Counter({Stage.DONE: 2, Stage.OVER: 15})


def test_versions_are_shown_by_letters_that_say_nothing_to_an_analyst(cast: Cast, team: Team) -> None:
    a, b = team.study.arms.order_by("code")
    crowd(team.study, cast.harbour, size=12, arm=a)
    crowd(team.study, cast.harbour, size=30, arm=b)
    for who in ("ruth", "remy"):
        shown = page(getattr(team, who), team.study)
        assert "Version A" in shown and "Version B" in shown
    shown = page(team.ana, team.study)
    assert "Version A" not in shown and "Version B" not in shown
    assert "Version Y" in shown and "Version Z" in shown
    names = progress.letters(desk=team.desk("ana"))
    assert names == progress.letters(desk=team.desk("ana")) and set(names.values()) == {"Y", "Z"}


def test_the_letters_follow_from_the_study_alone(cast: Cast) -> None:
    """Over many studies the first version is as often the one letter as the other."""
    first = Counter[str]()
    for _ in range(60):
        sid = ids.new_public_id()
        study = Study.objects.create(public_id=sid, sealed_key=sealed.new_key(public_id=sid))
        arms = [Arm.objects.create(study=study, code=code, title=code) for code in "AB"]
        desk = Desk(study=study, colleague=Colleague(study=study, role=StudyRole.ANALYST))
        first[progress.letters(desk=desk)[arms[0].pk]] += 1
    assert min(first["Y"], first["Z"]) > 10


def test_no_name_and_no_number_of_anybody(cast: Cast, team: Team) -> None:
    a, b = team.study.arms.order_by("code")
    people = crowd(team.study, cast.harbour, size=6, arm=a) + crowd(team.study, cast.harbour, size=3, arm=b)
    shown = page(team.ruth, team.study)
    assert not [one for one in people if one.pid in shown or bytes(one.key).hex() in shown]
    assert "Grey Heron" not in shown and cast.harbour.name not in shown


def test_a_small_count_of_a_version_is_not_shown_nor_what_gives_it_away(cast: Cast, team: Team) -> None:
    a, b = team.study.arms.order_by("code")
    crowd(team.study, cast.harbour, size=9, arm=a)
    crowd(team.study, cast.harbour, size=4, arm=b)
    one = tables(progress.counts(desk=team.desk()))[0]
    cells = {title: [text for _head, text in row] for title, row in one.rows}
    assert cells["not opened"] == [
        "not shown",
        "not shown",
        "13",
    ]  # were one called small, 5 and 6 would tell it
    assert cells["done"] == ["not shown", "not shown", "0"]
    crowd(team.study, cast.harbour, size=1, arm=b)
    one = tables(progress.counts(desk=team.desk()))[0]
    cells = {title: [text for _head, text in row] for title, row in one.rows}
    assert cells["not opened"] == ["9", "5", "14"]


def test_no_hidden_count_stands_alone() -> None:
    """In no line and no column: else the sum of it, minus the rest, would be the count."""
    dice = random.Random(5)
    for _ in range(500):
        names = "ABCD"[: dice.randrange(2, 5)]
        counts = {
            (stage, name): dice.choice([0, dice.randrange(5), dice.randrange(60)])
            for stage, name in itertools.product(Stage, names)
        }
        hidden = hide(counts)
        assert all(at in hidden for at, count in counts.items() if count < FLOOR)
        for way, values in ((0, list(Stage)), (1, list(names))):
            for value in values:
                assert sum(at[way] == value for at in hidden) != 1


def test_without_versions_there_is_one_column(cast: Cast) -> None:
    made = make_study((cast.harbour, cast.lead), waves=WAVES)
    waves.prepare(study=made.study, settings={"waves": WAVES})
    crowd(made.study, cast.harbour, size=3)
    (title, cells) = tables(progress.counts(desk=made.desk()))[0].rows[2]
    assert (title, cells) == ("not opened", [("Together", "not shown")]), "there are fewer than five"
    crowd(made.study, cast.harbour, size=2)
    (title, cells) = tables(progress.counts(desk=made.desk()))[0].rows[2]
    assert (title, cells) == ("not opened", [("Together", "5")])


@pytest.mark.parametrize("size", [6, 9, 20])
def test_a_total_of_one_is_not_shown_nor_found_by_taking_away(cast: Cast, size: int) -> None:
    """Whoever knows how many take part takes from that what is shown."""
    made = make_study((cast.harbour, cast.lead), waves=WAVES)
    waves.prepare(study=made.study, settings={"waves": WAVES})
    people = crowd(made.study, cast.harbour, size=size)
    WaveTask.objects.filter(pk=people[0].tasks.get(wave__number=1).pk).update(state=TaskState.DONE)
    shown = {title: cells[0][1] for title, cells in tables(progress.counts(desk=made.desk()))[0].rows}
    assert shown["done"] == shown["not opened"] == "not shown" and shown["over, or left out"] == "0"
    assert "not shown" in page(made.ruth, made.study).lower()


def test_versions_do_not_add_up_to_a_total_that_is_not_shown(cast: Cast, team: Team) -> None:
    a, b = team.study.arms.order_by("code")
    people = crowd(team.study, cast.harbour, size=9, arm=a) + crowd(team.study, cast.harbour, size=6, arm=b)
    WaveTask.objects.filter(pk=people[0].tasks.get(wave__number=1).pk).update(state=TaskState.DONE)
    shown = dict(tables(progress.counts(desk=team.desk()))[0].rows)
    for title in ("done", "not opened"):
        assert [text for _head, text in shown[title]] == ["not shown"] * 3


def test_no_small_total_can_be_worked_out() -> None:
    dice = random.Random(7)
    for _ in range(2000):
        counts = Counter({stage: dice.choice([0, dice.randrange(7), dice.randrange(60)]) for stage in Stage})
        few = hide_totals(counts)
        assert few >= {stage for stage in Stage if 0 < counts[stage] < FLOOR}
        rest = sum(counts[stage] for stage in few)
        is_all = all(stage in few or not counts[stage] for stage in Stage)
        assert not few or is_all or (len(few) > 1 and rest >= FLOOR)
