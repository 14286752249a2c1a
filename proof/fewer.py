"""Files of studies of few people: no answers of fewer than five leave, no group and version of fewer than five stands
beside answers or follows from the rest, and no smaller count is told beside them. Part of `proof/files.py`."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from community.errors import MayNot
from proof.harness import Result, none_found
from research.enums import Part
from research.models import Participant

STUDIES = {"small": 14, "full": 200}
MOST, FEWEST = 40, 5
ARMS = [{"code": code, "title": code, "policy": {}, "weight": 1} for code in "AB"]
ROUNDS = [
    {"number": nth, "week": week, "open_days": 14, "instruments": [["bad_moments", "1"]]}
    for nth, week in ((1, 0), (2, 3))
]


@dataclass
class _Found:
    files: int = 0
    cells: int = 0
    small: int = 0
    few: int = 0
    made: int = 0
    counts: int = 0
    told: int = 0


def attacks(size: str, cast: Any) -> Iterator[Result]:
    """Each study is the same forty people: some are in it, in groups and versions by lot."""
    from tests.people import make_group
    from tests.research.filing import answered, filing

    dice, found = random.Random(43), _Found()
    made = filing(cast, size=MOST, arms=ARMS, rounds=ROUNDS)
    groups = [cast.harbour, cast.meadow, make_group(name="small one")]
    arms, people = (
        list(made.study.arms.all()),
        list(Participant.objects.filter(study=made.study).order_by("id")),
    )
    answered(people[:: MOST // 8], number=2)  # few answer both
    for _ in range(STUDIES[size]):
        count = dice.choice([dice.randint(1, 4), dice.randint(5, 12), dice.randint(13, MOST)])
        weights = [dice.choice([1, 3, 12]) for _ in groups]
        there = dice.sample(people, count)
        for one in people:
            one.part = Part.IN if one in there else Part.EXCLUDED
            one.group, one.arm = (
                dice.choices(groups, weights)[0],
                dice.choices(arms, [dice.choice([1, 6]), 1])[0],
            )
        Participant.objects.bulk_update(people, ["part", "group", "arm"])
        _one_file(made, count, found)
    yield none_found(
        f"no group and version of fewer than five stands beside answers or follows from the rest ({found.files} files)",
        tried=found.cells, found=found.small, part="cells",
    )  # fmt: skip
    yield none_found("answers of fewer than five people are in no file",
                     tried=found.few, found=found.made, part="floor")  # fmt: skip
    yield none_found("no count of fewer than five people is told beside the answers",
                     tried=found.counts, found=found.told, part="counts beside")  # fmt: skip


def _one_file(made: Any, count: int, found: _Found) -> None:
    from research.files import pipeline
    from tests.research.filing import opened, rows_of

    found.few += count < FEWEST
    try:
        export = made.ask(last_round=2)
    except MayNot:
        return
    found.made += count < FEWEST
    files = opened(pipeline.make(export, reading={}).data)
    cells = Counter((row["group"], row["version"]) for row in rows_of(files, "people"))
    found.files += 1
    found.cells += len(cells)
    found.small += sum(n < FEWEST for n in cells.values()) if count >= FEWEST else 0
    told = list(_counts(files))
    found.counts += len(told)
    found.told += sum(0 < n < FEWEST for n in told)


def _counts(files: Mapping[str, bytes]) -> Iterator[int]:
    """Every count of people or rows that stands beside the tables."""
    flow: Sequence[Mapping[str, Any]] = json.loads(files["consort_flow.json"])
    yield from (one["people"] for one in flow if one["people"] is not None)
    for stage in json.loads(files["trace.json"]):
        yield from (value for value in stage.values() if isinstance(value, int))
    report = json.loads(files["risk_report.json"])
    yield from (value for value in report.values() if isinstance(value, int))
