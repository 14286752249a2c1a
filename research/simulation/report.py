"""What a simulation found, as files: every one of them says that its people are made up."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from research.simulation import drawing, exact, parameters, trials
from research.simulation.measures import BENEFITS, MEASURES, RISKS, Measured
from research.simulation.power import FEWEST_RUNS, LEVEL, Power
from research.simulation.sensitivity import Swing, Worlds
from research.simulation.trials import Plan

STAMP = "made-up people"
PREFIX = "made-up-people-"
PICTURES = (("linked", "hard_said"), ("recognised", "answered"), ("misled", "outcome"))  # risk, benefit
TOLD = 8  # parameters that are named in the report, of each list
ERRORS = """Mean over runs ± twice its standard error. The error is that of the computation: it gets small
with many runs, and says nothing about how true the model is.
"""
SAME = """Both lists of runs begin with the same people. Marked: more than twice the standard error from none. With
so many numbers in one table, some are marked by luck: about one in twenty.
"""
SWINGS = """The same people under both policies, with one number at the low and at the high end of its range. Named is
what moves the difference by more than twice the standard error of that move; about one number in twenty is named by
luck. (a) marks an assumption.
"""
WORLDS = """Each world draws every number from its range (a Latin hypercube). First, in how many of the worlds the
policy has more; then the numbers that go with how much more, by rank correlation. Below {noise:.2f} it may be nothing
(99 % for one number; of {count}, about one passes by luck).
"""
PAIRS = f"""Groups in pairs, versions by lot within each pair, an exact test over pairs at {LEVEL:g}. **With five
pairs or fewer no difference can be shown, however large:** the smallest p that can come out is 2/2^pairs. About 5 in
100 or fewer means that nothing is seen. The interval is that of the computation: of the pilots, and of the groups that
they were drawn from. Each length has groups of its own, so where two intervals overlap, one length is not known to
show more than the other.
"""
NO_POWER = f"""## How many groups it takes

Not worked out: pilots are drawn from the groups that were run, and fewer than {FEWEST_RUNS} runs say too little.
"""
Files = dict[str, str]
Rows = Mapping[str, Sequence[Measured]]  # policy → runs


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What was asked beside the curves: one policy against the first, by which measures."""

    policy: str
    base: str
    swings: Sequence[Swing] = ()
    worlds: Worlds | None = None
    powers: Mapping[str, Sequence[Power]] | None = None  # measure → table


def files(plan: Plan, rows: Rows, compared: Compared | None = None) -> Files:
    """Name → text of every file: curves, tables, and a page that says what they are and what they cannot say."""
    curve = {name: trials.summary(runs) for name, runs in rows.items()}
    found = {f"{PREFIX}{risk}-{benefit}.svg": drawing.trade_off(curve, risk=risk, benefit=benefit)
             for risk, benefit in PICTURES}  # fmt: skip
    found[f"{PREFIX}trade-offs.csv"] = _curve_table(curve, rows)
    parts = [_head(plan), _curves(curve, rows)]
    if compared and compared.swings:
        found[f"{PREFIX}one-at-a-time.csv"] = _swing_table(compared.swings)
        parts.append(_swings(compared))
    if compared and compared.worlds:
        found[f"{PREFIX}all-at-once.csv"] = _world_table(compared.worlds)
        parts.append(_worlds(compared.worlds))
    if compared and compared.powers:
        found[f"{PREFIX}power.csv"] = _power_table(compared.powers)
        parts.append(_powers(compared, compared.powers))
    elif compared:
        parts.append(NO_POWER)
    found[f"{PREFIX}report.md"] = "\n".join(parts)
    return found


def _head(plan: Plan) -> str:
    assumed = sum(one.is_assumed for one in parameters.table().values())
    return f"""# Made-up people: what a pilot could look like

**Nobody in this report is real, and nothing in it was measured.** It is what follows from a model and from
{len(parameters.table())} numbers, of which {assumed} are assumptions. It can help to plan a pilot. It cannot say what a
setting does, and no figure of it may stand beside a measured one. The model, its numbers and what it cannot say:
`docs/simulation.md`.

Each run: {plan.members} members, {plan.weeks} weeks. {plan.runs} runs for each policy, seed `{plan.seed}`.
"""


def _curves(curve: drawing.Curve, rows: Rows) -> str:
    base = next(iter(rows))
    pictures = [
        f"![{MEASURES[benefit].title} against {MEASURES[risk].title}]({PREFIX}{risk}-{benefit}.svg)"
        for risk, benefit in PICTURES
    ]
    parts = ["## Trade-offs\n", *pictures, "", ERRORS]
    for title, group in (("What people get", BENEFITS), ("What it risks", RISKS)):
        lines = [
            [name, *(f"{row[one.key].mean:.3g} ± {row[one.key].error:.1g}" for one in group)]
            for name, row in curve.items()
        ]
        parts += [f"### {title}\n", _table(["policy", *(one.title for one in group)], lines)]
    apart = {name: trials.against(runs, rows[base]) for name, runs in rows.items() if name != base}
    lines = [[name, *(_apart(one) for one in found.values())] for name, found in apart.items()]
    return "\n".join(
        [*parts, f"### Against “{base}”, run by run\n", SAME, _table(["policy", *MEASURES], lines)]
    )


def _apart(one: trials.Summary) -> str:
    return f"{one.mean:+.3g}{' *' if abs(one.mean) > one.error else ''}"


def _swings(compared: Compared) -> str:
    parts = [
        f"## What “{compared.policy}” against “{compared.base}” hangs on, one number at a time\n",
        SWINGS,
    ]
    for key, one in MEASURES.items():
        clear = [swing for swing in compared.swings if swing.is_clear(key)]
        told = [
            f"`{swing.parameter}` {swing.low[key].mean:+.3g} to {swing.high[key].mean:+.3g}{_mark(swing.parameter)}"
            for swing in sorted(clear, key=lambda swing: (-swing.of(key), swing.parameter))[:TOLD]
        ]
        parts.append(f"**{one.title}**: {'; '.join(told) or 'nothing that we could tell from luck'}.\n")
    return "\n".join(parts)


def _worlds(worlds: Worlds) -> str:
    lines = []
    for key, one in MEASURES.items():
        strong = [pair for pair in worlds.correlations(key).items() if abs(pair[1]) > worlds.noise][:TOLD]
        told = [f"`{name}` {rho:+.2f}{_mark(name)}" for name, rho in strong]
        more = f"{worlds.above(key)} of {len(worlds.drawn)}"
        lines.append([one.title, more, "; ".join(told) or "nothing we could tell"])
    head = f"## The same with all numbers at once, in {len(worlds.drawn)} worlds\n"
    words = WORLDS.format(noise=worlds.noise, count=len(parameters.table()))
    return "\n".join([head, words, _table(["measure", "more in", "goes with"], lines)])


def _powers(compared: Compared, powers: Mapping[str, Sequence[Power]]) -> str:
    parts = [f"## How many groups to see “{compared.policy}” against “{compared.base}”\n", PAIRS]
    head = ["groups", "weeks", "smallest p", "seen in 100 pilots", "95 % interval"]
    for measure, table in powers.items():
        lines = [
            [str(2 * row.pairs), str(row.weeks), f"{exact.smallest_p(row.pairs):.3g}", *_seen(row)]
            for row in table
        ]
        parts += [f"### {MEASURES[measure].title}\n", _table(head, lines)]
    return "\n".join(parts)


def _seen(row: Power) -> list[str]:
    low, high = row.interval
    if not row.can_show:
        return ["cannot be", "none"]
    return [f"{100 * row.share:.0f}", f"{100 * low:.0f} to {100 * high:.0f}"]


def _table(head: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _mark(name: str) -> str:
    return " (a)" if parameters.table()[name].is_assumed else ""


def _curve_table(curve: drawing.Curve, rows: Rows) -> str:
    base = next(iter(rows))
    lines: list[Sequence[object]] = [("policy", "measure", "mean", "twice_its_error", "low_5", "high_95",
                                      "difference_from_first", "twice_its_error_of_difference")]  # fmt: skip
    for name, row in curve.items():
        differences = trials.against(rows[name], rows[base])
        for key, one in row.items():
            apart = differences[key]
            lines.append((name, key, *_cut(one.mean, one.error, one.low, one.high, apart.mean, apart.error)))
    return _csv(lines)


def _swing_table(swings: Sequence[Swing]) -> str:
    lines: list[Sequence[object]] = [(
        "parameter", "measure", "difference_at_low", "twice_its_error", "difference_at_high", "twice_its_error"
    )]  # fmt: skip
    for one in swings:
        for key in MEASURES:
            low, high = one.low[key], one.high[key]
            lines.append((one.parameter, key, *_cut(low.mean, low.error, high.mean, high.error)))
    return _csv(lines)


def _world_table(worlds: Worlds) -> str:
    lines: list[Sequence[object]] = [(*parameters.table(), *(f"difference_{key}" for key in MEASURES))]
    lines += [
        _cut(*world.values(), *(row[key].mean for key in MEASURES))
        for world, row in zip(worlds.drawn, worlds.differences, strict=True)
    ]
    return _csv(lines)


def _power_table(powers: Mapping[str, Sequence[Power]]) -> str:
    lines: list[Sequence[object]] = [
        ("measure", "groups", "weeks", "smallest_p", "seen", "pilots", "low_95", "high_95")
    ]
    lines += [
        (
            measure,
            2 * row.pairs,
            row.weeks,
            *_cut(exact.smallest_p(row.pairs)),
            row.seen,
            row.pilots,
            *_cut(*row.interval),
        )
        for measure, table in powers.items()
        for row in table
    ]
    return _csv(lines)


def _cut(*some: float) -> list[str]:
    """Six figures, so that the last bits of a machine's arithmetic do not show."""
    return [f"{one:.6g}" for one in some]


def _csv(lines: Sequence[Sequence[object]]) -> str:
    """The first column says on every line that the people are made up."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head, *rest = lines
    writer.writerow([STAMP, *head])
    writer.writerows([STAMP, *line] for line in rest)
    return out.getvalue()
