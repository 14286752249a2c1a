"""How far people are with each round: counts for whoever works on the study, and never who."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pytest
from django.urls import reverse

from core import clock, ids
from research import sealed
from research.actions import counting as actions
from research.actions import waves
from research.enums import Part, StudyRole, TaskState
from research.models import Arm, Colleague, Study, WaveTask
from research.policies import Desk
from research.presenters.progress import protected, tables
from research.release.suppress import SUM
from research.selectors import progress
from research.selectors.sheets import FLOOR, Stage
from tests.people import Cast, Person, make_people
from tests.research.questions import WAVES, crowd, in_days
from tests.research.studies import Team, begin, make_study
from tests.scenes import same

pytestmark = pytest.mark.django_db
ARMS = [
    {"code": code, "title": code, "policy": policy, "weight": 1}
    for code, policy in (("A", {}), ("B", {"what_matters": "shown"}))
]


@pytest.fixture
@same
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
    actions.count(study=team.study)
    one, two = progress.counts(desk=team.desk())
    assert one.all == Counter({Stage.DONE: 2, Stage.PART_WAY: 3, Stage.OVER: 6, Stage.NOT_OPENED: 9})
    assert two.all == Counter({Stage.NOT_DUE: 20})
    with in_days(20):
        actions.count(study=team.study)
        one, _two = progress.counts(desk=team.desk())
        assert one.all == Counter({Stage.DONE: 2, Stage.OVER: 18})


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


def shown_in(team: Team, number: int = 1) -> dict[str, list[str]]:
    """What stands in the table of a round, as it is counted now."""
    actions.count(study=team.study)
    table = tables(progress.counts(desk=team.desk()))[number - 1]
    return {title: [text for _head, text in cells] for title, cells in table.rows}


def test_a_version_of_few_is_not_shown_and_counts_are_in_fives(cast: Cast, team: Team) -> None:
    a, b = team.study.arms.order_by("code")
    done = [*crowd(team.study, cast.harbour, size=11, arm=a), *crowd(team.study, cast.harbour, size=4, arm=b)]
    crowd(team.study, cast.harbour, size=7, arm=a)
    WaveTask.objects.filter(participant__in=done, wave__number=1).update(state=TaskState.DONE)
    nothing = "not shown"
    assert shown_in(team)["done"] == [nothing, nothing, "about 15"], "four have the other version"
    more = crowd(team.study, cast.harbour, size=6, arm=b)
    crowd(team.study, cast.harbour, size=7, arm=b)
    WaveTask.objects.filter(participant__in=more, wave__number=1).update(state=TaskState.DONE)
    assert shown_in(team)["done"] == ["about 10", "about 10", "about 20"]
    assert shown_in(team)["part-way"] == [nothing] * 3


def test_nothing_is_shown_of_fewer_than_five(cast: Cast) -> None:
    made = make_study((cast.harbour, cast.lead), waves=WAVES)
    waves.prepare(study=made.study, settings={"waves": WAVES})
    crowd(made.study, cast.harbour, size=4)
    assert {text for row in shown_in(made).values() for text in row} == {"not shown"}


def test_a_round_that_is_due_for_nobody_says_so(cast: Cast, team: Team) -> None:
    crowd(team.study, cast.harbour, size=30)
    actions.count(study=team.study)
    assert page(team.ruth, team.study).count("It is due for nobody yet.") == 1
    with in_days(WAVES[1]["week"] * 7, team.ruth):
        assert "It is due for nobody yet." not in page(team.ruth, team.study)


def test_a_round_that_came_after_the_end_says_that_also_later(cast: Cast, team: Team) -> None:
    crowd(team.study, cast.harbour, size=30)
    actions.count(study=team.study)
    Study.objects.filter(pk=team.study.pk).update(state="closed", closed_on=clock.today())
    for days in (0, WAVES[1]["week"] * 7):
        with in_days(days, team.ruth):
            text = page(team.ruth, team.study)
            assert (
                text.count("The study ended before it was due for anybody.") == 1 and "nobody yet" not in text
            )


@pytest.mark.parametrize("names", ["", "AB", "ABC"])
def test_whoever_knows_how_many_there_are_finds_no_small_count(names: str) -> None:
    """Every round has the same people: one round that is shown in full tells the sums of the others. So they count as
    known: each hidden count is still one of six, by tables that fit."""
    dice = random.Random(7)
    for _ in range(200):
        counts = {
            (stage, name): dice.choice([0, dice.randrange(7), dice.randrange(60)])
            for stage, name in itertools.product(Stage, names or "-")
        }
        together = {stage: sum(n for (at, _), n in counts.items() if at == stage) for stage in Stage}
        shown = protected(counts if names else {}, together)
        own = {(stage, SUM): n for stage, n in together.items()} | (counts if names else {})
        assert all(own[Stage(stage), name] >= FLOOR for stage, name in shown)
        for name in {name for _stage, name in shown}:
            hidden = sum(own[stage, name] for stage in Stage if (stage, name) not in shown)
            few = [stage for stage in Stage if (stage, name) not in shown]
            assert not few or (hidden >= FLOOR and len(few) > 1), "else the rest to the sum tells it"


def test_a_large_count_is_shown_where_no_count_of_a_version_may_be() -> None:
    """Few are over in each version, and beside zeros these take all else of a version with them; not the sums."""
    counts = dict.fromkeys(itertools.product(Stage, "AB"), 0)
    counts |= {(Stage.DONE, "A"): 52, (Stage.DONE, "B"): 52, (Stage.OVER, "A"): 2, (Stage.OVER, "B"): 3}
    together = dict.fromkeys(Stage, 0) | {Stage.DONE: 104, Stage.OVER: 5}
    assert protected(counts, together) == {(Stage.DONE, SUM): 105}


def test_all_rounds_have_the_same_people(cast: Cast, team: Team) -> None:
    """Also after somebody stopped: else one sum from another would be how many did."""
    people = crowd(team.study, cast.harbour, size=20)
    for one in people[:3]:
        waves.cancel_all(participant=one)
        team.study.participants.filter(pk=one.pk).update(part=Part.STOPPED)
    actions.count(study=team.study)
    one, two = progress.counts(desk=team.desk())
    assert one.all.total() == two.all.total() == 20 and two.all[Stage.OVER] == 3


def test_it_moves_once_a_day(cast: Cast, team: Team) -> None:
    people = crowd(team.study, cast.harbour, size=30)
    actions.count_each_day()
    before = page(team.ruth, team.study)
    WaveTask.objects.filter(participant__in=people[:20], wave__number=1).update(state=TaskState.DONE)
    actions.count_each_day()
    assert page(team.ruth, team.study).count("about 20") == before.count("about 20") == 0
    with in_days(1):
        actions.count_each_day()
        assert page(team.ruth, team.study).count("about 20") == 1
