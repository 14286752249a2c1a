"""A file of a study tells nobody apart: what Kith counts is what pycanon counts, and no file goes past the limits."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from proof import oracle
from proof.harness import Defence, Result, none_found, swapped
from research.release import lattice, risk
from research.release.lattice import ANY, Chosen, TooFew
from research.release.risk import Row

TABLES = {"small": 40, "full": 1_000}
STUDIES = {"small": 60, "full": 2_000}
K, L, MOST_RISK, MOST_LEFT_OUT = 5, 2, 0.10, 0.10  # as docs/research.md promises them
SENSITIVE = ["mood", "regret"]

Asked = tuple[list[Row], list[str], list[str]]


def prove(size: str) -> Iterator[Result]:
    """Random tables, counted twice; then random studies, each made into a file that somebody else counts."""
    dice = random.Random(31)
    asked = [_table(dice) for _ in range(TABLES[size])]
    others = oracle.ask("pycanon", asked)
    yield none_found(
        "k, l and every risk of a file are what pycanon says", tried=len(asked), part="as pycanon",
        found=sum(not _same(_ours(*one), other) for one, other in zip(asked, others, strict=True)),
    )  # fmt: skip
    yield _limits(dice, STUDIES[size])


def _table(dice: random.Random) -> Asked:
    """One to three columns by which people are known, two that are sensitive; some values are missing."""
    quasi = ["age", "region", "version"][: dice.randint(1, 3)]
    wide = {name: dice.choice([1, 2, 3, 8]) for name in (*quasi, *SENSITIVE)}
    gaps = dice.choice([0.0, 0.1, 0.5])
    rows: list[Row] = [
        {name: None if dice.random() < gaps else dice.randrange(wide[name]) for name in wide}
        for _ in range(dice.choice([1, 3, 20, 80]))
    ]
    return rows, quasi, SENSITIVE


def _ours(rows: list[Row], quasi: list[str], sensitive: list[str]) -> dict[str, float]:
    k, l = risk.k_anonymity(rows, quasi), risk.l_diversity(rows, quasi, sensitive)  # noqa: E741 its name everywhere
    return {"k": k, "l": l, **asdict(risk.risks(rows, quasi))}


def _same(ours: dict[str, float], theirs: dict[str, float]) -> bool:
    return ours.keys() == theirs.keys() and all(math.isclose(ours[name], theirs[name]) for name in ours)


# --- the limits -------------------------------------------------------------------------------------------------------
def _limits(dice: random.Random, count: int) -> Result:
    broken, made, refused = 0, list[Asked](), 0
    for _ in range(count):
        rows, hierarchies = _study(dice)
        try:
            chosen = lattice.generalise(rows, hierarchies, SENSITIVE)
        except TooFew as none:
            refused += 1
            broken += any(node.is_safe for node in none.nodes)
            continue
        made.append((chosen.rows, list(hierarchies), SENSITIVE))
        broken += not _is_true(rows, hierarchies, chosen)
    for one in oracle.ask("pycanon", made):
        hides = one["k"] >= K and one["l"] >= L and not one["sample_uniques"]
        broken += not (hides and one["marketer"] <= MOST_RISK + 1e-9)
    return none_found(
        f"no file for a named recipient has k under {K}, l under {L}, anybody alone, a marketer's risk over "
        f"{MOST_RISK}, more than {MOST_LEFT_OUT:.0%} left out, or a value that is not true "
        f"({refused} studies were refused a file)",
        tried=count, found=broken if made and refused else count, part="limits",
    )  # fmt: skip


def _study(dice: random.Random) -> tuple[list[Row], dict[str, list[Any]]]:
    """Made-up people in a study of up to four rounds: what is known of them, how it went, and what they answered."""
    rounds = dice.randint(0, 4)
    far = {"a": "north", "b": "north", "c": "south", "d": "south"}
    hierarchies: dict[str, list[Any]] = {
        "version": [], "age": [lambda age: age // 5 * 5, lambda age: age // 20 * 20], "region": [far],
        **{f"answered {nth}": [] for nth in range(rounds)},
    }  # fmt: skip
    skew, gaps = dice.choice([1, 4]), dice.choice([0.0, 0.2])
    rows: list[Row] = [
        {
            "pid": f"P{nth}", "version": dice.choice("AB"),
            "age": None if dice.random() < gaps else 18 + int(50 * dice.random() ** skew),
            "region": dice.choice("aaabbcd"),
            "mood": dice.choice([0, 0, 0, 1, None]), "regret": int(dice.random() < 0.2),
            **{f"answered {turn}": int(dice.random() < 0.8) for turn in range(rounds)},
        }
        for nth in range(dice.choice([4, 12, 30, 60, 120, 250]))
    ]  # fmt: skip
    return rows, hierarchies


def _is_true(rows: list[Row], hierarchies: dict[str, list[Any]], chosen: Chosen) -> bool:
    """Whether the file is the study's rows in order, each value at the level that is said, and few are left out."""
    kept = [row for place, row in enumerate(rows) if place not in chosen.suppressed]
    if len(chosen.suppressed) > MOST_LEFT_OUT * len(rows) + 1e-9 or len(kept) != len(chosen.rows):
        return False
    for before, after in zip(kept, chosen.rows, strict=True):
        for name, value in before.items():
            if after[name] != _at(value, hierarchies.get(name, []), chosen.levels.get(name, 0)):
                return False
    return True


def _at(value: Any, steps: list[Any], level: int) -> Any:
    if level > len(steps):
        return ANY
    if level == 0 or value is None:
        return value
    step = steps[level - 1]
    return step(value) if callable(step) else step[value]


DEFENCES = [
    Defence(name="small classes are left out", off=swapped(lattice._Search, "hides", lambda *_: True)),
    Defence(name="sensitive answers differ", off=swapped(risk, "variety", lambda *_: K)),
    Defence(name="the marketer finds few", off=swapped(lattice, "MOST_RISK", 1.0)),
]
