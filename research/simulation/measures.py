"""One run of one made-up group, and what is measured of it: what people get, and what it risks."""

from __future__ import annotations

import hashlib
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from research.simulation import attack
from research.simulation.life import Happened, Life
from research.simulation.parameters import Values
from research.simulation.people import WEEK, Community, Somebody, draw
from research.simulation.policies import Policy


@dataclass(frozen=True, kw_only=True)
class Measure:
    """Something measured of a run. `up` is whether more of it is better."""

    key: str
    title: str
    up: bool


BENEFITS = (
    Measure(key="outcome", title="mean change of the outcome, in standard deviations", up=True),
    Measure(key="hard_said", title="share of hard things that were said", up=True),
    Measure(key="answered", title="share of first messages answered within a week", up=True),
    Measure(key="wait", title="middle wait for a reply, in hours", up=False),
    Measure(key="written", title="messages for each member and week", up=True),
    Measure(key="stayed", title="share of members still there at the end", up=True),
)
RISKS = (
    Measure(key="recognised", title="chance that who knows somebody offline picks their name", up=False),
    Measure(key="only_one", title="share of names that fit just one person by their details", up=False),
    Measure(key="linked", title="share of those who write whose names in two groups would be tied", up=False),
    Measure(key="misled", title="misleading messages in 100 that are read", up=False),
    Measure(key="unkind", title="unkind replies in 100", up=False),
)
MEASURES = {one.key: one for one in (*BENEFITS, *RISKS)}
Measured = dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A group after its last week."""

    community: Community
    happened: Happened
    measured: Measured


def dice_for(*parts: object) -> random.Random:
    """Dice that depend on these parts alone, whatever else is drawn and in which process."""
    text = "|".join(map(str, parts)).encode()
    return random.Random(int.from_bytes(hashlib.sha256(text).digest()))


def run(policy: Policy, p: Values, *, members: int, weeks: int, seed: object) -> Run:
    """One group. The same seed gives the same people under every policy; from then on they live apart."""
    community = draw(policy, p, members=members, weeks=weeks, dice=dice_for(seed, "people"))
    happened = Life(policy, p, community, weeks=weeks, dice=dice_for(seed, "life")).run()
    outcome = _outcome(community, p, dice_for(seed, "outcome"))
    measured = (
        outcome | _gained(community.people, happened) | _risked(community.people, happened, policy, p, seed)
    )
    return Run(community=community, happened=happened, measured=measured)


def _gained(people: Sequence[Somebody], happened: Happened) -> Measured:
    hard = sum(one.hard for one in people)
    unsaid = sum(one.unsaid for one in people)
    return {
        "hard_said": _share(hard, hard + unsaid),
        "answered": _share(happened.first_answered, happened.first),
        "wait": statistics.median(happened.waits) if happened.waits else float(WEEK),
        "written": _share(happened.written, happened.weeks_here),
        "stayed": _share(sum(one.left is None for one in people), len(people)),
    }


def _risked(
    people: Sequence[Somebody], happened: Happened, policy: Policy, p: Values, seed: object
) -> Measured:
    named = [one for one in people if one.has_name]
    known = attack.recognised(named, p, times=policy.times, dice=dice_for(seed, "attack"))
    tied = sum(one.chance * attack.linked(len(one.name_at), p, times=policy.times) for one in named)
    wrote = sum(one.has_name or one.fresh > 0 for one in people)
    return {
        "recognised": _share(sum(1 / could_be for could_be in known.by_all), wrote),
        "only_one": _share(known.by_details.count(1), wrote),
        "linked": _share(tied, wrote),
        "misled": 100 * _share(happened.misled, happened.read),
        "unkind": 100 * _share(happened.unkind, happened.replies),
    }


def _outcome(community: Community, p: Values, dice: random.Random) -> Measured:
    """Everybody's outcome, those who left among them."""
    total = 0.0
    for one in community.people:
        loss = p["loss_harm"] * (p["loss_alone"] if one.alone else 1.0)
        total += p["gain_read"] * math.log1p(one.read)
        total += p["gain_reply"] * math.log1p(one.got) + p["gain_help"] * math.log1p(one.gave)
        total += p["gain_hard"] * math.log1p(one.hard) - loss * math.log1p(one.harm)
        total += dice.gauss(0, p["outcome_spread"])
    return {"outcome": community.outcome + total / len(community.people)}


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
