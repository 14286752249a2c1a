"""Simulating pilots with made-up people, on one core: runs of 200 members over 12 weeks under what groups start with.

What is timed is what the process computes. The baseline is the generator alone: two million draws of a number.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

RUNS = 200
DRAWS = 2_000_000
MEMBERS, WEEKS = 200, 12


def run() -> Iterator[str]:
    """Some hundreds of runs, and the draws; nothing of it touches a database."""
    from research.simulation.policies import POLICIES
    from research.simulation.trials import Plan

    dice = random.Random(1).random
    began = time.process_time()
    for _ in range(DRAWS):
        dice()
    base = time.process_time() - began
    for name in ("as groups start", "most shown"):
        plan = Plan(policy=POLICIES[name], members=MEMBERS, weeks=WEEKS, runs=RUNS)
        began = time.process_time()
        written = sum(plan.one(nth)["written"] for nth in range(RUNS)) / RUNS
        spent = time.process_time() - began
        yield (
            f"{name}, {RUNS:,} runs of {MEMBERS} members over {WEEKS} weeks on one core: {spent:.1f} s, "
            f"{1000 * spent / RUNS:.1f} ms a run, {written:.2f} messages for each member and week; "
            f"{spent / base:.0f} times {DRAWS:,} draws of a number"
        )
