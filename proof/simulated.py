"""The simulator of pilots: two equal policies show no difference, nothing comes from nothing, who knows more never
finds fewer, and one seed gives one answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import count

from proof.harness import Defence, Result, none_found, swapped
from research.simulation import attack, exact, measures, parameters, sensitivity, trials
from research.simulation.measures import MEASURES, Measured, Run, dice_for
from research.simulation.people import Somebody
from research.simulation.policies import POLICIES, START
from research.simulation.power import LEVEL
from research.simulation.trials import Plan

PILOTS = {"small": 120, "full": 2000}
WORLDS = {"small": 40, "full": 1000}
PAIRS, MEMBERS, WEEKS = 8, 40, 6
MEASURE = "outcome"  # moved by what is peculiar to a group: where the unit matters
SIGMAS = 3.3


def prove(size: str) -> Iterator[Result]:
    """The null, whatever a test takes for its unit; then many worlds, each with all numbers drawn from their ranges."""
    yield _null(PILOTS[size])
    worlds = sensitivity.latin_hypercube(WORLDS[size], dice_for("proof", "worlds"))
    policies = list(POLICIES.values())
    wrong = worse = names = unlike = 0
    for nth, values in enumerate(worlds):
        plan = Plan(
            policy=policies[nth % len(policies)], members=MEMBERS, weeks=WEEKS, seed="proof", values=values
        )
        found = measures.run(plan.policy, values, members=MEMBERS, weeks=WEEKS, seed=f"proof|{nth}")
        wrong += not _adds_up(found)
        named = [one for one in found.community.people if one.has_name]
        names += len(named)
        worse += _worse_off(named, values)
        unlike += plan.one(nth) != found.measured
    yield none_found("what comes out of a group went in, in worlds of all kinds", tried=len(worlds), found=wrong,
                     part="nothing from nothing")  # fmt: skip
    yield none_found("who knows more never finds fewer: names that fit more people than before", tried=names,
                     found=worse, part="more known")  # fmt: skip
    yield none_found(
        "the same seed gives the same numbers", tried=len(worlds), found=unlike, part="the same seed"
    )
    yield _processes(size)


def _null(pilots: int) -> Result:
    """Pilots of fresh groups, all under one policy, half of them called the other one."""
    runs = count()
    plan = Plan(policy=START, members=MEMBERS, weeks=WEEKS, seed="null")
    seen = 0
    for _ in range(pilots):
        differences = [plan.one(next(runs))[MEASURE] - plan.one(next(runs))[MEASURE] for _ in range(PAIRS)]
        seen += exact.sign_flip_p(differences) <= LEVEL
    expected = (
        math.floor(LEVEL * 2**PAIRS / 2) * 2 / 2**PAIRS
    )  # the largest level under 5 % that so few pairs have
    reach = SIGMAS * math.sqrt(expected * (1 - expected) / pilots)
    return Result(
        promise=f"of pilots of {PAIRS} pairs of groups under equal policies, about 5 of 100 show a difference",
        tried=pilots,
        found=f"{seen / pilots:.1%}",
        goal=f"{max(expected - reach, 0):.1%} to {expected + reach:.1%}",
        holds=abs(seen / pilots - expected) <= reach,
        part="equal policies",
    )


def by_people(differences: Sequence[float]) -> float:
    """What an analysis would say that takes each person for one answer, as if groups had nothing of their own."""
    each = parameters.middle()["outcome_spread"] / math.sqrt(MEMBERS)
    z = math.fsum(differences) / (each * math.sqrt(2 * len(differences)))
    return math.erfc(abs(z) / math.sqrt(2))


def _adds_up(run: Run) -> bool:
    people, happened = run.community.people, run.happened
    return (
        sum(one.got for one in people) == sum(one.gave for one in people) == happened.replies
        and sum(len(one.name_at) + one.fresh for one in people) == happened.written
        and all(one.read <= happened.written for one in people)
        and happened.labelled <= happened.misleading <= happened.written
        and 0 <= happened.misled <= happened.read + 1e-9
        and happened.first_answered <= happened.first
        and all(one.left is None or one.left >= one.joined for one in people)
        and all(math.isfinite(run.measured[key]) for key in MEASURES)
    )


def _worse_off(named: Sequence[Somebody], values: parameters.Values) -> int:
    """Of these names, how many fit more people once something more is known: the hour for the day, or a moment."""

    def known(times: str, moments: float) -> list[int]:
        given = {**values, "known_times": moments}
        return attack.recognised(named, given, times=times, dice=dice_for("proof", "attack")).by_all

    nothing, days, hours = known("days", 0), known("days", 2), known("hours", 2)
    return sum(not (1 <= hour <= day <= none) for hour, day, none in zip(hours, days, nothing, strict=True))


def _processes(size: str) -> Result:
    plans = [
        Plan(policy=policy, members=MEMBERS, weeks=WEEKS, runs=WORLDS[size] // 20)
        for policy in POLICIES.values()
    ]
    alone, together = trials.measured(plans), trials.measured(plans, processes=2, batch=7)
    apart: list[tuple[Measured, Measured]] = [
        pair for one, other in zip(alone, together, strict=True) for pair in zip(one, other, strict=True)
    ]
    return none_found("one process and two give the same numbers", tried=len(apart),
                      found=sum(one != other for one, other in apart), part="processes")  # fmt: skip


DEFENCES = [Defence(name="groups are the unit, not people", off=swapped(exact, "sign_flip_p", by_people))]
