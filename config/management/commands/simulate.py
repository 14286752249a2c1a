"""`manage.py simulate`: what a pilot could look like, with made-up people; `--fill` writes such people into a demo."""

from __future__ import annotations

from argparse import ArgumentDefaultsHelpFormatter, ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, DjangoHelpFormatter

from config.demo import fill
from research.simulation import power, report, sensitivity, trials
from research.simulation.measures import MEASURES
from research.simulation.policies import POLICIES
from research.simulation.trials import Plan

FIRST = next(iter(POLICIES))
BAR = 30
END_RUNS = 50  # runs under each policy at one end of one number
WORLD_RUNS = 10  # in one world: what is asked is how worlds differ, not one world exactly


class Help(ArgumentDefaultsHelpFormatter, DjangoHelpFormatter):
    """Says what holds where nothing is given."""


class Command(BaseCommand):
    """Curves for every policy; with `--against`, what a difference hangs on and how many groups it takes to see it."""

    help = "Simulate a pilot with made-up people and write tables, pictures and a report."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = Help
        parser.add_argument("--out", type=Path, default=Path("var/simulation"), help="folder for the files")
        parser.add_argument("--runs", type=int, default=power.FEWEST_RUNS,
                            help="runs for each policy; below 200 no power is worked out")  # fmt: skip
        parser.add_argument("--members", type=int, default=200, help="members of each group")
        parser.add_argument("--weeks", type=int, default=12, help="how long each run lasts")
        parser.add_argument("--seed", default="1", help="the same seed gives the same files")
        parser.add_argument("--processes", type=int, default=1, help="how many to run at once")
        parser.add_argument("--policy", action="append", choices=list(POLICIES), help="may be given again")
        parser.add_argument("--against", choices=list(POLICIES)[1:], metavar="POLICY",
                            help=f"set this policy against “{FIRST}”: sensitivity and power")  # fmt: skip
        parser.add_argument("--worlds", type=int, default=100, help="worlds with all numbers drawn at once")
        parser.add_argument(
            "--measure", action="append", choices=list(MEASURES), help="of which to ask the power"
        )
        parser.add_argument(
            "--group-size", type=int, default=40, help="members of each group of a pilot, for the power"
        )
        parser.add_argument(
            "--fill", metavar="GROUP", help="write one made-up group of this name into a demo's database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options["runs"], options["members"], options["weeks"], options["processes"]) < 1:
            raise CommandError("Runs, members, weeks and processes are at least 1.")
        if options["fill"]:
            self._fill(options)
            return
        plan = Plan(policy=POLICIES[FIRST], members=options["members"], weeks=options["weeks"],
                    runs=options["runs"], seed=options["seed"])  # fmt: skip
        names = [
            FIRST,
            *(name for name in POLICIES if name != FIRST and name in (options["policy"] or POLICIES)),
        ]
        plans = [replace(plan, policy=POLICIES[name]) for name in names]
        rows = trials.measured(plans, processes=options["processes"], progress=self._bar("trade-offs"))
        compared = self._compare(plan, options) if options["against"] else None
        options["out"].mkdir(parents=True, exist_ok=True)
        for name, text in report.files(plan, dict(zip(names, rows, strict=True)), compared).items():
            (options["out"] / name).write_text(text, encoding="utf-8")
        self.stdout.write(f"Made-up people. The report: {options['out'] / (report.PREFIX + 'report.md')}")

    def _compare(self, plan: Plan, options: dict[str, Any]) -> report.Compared:
        name, processes = options["against"], options["processes"]
        mine = replace(plan, policy=POLICIES[name], runs=min(plan.runs, END_RUNS))
        swings = sensitivity.one_at_a_time(
            mine, other=plan.policy, processes=processes, progress=self._bar("one at a time")
        )
        worlds = sensitivity.all_at_once(
            replace(mine, runs=min(plan.runs, WORLD_RUNS)), other=plan.policy, worlds=options["worlds"],
            processes=processes, progress=self._bar("all at once"),
        )  # fmt: skip
        return report.Compared(
            policy=name, base=FIRST, swings=swings, worlds=worlds, powers=self._power(plan, mine, options)
        )

    def _power(self, plan: Plan, mine: Plan, options: dict[str, Any]) -> dict[str, list[power.Power]] | None:
        if plan.runs < power.FEWEST_RUNS:
            return None
        groups = replace(mine, runs=plan.runs, members=options["group_size"])
        return power.power(
            groups, other=plan.policy, measures=options["measure"] or ["hard_said", "outcome"],
            processes=options["processes"], progress=self._bar("power"),
        )  # fmt: skip

    def _fill(self, options: dict[str, Any]) -> None:
        try:
            count = fill.fill(
                name=options["fill"], members=options["members"], weeks=options["weeks"], seed=options["seed"],
                progress=self._bar("messages"),
            )  # fmt: skip
        except fill.NotADemo as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Made-up people: {count} messages in a group called {options['fill']}.")

    def _bar(self, what: str) -> Callable[[int, int], None]:
        def show(done: int, of: int) -> None:
            if not self.stderr.isatty():  # a log: a line at the end
                if done == of:
                    self.stderr.write(f"{done}/{of} {what}")
                return
            full = BAR * done // of
            end = "\n" if done == of else ""
            self.stderr.write(f"\r[{'#' * full:{BAR}}] {done}/{of} {what}", ending=end)
            self.stderr.flush()

        return show
