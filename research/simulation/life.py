"""What happens in a made-up group, week by week: people write, answer, read, and leave."""

from __future__ import annotations

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from research.simulation.parameters import Values
from research.simulation.people import EXACT, WEEK, Community, Somebody
from research.simulation.policies import Policy


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message: when, by whom, under which name, and in which talk; the first of a talk opens it."""

    at: float
    by: Somebody
    fresh: bool
    talk: int


@dataclass(kw_only=True)
class Happened:
    """What happened in one run, counted."""

    written: int = 0  # messages, replies among them
    replies: int = 0
    first: int = 0  # first messages of somebody
    first_answered: int = 0
    waits: list[float] = field(default_factory=list)  # hours until the first reply
    unkind: int = 0
    misleading: int = 0
    labelled: int = 0  # misleading messages that the team reached
    read: float = 0.0  # messages read, summed over people
    misled: float = 0.0  # of these, misleading ones that nothing had been said about
    weeks_here: int = 0  # summed over people
    talks: int = 0
    said: list[Said] | None = None  # every message, where somebody wants to know


class Pool:
    """Who may answer this week, and how fast answers come at each hour of the day."""

    def __init__(self, here: Sequence[Somebody], *, per_hour: float) -> None:
        self.people = [one for one in here if one.writes]
        self.weights = list(accumulate(one.rate for one in self.people))
        awake = [0.0] * 24
        for one in self.people:
            awake[int(one.hour) % 24] += one.rate
        spread = [sum(awake[(hour + off) % 24] for off in range(-4, 5)) for hour in range(24)]
        self.until = [0.0, *accumulate(per_hour * share * 24 / 9 for share in spread * 2)]
        self.day = self.until[24]

    def pick(self, dice: random.Random) -> Somebody:
        """Somebody, by how much they write."""
        return self.people[bisect_right(self.weights, dice.random() * self.weights[-1])]

    def wait(self, at: float, patience: float) -> float:
        """Hours from an hour of the day until this much chance of a reply has gone by; infinite where none comes."""
        if self.day <= 0:
            return math.inf
        days, rest = divmod(patience, self.day)
        hour = int(at) % 24
        upto = bisect_left(self.until, self.until[hour] + rest)
        return days * 24 + max(upto - hour, 0)


class Life:
    """One run of one group."""

    def __init__(
        self, policy: Policy, p: Values, group: Community, *, weeks: int, dice: random.Random
    ) -> None:
        self.policy, self.p, self.group, self.weeks, self.dice = policy, p, group, weeks, dice
        self.end = weeks * WEEK
        self.happened = Happened()
        rate = sum(one.rate for one in group.people if one.joined == 0)
        self.per_hour = -math.log(1 - p["answered_share"]) / WEEK / rate if rate else 0.0
        self.pool = Pool([], per_hour=0.0)
        takes = {"first": p["take_first"], "available": p["take_available"], "off": 0.0}
        self.take_hard = takes[policy.one_thread]
        self.take_plain = p["take_plain"] if policy.one_thread == "first" else 0.0
        self.say = p["say_hard"]
        odds = self.say / (1 - self.say) * p["fresh_odds"]
        self.say_fresh = odds / (1 + odds)
        self.quiet = p["quiet_words"] if policy.what_matters == "with_words" else 0.0
        self.follow = p["rhythm_follow"] if policy.rhythm else 0.0
        self.speed = p["reply_hours"] if policy.times == "hours" else 1.0
        self.still_read = 0.0  # misleading messages of this week, by the share of readers they reach

    def run(self) -> Happened:
        """All weeks."""
        for week in range(self.weeks):
            here = [one for one in self.group.people if one.joined <= week and one.left is None]
            self.pool = Pool(here, per_hour=self.per_hour)
            before, self.still_read = self.happened.written, 0.0
            for one in self.pool.people:
                for _ in range(poisson(one.rate, self.dice)):
                    self._write(one, week)
            self._read_and_leave(here, week, written=self.happened.written - before)
        return self.happened

    def _write(self, one: Somebody, week: int) -> None:
        p, dice = self.p, self.dice
        about = self.pool.pick(dice).hour if self.follow and dice.random() < self.follow else one.hour
        hour = (about + dice.gauss(0, p["hours_spread"])) % 24
        at = week * WEEK + int(dice.random() * 7) * 24 + hour
        hard = dice.random() < p["hard_share"]
        fresh = dice.random() < (self.take_hard if hard else self.take_plain)
        if hard and dice.random() >= (self.say_fresh if fresh else self.say):
            one.unsaid += 1
            return
        if dice.random() < self.quiet:
            return
        one.hard += hard
        is_first = not one.fresh and not one.has_name
        self.happened.talks += 1
        self._signed(one, at, fresh=fresh)
        speed = self.speed * (p["reply_fresh"] if hard and fresh else 1.0)
        if not fresh:
            speed *= 1 + p["reply_known"] * math.log(len(one.name_at))
            speed *= 1 + p["reply_shown"] * sum(shown is not None for shown in one.shown)
        answered = self._answered(one, at, speed)
        if is_first:
            self.happened.first += 1
            self.happened.first_answered += answered
            one.unanswered = not answered

    def _signed(self, one: Somebody, at: float, *, fresh: bool) -> None:
        """A message or a reply is there: under whose name, what it tells, and whether it misleads."""
        p, dice = self.p, self.dice
        self.happened.written += 1
        if self.happened.said is not None:
            self.happened.said.append(Said(at=at, by=one, fresh=fresh, talk=self.happened.talks))
        if fresh:
            one.fresh += 1
        else:
            one.name_at.append(at)
            if dice.random() < p["tell"]:
                kind = int(dice.random() * len(one.values))
                one.shown[kind] = (EXACT, one.values[kind])
        if dice.random() < p["misleading"] * (p["misleading_fresh"] if fresh else 1.0):
            self.happened.misleading += 1
            self.still_read += self._reach(at)

    def _reach(self, at: float) -> float:
        """The share of its readers whom a misleading message reaches before the team says something about it."""
        p, dice = self.p, self.dice
        if dice.random() >= p["flag_share"]:
            return 1.0
        reported = at + dice.expovariate(1 / p["flag_hours"])
        told = reported + self.group.duty[int(reported) % WEEK]
        self.happened.labelled += told < self.end
        return 1 - math.exp(-(told - at) / p["read_hours"])

    def _answered(self, one: Somebody, at: float, speed: float) -> bool:
        """Whether a reply comes within a week and before the end; and all replies that come."""
        p, dice = self.p, self.dice
        wait = self.pool.wait(at, dice.expovariate(1.0) / speed)
        if wait > WEEK or at + wait >= self.end:
            return False
        before = one.got
        for _ in range(1 + poisson(p["more_replies"], dice)):
            other = self.pool.pick(dice)
            if other is one:  # nobody answers themselves
                continue
            fresh = dice.random() < self.take_plain
            other.gave += 1
            one.got += 1
            self.happened.replies += 1
            self._signed(other, at + wait, fresh=fresh)
            if dice.random() < p["unkind"] * (p["unkind_fresh"] if fresh else 1.0):
                self.happened.unkind += 1
                one.harm += 1
        if one.got == before:
            return False
        self.happened.waits.append(wait)
        return True

    def _read_and_leave(self, here: Sequence[Somebody], week: int, *, written: int) -> None:
        p, dice = self.p, self.dice
        read, misled = p["read_share"] * written, p["read_share"] * self.still_read
        stay = math.exp(-p["leave_per_week"])
        stay_unanswered = math.exp(-p["leave_per_week"] * p["unanswered_leave"])
        for one in here:
            one.read += read
            one.harm += misled
            if dice.random() >= (stay_unanswered if one.unanswered else stay):
                one.left = week
        self.happened.weeks_here += len(here)
        self.happened.read += read * len(here)
        self.happened.misled += misled * len(here)


def poisson(mean: float, dice: random.Random) -> int:
    """A draw from a Poisson distribution, by the product of uniform draws; in parts where the mean is large."""
    found = 0
    while mean > 30:
        found += poisson(30.0, dice)
        mean -= 30.0
    bound, product = math.exp(-mean), dice.random()
    while product > bound:
        found += 1
        product *= dice.random()
    return found
