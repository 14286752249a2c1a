"""Lists of versions: the order a seed gives, and what is shown of a list before and after it is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from research import randomisation, sealed
from research.enums import Unit
from research.models import AllocationList, Arm, Protocol, Study

MIXED = 2  # a block is once or twice its versions, where people come one by one


def place_of(stratum: str) -> str:
    """What a seed is sealed for."""
    return f"seed|{stratum}"


def order(*, found: AllocationList, arms: Collection[Arm], unit: str) -> Iterator[str]:
    """The codes that a list's seed gives, without end."""
    seed = sealed.unseal(study=found.study, sealed=bytes(found.sealed_seed), place=place_of(found.stratum))
    return randomisation.order(seed=seed, stratum=found.stratum, block=block(arms), most=most(unit))


def block(arms: Collection[Arm]) -> list[str]:
    """The codes of one block, each as often as it weighs."""
    return [arm.code for arm in sorted(arms, key=lambda arm: arm.code) for _turn in range(arm.weight)]


def most(unit: str) -> int:
    """How often a block may hold its versions: groups come in pairs, all of them known."""
    return 1 if unit == Unit.GROUP else MIXED


def places_of_groups(*, study: Study) -> list[str]:
    """The public ids of a study's groups, in the order of its protocol: pair by pair, then the rest."""
    settings = Protocol.objects.get(study=study, version=1).settings
    paired = [gid for pair in settings.get("pairs", []) for gid in pair]
    return paired + [gid for gid in settings["groups"] if gid not in paired]


def lists(*, study: Study) -> list[AllocationList]:
    """A study's lists with their commitments, for everyone to see."""
    return list(AllocationList.objects.filter(study=study).order_by("stratum"))


def opened(*, study: Study) -> dict[str, Any]:
    """What the stand-alone check reads: the opened lists, with every place that was given, and nobody's key."""
    arms = list(study.arms.all())
    found = []
    for one in AllocationList.objects.filter(study=study, revealed_on__isnull=False).order_by("stratum"):
        seed = sealed.unseal(study=study, sealed=bytes(one.sealed_seed), place=place_of(one.stratum))
        places = one.places.select_related("arm").order_by("index")
        found.append(
            {
                "stratum": one.stratum, "seed": seed.hex(), "commitment": one.commitment, "block": block(arms),
                "most": most(study.unit),
                "places": [{"index": place.index, "version": place.arm.code} for place in places],
            }
        )  # fmt: skip
    return {"study": study.public_id, "lists": found}
