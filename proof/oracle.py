"""What study files are held against: pycanon, and HiGHS by way of scipy. They live in an environment of their own
(`make oracle`), and this file runs in both: `ask` in Kith's, and what answers in the other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-oracle" / "bin" / "python"
MISSING = "no second environment: make oracle"
FAR = 10**6  # as good as no bound


def is_here() -> bool:
    """Whether the other environment is there."""
    return PYTHON.exists()


def ask(what: str, questions: list[Any]) -> list[Any]:
    """What `pycanon` or `ranges` says to each question, in order."""
    done = subprocess.run(  # noqa: S603 our own script
        [PYTHON, __file__, what], input="\n".join(map(json.dumps, questions)), capture_output=True, text=True,
        check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def pycanon(questions: Iterator[Any]) -> Iterator[Any]:
    """For each (rows, quasi, sensitive): k, l, people who are alone, the highest risk, the marketer's, and the average
    over classes. Values are handed over as text, so that a missing one is a value like others."""
    import pandas
    from pycanon import anonymity, metrics
    from pycanon.anonymity.utils import aux_anonymity

    for rows, quasi, sensitive in questions:
        data = pandas.DataFrame([{name: repr(value) for name, value in row.items()} for row in rows])
        sizes = [len(found) for found in aux_anonymity.get_equiv_class(data, quasi)]
        yield {
            "k": int(anonymity.k_anonymity(data, quasi)),
            "l": int(anonymity.l_diversity(data, quasi, sensitive)),
            "sample_uniques": sizes.count(1),
            "highest": float(metrics.max_rir(data, quasi)),
            "marketer": 1 / float(metrics.sizes_ec(data, quasi)["mean_ec"]),
            "average": float(metrics.average_rir(data, quasi)),
        }


def ranges(questions: Iterator[Any]) -> Iterator[Any]:
    """For each (shown, hidden, lines): the least and the most that each hidden cell can be. `shown` is [cell, count],
    and in each line the last cell is the sum of those before it. Cells are whole numbers where that makes a difference:
    with three axes."""
    import numpy
    from scipy.optimize import linprog

    for shown, hidden, lines in questions:
        known = {tuple(cell): count for cell, count in shown}
        place = {tuple(cell): at for at, cell in enumerate(hidden)}
        left, right = numpy.zeros((len(lines), len(place))), numpy.zeros(len(lines))
        for nth, line in enumerate(lines):
            for at, cell in enumerate(map(tuple, line)):
                sign = -1 if at == len(line) - 1 else 1
                if cell in place:
                    left[nth, place[cell]] += sign
                else:
                    right[nth] -= sign * known[cell]
        told = left.any(axis=1)
        found = []
        for at in range(len(place)):
            aim = numpy.zeros(len(place))
            aim[at] = 1
            found.append([
                sign * round(linprog(
                    sign * aim, A_eq=left[told], b_eq=right[told], bounds=(0, FAR), method="highs",
                    integrality=int(bool(place) and len(hidden[0]) > 2),
                ).fun, 6) for sign in (1, -1)
            ])  # fmt: skip
        yield found


if __name__ == "__main__":
    sys.path.remove(str(ROOT / "proof"))  # where `instruments.py` and others would stand for something else
    for answer in {"pycanon": pycanon, "ranges": ranges}[sys.argv[1]](map(json.loads, sys.stdin)):
        print(json.dumps(answer))
