"""Versions are given out fairly, by lists that were sealed beforehand, each place once, and none is less private than
the group it is tried in."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, permutations, product
from pathlib import Path
from typing import Any

from django.db import Error, connections, transaction

from community.actions.names import write_names
from community.enums import Asking, OneThread, Times
from community.errors import MayNot
from community.models import Group
from community.selectors import names
from community.selectors.names import Policy
from core import ids
from proof.harness import Defence, Result, none_found, swapped
from research import randomisation
from research.actions import allocation
from research.enums import Unit
from research.models import Allocation, AllocationList, Arm, Participant, Study
from research.policies import floor
from research.selectors import allocation as selectors

LISTS = {"small": 600, "full": 10_000}
RACERS = {"small": 40, "full": 200}
TABS = 2  # in which each person answers at once
PLACES = 40
BLOCKS = [("A", "B"), ("A", "A", "B"), ("A", "B", "C")]
P_LEAST = 0.001
SCRIPT = Path(randomisation.__file__).parent / "data" / "rederive.py"
KIND = "region"
ORDERS: dict[str, Sequence[Any]] = {  # from the most private to the least
    "one_thread": OneThread.values, "times": Times.values, "rhythm": [False, True], "asks": Asking.values,
}  # fmt: skip


def prove(size: str) -> Iterator[Result]:
    """Many lists; then people who press at once; then every setting in both directions."""
    lists = [_List(BLOCKS[nth % len(BLOCKS)], most=1 + nth % 2, name=f"s{nth}") for nth in range(LISTS[size])]
    yield none_found(
        f"in every list, at every one of {PLACES} places, no version is ahead by more than one block holds",
        tried=len(lists), found=sum(one.is_ahead() for one in lists), part="blocks",
    )  # fmt: skip
    yield _chance(lists)
    yield _from_outside(lists)
    yield _racing(RACERS[size])
    yield _floor()


class _List:
    """One list with a seed of its own."""

    def __init__(self, block: Sequence[str], *, most: int, name: str) -> None:
        self.block, self.most, self.name = block, most, name
        self.seed = ids.new_secret(size=randomisation.SEED_BYTES)
        drawn = randomisation.order(seed=self.seed, stratum=name, block=block, most=most)
        self.codes = list(islice(drawn, PLACES))

    def is_ahead(self) -> bool:
        given, share = Counter[str](), Counter(self.block)
        for code in self.codes:
            given[code] += 1
            rounds = [given[one] / share[one] for one in share]
            if max(rounds) - min(rounds) > self.most:
                return True
        return False

    def opened(self) -> dict[str, Any]:
        return {
            "stratum": self.name, "seed": self.seed.hex(), "block": list(self.block), "most": self.most,
            "commitment": randomisation.commitment(seed=self.seed),
            "places": [{"index": at, "version": code} for at, code in enumerate(self.codes)],
        }  # fmt: skip


def _chance(lists: list[_List]) -> Result:
    """The six orders of the first block of three: chi-squared with five degrees of freedom."""
    orders = Counter("".join(one.codes[:3]) for one in lists if len(set(one.block)) == 3 and one.most == 1)
    orders.update(
        "".join(_List(("A", "B", "C"), most=1, name=f"c{nth}").codes[:3]) for nth in range(len(lists))
    )
    tried = orders.total()
    expected = tried / 6
    x = sum((orders["".join(order)] - expected) ** 2 / expected for order in permutations("ABC"))
    p = math.erfc(math.sqrt(x / 2)) + math.sqrt(2 * x / math.pi) * math.exp(-x / 2) * (1 + x / 3)
    return Result(
        promise="every order of a block comes as often as every other", tried=tried,
        found=f"χ² {x:.1f}, p {p:.3f}", goal=f"p > {P_LEAST}", holds=p > P_LEAST, part="chance",
    )  # fmt: skip


def _from_outside(lists: list[_List]) -> Result:
    """The stand-alone script reads what is opened, in a Python that knows nothing of Kith."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"lists": [one.opened() for one in lists]}, file)
        file.flush()
        done = subprocess.run(  # noqa: S603 our own script
            [sys.executable, "-I", SCRIPT, file.name], capture_output=True, text=True, check=False
        )
    right = done.stdout.count(f"{PLACES} places, 0 wrong, 0 empty; the seal fits")
    return none_found(
        "a script from outside gives every place the same version, out of the seed that was sealed",
        tried=len(lists) * PLACES, found=len(lists) - right + (done.returncode != 0 and right == len(lists)),
        part="from outside",
    )  # fmt: skip


# --- at once --------------------------------------------------------------------------------------------------------
class _Racer(threading.Thread):
    """Says yes in one tab, and again where the database was busy."""

    def __init__(self, who: Any, group: Group, study: Study) -> None:
        super().__init__()
        self.who, self.group, self.study = who, group, study
        self.is_through = False

    def run(self) -> None:
        from tests.research.consenting import part, say

        try:
            for _turn in range(50):
                try:
                    say(self.who, self.group, self.study)
                    self.is_through = True
                    return
                except MayNot:
                    self.is_through = part(self.who, self.group, self.study).takes_part
                    return
                except Error:
                    connections["default"].close()
        finally:
            connections.close_all()


def _racing(size: int) -> Result:
    from accounts.models import Account
    from community.enums import Role
    from tests.people import Person, add_all, make_group
    from tests.research.consenting import ARMS, open_study

    group = make_group(name="racing")
    people = [
        Person(account=Account(), secret=ids.new_secret(), client=None)  # type: ignore[arg-type]  # no browser
        for _turn in range(size)
    ]
    add_all([(person, group, "", Role.MEMBER) for person in people])
    study = open_study(group, arms=ARMS)
    racers = [_Racer(person, group, study) for person in people for _tab in range(TABS)]
    for first in range(0, len(racers), 16):
        for racer in racers[first : first + 16]:
            racer.start()
        for racer in racers[first : first + 16]:
            racer.join()
    found = AllocationList.objects.get(study=study, stratum=group.public_id)
    places = dict(Allocation.objects.filter(list=found).values_list("index", "arm__code"))
    due = list(islice(selectors.order(found=found, arms=study.arms.all(), unit=study.unit), size))
    wrong = sum(not racer.is_through for racer in racers)
    wrong += sum(places.get(at) != code for at, code in enumerate(due)) + abs(len(places) - size)
    wrong += abs(found.taken - size) + abs(Participant.objects.filter(study=study).count() - size)
    wrong += Participant.objects.filter(study=study, arm=None).count()
    return none_found(
        "people who say yes at once, each in two tabs, get one place each, none twice and none left out",
        tried=len(racers), found=wrong, part="at once",
    )  # fmt: skip


# --- the floor ------------------------------------------------------------------------------------------------------
def _floor() -> Result:
    """A study of one group for every setting: from each value to each, and some that no setting has."""
    tried = accepted = refused = 0
    for key, order in ORDERS.items():
        for (now, before), (then, after) in product(enumerate(order), repeat=2):
            tried += 1
            is_taken = _is_taken(_policy(key, before), {key: {KIND: after} if key == "asks" else after})
            accepted += is_taken and then > now
            refused += not is_taken and then <= now
    for arm in (
        {"identity": "legal"},
        {"meter": "off"},
        {"times": "minutes"},
        {"presence": True},
        {"rhythm": 1},
    ):
        tried, accepted = tried + 1, accepted + _is_taken(Policy(), arm)
    return none_found(
        "no version below the floor is taken, and none above it refused: every setting in both directions",
        tried=tried, found=accepted + refused, part="floor",
    )  # fmt: skip


def _policy(key: str, value: Any) -> Policy:
    if key == "asks":
        return Policy(fact_kinds={KIND: Asking(value)})
    return Policy(**{key: value if key == "rhythm" else floor.CHOICES[key](value)})


def _is_taken(ordinary: Policy, arm: dict[str, Any]) -> bool:
    from tests.people import make_group
    from tests.research.consenting import ARMS, open_study

    group = make_group(name="floor")
    if ordinary != names.DEFAULT:
        write_names(group=group, policy=ordinary, name="now", version=1)
    try:
        with transaction.atomic():
            found = Group.objects.get(pk=group.pk)
            open_study(found, unit=Unit.GROUP, arms=[ARMS[0], {**ARMS[1], "policy": arm}])
            transaction.set_rollback(True)
    except MayNot:
        return False
    return True


# --- without its defences -------------------------------------------------------------------------------------------
def _coins(*, seed: bytes, stratum: str, block: Sequence[str], **_: int) -> Iterator[str]:
    """A coin for each, and no block."""
    dice = randomisation.Dice(seed=seed, stratum=stratum)
    while True:
        yield block[dice.below(len(block))]


def _always_first(_: randomisation.Dice, sides: int) -> int:
    """Nothing is shuffled."""
    return sides - 1


def _careless(*, study: Study, stratum: str, key: bytes) -> Arm | None:
    """Reads how many are taken, and only then takes one more."""
    found = AllocationList.objects.get(study=study, stratum=stratum)
    arms = {arm.code: arm for arm in study.arms.all()}
    code = next(islice(selectors.order(found=found, arms=arms.values(), unit=study.unit), found.taken, None))
    Allocation.objects.create(list=found, index=2 * found.taken, arm=arms[code], key=key)
    AllocationList.objects.filter(pk=found.pk).update(taken=found.taken + 1)
    return arms[code]


DEFENCES = [
    Defence(name="versions come in blocks", off=swapped(randomisation, "order", _coins)),
    Defence(name="a block is shuffled", off=swapped(randomisation.Dice, "below", _always_first)),
    Defence(name="the seed decides, and nothing else", off=swapped(randomisation, "LABEL", b"another")),
    Defence(name="the next place is taken, and no other", off=swapped(allocation, "take", _careless)),
    Defence(name="the floor", off=swapped(floor, "below", lambda **_: [])),
]
