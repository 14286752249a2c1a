"""The simulator: the same numbers each time, nothing from nothing, no wrong signs, and a table that hides no number."""

from __future__ import annotations

import ast
import dataclasses
import itertools
import re
import sys
from pathlib import Path

import pytest

from community.enums import Asking, OneThread, Times, WhatMatters
from research.policies import floor
from research.simulation import attack, exact, measures, parameters, power, report, sensitivity, trials
from research.simulation.life import Pool, poisson
from research.simulation.measures import MEASURES, dice_for, run
from research.simulation.policies import POLICIES, START, Policy
from research.simulation.trials import Plan
from tests.architecture import house

FOLDER = Path(parameters.__file__).parent
HEAVY = parameters.changed(write_share=0.5, posts_per_week=4.0)
SMALL = Plan(policy=START, members=40, weeks=4, runs=6, values=HEAVY)
EVERY = [START, POLICIES["most hidden"], POLICIES["most shown"]]


def one(policy: Policy = START, *, seed: object = 1, **some: float) -> measures.Run:
    return run(policy, HEAVY | some, members=60, weeks=5, seed=seed)


# --- the same numbers each time
def test_the_same_seed_gives_the_same_bytes_in_one_process_or_two() -> None:
    plans = [SMALL, dataclasses.replace(SMALL, policy=POLICIES["most shown"])]
    alone = trials.measured(plans, batch=2)
    assert alone == trials.measured(plans, processes=2, batch=3)
    names = ["as groups start", "most shown"]
    files = report.files(SMALL, dict(zip(names, alone, strict=True)))
    assert files == report.files(SMALL, dict(zip(names, trials.measured(plans, batch=4), strict=True)))
    other = trials.measured([dataclasses.replace(SMALL, seed="2")])
    assert other[0] != alone[0]


def test_the_same_people_live_under_every_policy() -> None:
    lives = [one(policy).community for policy in EVERY]
    told = [[(x.joined, x.rate, x.hour, x.alone, x.values) for x in life.people] for life in lives]
    assert told[0] == told[1] == told[2]


def test_it_needs_nothing_but_python() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(house.parsed(path.read_text())):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in named:
                ours = name == "research.simulation" or name.startswith("research.simulation.")
                assert ours or name.split(".")[0] in sys.stdlib_module_names, (path.name, name)


# --- nothing from nothing
@pytest.mark.parametrize("policy", EVERY)
def test_what_comes_out_went_in(policy: Policy) -> None:
    for seed in range(4):
        found = one(policy, seed=seed)
        people, happened = found.community.people, found.happened
        assert sum(x.got for x in people) == sum(x.gave for x in people) == happened.replies
        assert sum(len(x.name_at) + x.fresh for x in people) == happened.written
        assert happened.written >= happened.replies + happened.first
        assert all(x.read <= happened.written for x in people)
        assert 0 <= happened.misled <= happened.read
        assert happened.labelled <= happened.misleading <= happened.written
        assert happened.first_answered <= happened.first <= sum(x.writes for x in people)
        assert happened.unkind <= happened.replies and len(happened.waits) <= happened.replies
        assert all(x.left is None or x.joined <= x.left for x in people)
        assert all(not x.gave and not x.name_at for x in people if not x.writes)
        assert policy.one_thread != "off" or not any(x.fresh for x in people)
        assert set(found.measured) == set(MEASURES)
        assert all(0 <= found.measured[key] <= 1 for key in ("hard_said", "answered", "recognised", "linked"))


def test_every_message_is_told_once() -> None:
    from research.simulation.life import Life
    from research.simulation.people import draw

    group = draw(START, HEAVY, members=40, weeks=3, dice=dice_for("x"))
    life = Life(START, HEAVY, group, weeks=3, dice=dice_for("y"))
    life.happened.said = []
    happened = life.run()
    assert happened.said is not None and len(happened.said) == happened.written > 0
    assert len({said.talk for said in happened.said}) == happened.talks


def test_a_group_in_which_nobody_writes_is_no_error() -> None:
    found = run(START, parameters.changed(write_share=0.0), members=10, weeks=3, seed=1).measured
    assert found["written"] == found["recognised"] == found["misled"] == 0


def test_nobody_answers_themselves() -> None:
    for seed in range(5):
        found = run(START, HEAVY | {"write_share": 1.0, "arrive_first": 1.0}, members=1, weeks=8, seed=seed)
        assert found.happened.first and found.measured["answered"] == found.happened.replies == 0


# --- no wrong signs
def mean(measure: str, policy: Policy = START, *, runs: int = 12, **some: float) -> float:
    found = [one(policy, seed=seed, **some).measured[measure] for seed in range(runs)]
    return sum(found) / runs


def but(**some: object) -> Policy:
    return dataclasses.replace(START, **some)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("measure", "less", "more"),
    [
        ("recognised", {"known_times": 0}, {"known_times": 3}),
        ("recognised", {"known_share": 0.4}, {"known_share": 1.0}),
        ("only_one", {"tell": 0.05}, {"tell": 0.5}),
        ("linked", {"two_groups": 0.1}, {"two_groups": 0.6}),
        ("misled", {"flag_share": 0.8, "team": 6, "shifts": 5}, {"flag_share": 0.2, "team": 1, "shifts": 1}),
        ("misled", {"misleading": 0.01}, {"misleading": 0.4}),
        ("unkind", {"unkind": 0.005}, {"unkind": 0.08}),
        ("hard_said", {"say_hard": 0.2}, {"say_hard": 0.8}),
        ("answered", {"answered_share": 0.4}, {"answered_share": 0.9}),
        ("stayed", {"leave_per_week": 0.12}, {"leave_per_week": 0.02}),
        ("outcome", {"loss_harm": 0.3}, {"loss_harm": 0.0}),
        ("outcome", {"gain_reply": 0.0, "gain_help": 0.0}, {"gain_reply": 0.25, "gain_help": 0.25}),
    ],
)
def test_a_number_works_in_its_direction(
    measure: str, less: dict[str, float], more: dict[str, float]
) -> None:
    assert mean(measure, **less) < mean(measure, **more)


@pytest.mark.parametrize(
    ("measure", "less", "more"),
    [
        ("recognised", but(), but(times="hours")),
        ("linked", but(), but(times="hours")),
        ("only_one", but(asks="hidden"), but(asks="prompted")),
        ("recognised", but(asks="hidden"), but(asks="prompted")),
        ("linked", but(one_thread="first"), but(one_thread="off")),
        ("hard_said", but(one_thread="off"), but(one_thread="first")),
        ("written", but(), but(what_matters="shown")),
    ],
)
def test_a_setting_works_in_its_direction(measure: str, less: Policy, more: Policy) -> None:
    assert mean(measure, less, runs=16) < mean(measure, more, runs=16)


def test_who_sees_more_is_never_worse_off() -> None:
    people = [x for x in one(POLICIES["most shown"]).community.people if x.has_name]

    def could_be(times: str, **some: float) -> attack.Known:
        return attack.recognised(people, HEAVY | some, times=times, dice=dice_for("attack"))

    days, hours = could_be("days").by_all, could_be("hours").by_all
    none = could_be("days", known_times=0).by_all
    assert all(1 <= finer <= rougher for finer, rougher in zip(hours, days, strict=True))
    assert all(some <= nothing for some, nothing in zip(days, none, strict=True))
    assert sum(hours) < sum(days) < sum(none)
    chances = [attack.linked(posts, HEAVY, times="days") for posts in (0, 1, 2, 5, 10, 20, 50, 80, 500)]
    assert chances == sorted(chances) and chances[3] == 0.55
    assert all(
        attack.linked(n, HEAVY, times="hours") >= attack.linked(n, HEAVY, times="days") for n in range(90)
    )


def test_replies_come_sooner_where_more_are_awake() -> None:
    people = [x for x in one().community.people if x.writes]
    few, many = Pool(people[:3], per_hour=0.01), Pool(people, per_hour=0.01)
    assert all(many.wait(hour, 1.0) <= few.wait(hour, 1.0) for hour in range(24))
    assert Pool([], per_hour=0.01).wait(3, 1.0) == float("inf")


def test_draws_have_their_mean() -> None:
    dice = dice_for("poisson")
    for expected in (0.3, 4.0, 75.0):
        found = sum(poisson(expected, dice) for _ in range(4000)) / 4000
        assert abs(found - expected) < 5 * (expected / 4000) ** 0.5


# --- the table
def test_every_number_is_used_and_every_used_one_is_in_the_table() -> None:
    read = {
        node.slice.value
        for path in FOLDER.glob("*.py")
        for node in ast.walk(house.parsed(path.read_text()))
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant)
        and isinstance(node.value, ast.Name | ast.Attribute) and getattr(node.value, "attr", "p") in {"p", "values"}
        and isinstance(node.slice.value, str)
    }  # fmt: skip
    assert read - (set(MEASURES) - set(parameters.table())) == set(parameters.table())
    with pytest.raises(KeyError):
        parameters.changed(no_such_number=1)


def moves(name: str, policy: Policy) -> bool:
    number = parameters.table()[name]
    low, high = (one(policy, seed=9, **{"tell": 0.05, name: number.at(end)}).measured for end in (0.0, 1.0))
    return low != high


def test_every_number_moves_something() -> None:
    days = dataclasses.replace(POLICIES["most shown"], times="days")
    policies = [START, days, POLICIES["most hidden"], POLICIES["most shown"]]
    still = {name for name in parameters.table() if not any(moves(name, policy) for policy in policies)}
    assert not still


def test_every_number_has_a_source_or_says_assumption() -> None:
    for number in parameters.table().values():
        assert number.low <= number.value <= number.high, number.name
        assert number.about and number.low < number.high
        named = re.search(r"doi 10\.\d{4,}/\S+|arXiv:|proof: \w+|J\. |Proc\. ", number.source)
        assert number.is_assumed or named, number.name
    shown = house.text_of("docs/simulation.md")
    assert parameters.markdown() in shown


def test_a_policy_is_a_version_of_the_settings() -> None:
    fields = {field.name for field in dataclasses.fields(Policy)}
    assert fields == floor.KEYS
    values = {
        "one_thread": set(OneThread.values), "asks": set(Asking.values), "what_matters": set(WhatMatters.values),
        "times": set(Times.values), "rhythm": {True, False},
    }  # fmt: skip
    for name, allowed in values.items():
        used = {getattr(policy, name) for policy in POLICIES.values()}
        assert used == allowed, name


# --- exact tests, ranks, and what few groups can show
@pytest.mark.parametrize("pairs", range(1, 9))
def test_the_test_counts_every_way_to_give_versions_out(pairs: int) -> None:
    dice = dice_for("flip", pairs)
    for _ in range(20):
        some = [dice.choice([-1.0, 0.0, 0.1, 0.2, 0.3, dice.gauss(0, 1)]) for _ in range(pairs)]
        sums = [
            sum(s * x for s, x in zip(signs, some, strict=True))
            for signs in itertools.product((1, -1), repeat=pairs)
        ]
        far = sum(abs(found) >= abs(sum(some)) - 1e-9 for found in sums)
        assert exact.sign_flip_p(some) == far / 2**pairs


def test_five_pairs_show_nothing_however_large() -> None:
    assert exact.sign_flip_p([100.0] * 5) == exact.smallest_p(5) == 0.0625 > power.LEVEL
    assert exact.sign_flip_p([100.0] * 6) == exact.smallest_p(6) <= power.LEVEL
    assert exact.sign_flip_p([]) == exact.sign_flip_p([0.0] * 8) == 1.0
    assert not power.Power(pairs=5, weeks=12, seen=0, pilots=10).can_show


def test_equal_policies_show_no_difference_and_others_do() -> None:
    plan = dataclasses.replace(SMALL, runs=60, weeks=3, members=25)
    few = {"measures": ["hard_said"], "pairs": [8], "weeks": [3]}
    (null,) = power.power(plan, other=START, pilots=300, **few)["hard_said"]
    certain = dataclasses.replace(
        plan,
        policy=POLICIES["most hidden"],
        values=HEAVY | {"fresh_odds": 50.0, "take_first": 1.0, "hard_share": 0.6},
    )
    (clear,) = power.power(certain, other=START, pilots=100, **few)["hard_said"]
    assert null.share < 0.12 and clear.share > 0.8
    low, high = null.interval
    assert low <= null.share <= high


def test_ranks() -> None:
    assert exact.ranks([3.0, 1.0, 3.0]) == [2.5, 1.0, 2.5]
    assert exact.rank_correlation([1, 2, 3, 4], [1, 4, 9, 16]) == pytest.approx(1)
    assert exact.rank_correlation([1, 2, 3, 4], [9, 4, 1, 0]) == pytest.approx(-1)
    assert exact.rank_correlation([1, 2, 3], [5, 5, 5]) == 0


def test_each_part_of_each_range_has_its_world() -> None:
    worlds = sensitivity.latin_hypercube(10, dice_for("worlds"))
    for name, number in parameters.table().items():
        if not number.is_whole:
            parts = sorted(
                int(10 * (w[name] - number.low) / (number.high - number.low) - 1e-12) for w in worlds
            )
            assert parts == list(range(10)), name
        assert all(number.low <= world[name] <= number.high for world in worlds)


def test_what_a_conclusion_hangs_on_is_found() -> None:
    plan = dataclasses.replace(SMALL, policy=POLICIES["most hidden"], weeks=3)
    worlds = sensitivity.all_at_once(plan, other=START, worlds=30)
    strongest = list(worlds.correlations("misled").items())
    assert "misleading_fresh" in dict(strongest[:2]) and strongest[0][1] > worlds.noise
    assert worlds.above("hard_said") > 15 > worlds.above("linked")


@pytest.mark.parametrize("name", sorted(sensitivity.OF_ATTACKS))
def test_what_an_attacker_knows_moves_nothing_that_people_do(name: str) -> None:
    """So no list says that it goes with anything else, by luck."""
    number = parameters.table()[name]
    low, high = (one(POLICIES["most shown"], **{name: number.at(end)}).measured for end in (0.0, 1.0))
    moved = {key for key in MEASURES if low[key] != high[key]}
    assert moved <= sensitivity.BY_ATTACKS
    worlds = sensitivity.all_at_once(SMALL, other=START, worlds=4)
    for key in MEASURES:
        assert (name in worlds.correlations(key)) == (key in sensitivity.BY_ATTACKS)


def test_the_interval_of_a_power_holds_the_error_of_its_few_groups() -> None:
    """Many small pools of groups: their intervals hold the power of all groups nine times of ten, Wilson's do not."""
    dice = dice_for("pools")

    def groups(count: int, shift: float) -> list[measures.Measured]:
        return [{"x": dice.gauss(shift, 1.0)} for _ in range(count)]

    def found(count: int, pilots: int) -> power.Power:
        return power._pilots(groups(count, 1.0), groups(count, 0.0), measure="x", pairs=7, weeks=1,
                             pilots=pilots, seed=str(dice.random()))  # fmt: skip

    true = found(20_000, 4000).share
    pools = [found(20, 500) for _ in range(40)]
    held = sum(low <= true <= high for low, high in (one.interval for one in pools))
    wilson = sum(low <= true <= high for low, high in (exact.wilson(one.seen, one.pilots) for one in pools))
    assert held >= 32 > wilson


def test_nothing_is_told_of_a_power_from_few_runs_and_worlds_are_told_as_they_were(tmp_path: Path) -> None:
    plan = dataclasses.replace(SMALL, runs=2, weeks=2, members=12)
    rows = {"a": trials.measured([plan])[0], "b": trials.measured([plan])[0]}
    worlds = sensitivity.all_at_once(plan, other=POLICIES["hours shown"], worlds=3)
    page = report.files(plan, rows, report.Compared(policy="x", base="y", worlds=worlds))[
        "made-up-people-report.md"
    ]
    assert "Not worked out" in page and re.search(r"\| [0-3] of 3 \|", page) and "of 100 |" not in page


def test_what_arithmetic_leaves_of_nothing_is_nothing() -> None:
    found = trials._summary([1.11e-17, -2.2e-17, 1e-16])
    assert (found.mean, found.error) == (0.0, 0.0)
    assert trials._summary([1e-6, 2e-6]).mean > 0


# --- what leaves
def test_everything_that_is_written_says_that_people_are_made_up() -> None:
    rows = {
        name: trials.measured([dataclasses.replace(SMALL, policy=POLICIES[name])])[0]
        for name in list(POLICIES)[:2]
    }
    plan = dataclasses.replace(SMALL, runs=2, weeks=2, members=12)
    worlds = sensitivity.all_at_once(plan, other=POLICIES["hours shown"], worlds=3)
    table = [power.Power(pairs=pairs, weeks=4, seen=3, pilots=60) for pairs in (3, 8)]
    swing = sensitivity.Swing(parameter="tell", low=worlds.differences[0], high=worlds.differences[1])
    compared = report.Compared(policy="x", base="y", swings=[swing], worlds=worlds, powers={"outcome": table})
    files = report.files(SMALL, rows, compared)
    assert len(files) == 8
    for name, text in files.items():
        assert name.startswith("made-up-people-") and "made-up people" in text.lower(), name
        if name.endswith(".csv"):
            assert all(line.startswith("made-up people,") for line in text.splitlines())
    page = files["made-up-people-report.md"]
    assert "cannot be" in page and "(a)" in page and "no figure of it may stand beside a measured one" in page
    assert "<title>" in files["made-up-people-linked-hard_said.svg"]
