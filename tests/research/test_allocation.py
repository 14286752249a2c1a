"""Which version somebody gets: never below the floor, fair, fixed beforehand, and checked by a script from outside."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEntry
from community.actions.names import write_names
from community.enums import Asking, OneThread, Times, WhatMatters
from community.errors import MayNot
from community.models import Group
from community.selectors import names
from community.selectors.names import Policy
from research import randomisation
from research.actions import allocation
from research.enums import Agreement, StudyState, Unit
from research.models import Allocation, AllocationList, Arm, Study, StudyGroup
from research.policies import floor
from research.selectors import allocation as selectors
from tests.people import Cast, make_group
from tests.research.consenting import ARMS, open_study, say
from tests.research.studies import make_study

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[2] / "research" / "data" / "rederive.py"
KIND = next(iter(names.kinds()))
ORDERS: dict[str, list[Any]] = {  # from the most private to the least
    "one_thread": list(OneThread.values),
    "times": list(Times.values),
    "rhythm": [False, True],
    "asks": list(Asking.values),
}
SECOND = [
    {"code": "A", "title": "as it is", "policy": {}, "weight": 1},
    {"code": "B", "title": "offered first", "policy": {"one_thread": "first"}, "weight": 1},
]


def ordinary(key: str, value: Any) -> Policy:
    if key == "asks":
        return Policy(fact_kinds={KIND: Asking(value)})
    return Policy(**{key: value if key == "rhythm" else floor.CHOICES[key](value)})


def arm(key: str, value: Any) -> dict[str, Any]:
    return {key: {KIND: value} if key == "asks" else value}


# --- the floor ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", list(ORDERS))
def test_every_setting_in_both_directions(key: str) -> None:
    order = ORDERS[key]
    for at, now in enumerate(order):
        for then, tried in enumerate(order):
            lower = floor.below(arm=arm(key, tried), ordinary=ordinary(key, now))
            assert bool(lower) == (then > at), (key, now, tried)


def test_the_orders_are_those_of_the_page() -> None:
    """Were the page's order turned round, the floor would be too: it is held here by name."""
    assert ORDERS["one_thread"] == ["first", "available", "off"]
    assert ORDERS["times"] == ["days", "hours"] and ORDERS["asks"] == ["hidden", "optional", "prompted"]


@pytest.mark.parametrize(
    "arm",
    [
        {"identity": "legal"}, {"meter": "off"}, {"presence": True}, {"times": "minutes"}, {"rhythm": "yes"},
        {"one_thread": None}, {"asks": {"shoe size": "optional"}}, {"asks": {KIND: "demanded"}}, {"asks": "all"},
        {"what_matters": ["shown"]},
    ],
)  # fmt: skip
def test_what_is_no_choice_is_refused(arm: dict[str, Any]) -> None:
    with pytest.raises(MayNot):
        floor.below(arm=arm, ordinary=Policy())


def test_no_study_is_prepared_below_the_floor(cast: Cast) -> None:
    lower = [ARMS[0], {**ARMS[1], "policy": {"times": "hours"}}]
    with pytest.raises(MayNot), transaction.atomic():
        open_study(cast.harbour, unit=Unit.GROUP, arms=lower)
    assert not Arm.objects.exists() and not Study.objects.exists()


def test_the_floor_is_each_groups_own(cast: Cast) -> None:
    """What one group has already may be tried there, and not beside it."""
    write_names(group=cast.meadow, policy=Policy(times=Times.HOURS), name="hours", version=1)
    meadow = Group.objects.get(pk=cast.meadow.pk)
    hours = [ARMS[0], {**ARMS[1], "policy": {"times": "hours"}}]
    open_study(meadow, unit=Unit.GROUP, arms=hours)
    with pytest.raises(MayNot), transaction.atomic():
        open_study(meadow, cast.harbour, unit=Unit.GROUP, arms=hours)


def test_one_persons_version_changes_nothing_that_others_see(cast: Cast) -> None:
    with pytest.raises(MayNot, match="Others would see"), transaction.atomic():
        open_study(cast.harbour, unit=Unit.PERSON, arms=SECOND)
    open_study(cast.harbour, unit=Unit.PERSON, arms=ARMS)
    assert WhatMatters(ARMS[1]["policy"]["what_matters"])  # type: ignore[index]


# --- fair and fixed -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("block", [["A", "B"], ["A", "A", "B"], ["A", "B", "C"]])
def test_within_one_block_at_every_point(block: list[str]) -> None:
    """However far a list is used, no version is ahead by more than what one block holds of it."""
    share = Counter(block)
    for seed in range(50):
        given: Counter[str] = Counter()
        for code in islice(
            randomisation.order(seed=bytes([seed]) * 32, stratum="x", block=block, most=2), 120
        ):
            given[code] += 1
            whole = [given[one] / share[one] for one in share]
            assert max(whole) - min(whole) <= 2


def test_strata_of_one_seed_differ_and_repeat() -> None:
    seed, block = b"s" * 32, ["A", "B"]
    first = list(islice(randomisation.order(seed=seed, stratum="x", block=block, most=2), 64))
    assert first == list(islice(randomisation.order(seed=seed, stratum="x", block=block, most=2), 64))
    assert first != list(islice(randomisation.order(seed=seed, stratum="y", block=block, most=2), 64))


def test_dice_are_not_loaded() -> None:
    """What would favour the low sides is drawn again: with 3 · 2^30 sides a quarter of all draws are."""
    dice = randomisation.Dice(seed=b"d" * 32, stratum="dice")
    sides = 3 * 2**30
    low = sum(dice.below(sides) < sides // 3 for _turn in range(6000))
    assert 1800 < low < 2200  # without drawing again it would be 3000


def test_each_person_gets_the_next_place_once(cast: Cast) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    people = [cast.alice, cast.bob, cast.lena, cast.muted]
    arms = [say(who, cast.harbour, study).participant.arm.code for who in people]  # type: ignore[union-attr]
    found = AllocationList.objects.get(stratum=cast.harbour.public_id)
    assert arms == list(islice(selectors.order(found=found, arms=study.arms.all(), unit=study.unit), 4))
    assert found.taken == 4 and sorted(Allocation.objects.values_list("index", flat=True)) == [0, 1, 2, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        Allocation.objects.create(list=found, index=0, arm=study.arms.first())


def test_pairs_get_one_each_and_a_no_moves_nobody(cast: Cast) -> None:
    others = [make_group(name=f"group {nth}") for nth in range(4)]
    pairs = [[cast.harbour.public_id, cast.meadow.public_id], [one.public_id for one in others[:2]]]
    study = open_study(cast.harbour, cast.meadow, *others[:2], unit=Unit.GROUP, arms=SECOND, pairs=pairs)

    def codes() -> dict[str, str]:
        return {
            place.host.group.public_id: place.arm.code
            for place in Allocation.objects.select_related("host__group", "arm")
            if place.host
        }

    given = codes()
    assert all({given[left], given[right]} == {"A", "B"} for left, right in pairs)
    Allocation.objects.all().delete()
    StudyGroup.objects.filter(group=cast.meadow).update(state=Agreement.DECLINED)
    allocation.give_groups(study=study)
    allocation.give_groups(study=study)
    assert codes() == {gid: code for gid, code in given.items() if gid != cast.meadow.public_id}


# --- from outside ---------------------------------------------------------------------------------------------------
def rederive(found: dict[str, Any], tmp_path: Path) -> tuple[int, str]:
    path = tmp_path / "lists.json"
    path.write_text(json.dumps(found))
    done = subprocess.run([sys.executable, "-I", SCRIPT, path], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_script_from_outside_agrees_and_finds_what_is_wrong(cast: Cast, tmp_path: Path) -> None:
    study = open_study(cast.harbour, cast.meadow, arms=ARMS)
    for who in (cast.alice, cast.bob, cast.lena):
        say(who, cast.harbour, study)
    assert selectors.opened(study=study)["lists"] == []  # nothing is shown before the study is over
    AllocationList.objects.update(revealed_on=study.opened_on)
    found = selectors.opened(study=study)
    code, said = rederive(found, tmp_path)
    assert code == 0 and said.count("the seal fits") == 2 and "3 places, 0 wrong, 0 empty" in said
    used = next(one for one in found["lists"] if one["places"])
    last = used["places"].pop(0)
    assert "2 places, 0 wrong, 1 empty" in rederive(found, tmp_path)[1]  # its owner had all taken away
    used["places"].insert(0, last)
    used["places"][1]["version"] = {"A": "B", "B": "A"}[used["places"][1]["version"]]
    assert rederive(found, tmp_path)[0] == 1
    used["places"][1]["version"] = {"A": "B", "B": "A"}[used["places"][1]["version"]]
    used["seed"] = "00" * 32
    code, said = rederive(found, tmp_path)
    assert code == 1 and "DOES NOT FIT" in said


def test_the_seals_stand_on_the_record_before_anybody_is_asked(cast: Cast) -> None:
    """Else a list could be made again once it is known who comes, and its seal with it."""
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED, arms=ARMS)
    entry = AuditEntry.objects.select_related("kept").get(act="study approved")
    seals = AllocationList.objects.filter(study=team.study).values_list("commitment", flat=True)
    assert json.loads(entry.kept.payload)["seals"] == sorted(seals) and len(seals) == 1
