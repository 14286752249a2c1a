"""Giving out versions of the settings: the lists are made and sealed before anybody is asked, and no place is given
twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audit.actions import append
from community.errors import MayNot
from community.models import Group
from community.selectors import names
from core import clock, ids
from research import policies, randomisation, sealed
from research.enums import Agreement, StudyState, Unit
from research.models import Allocation, AllocationList, Arm, Study, StudyGroup
from research.policies import Desk, floor
from research.selectors import allocation as selectors
from research.selectors import desks

GROUPS = "groups"  # the stratum of whole groups


def require_floor(*, groups: Sequence[Group], policy: Mapping[str, Any], unit: str) -> None:
    """Raise MayNot where a version would be less private than one of these groups is."""
    floor.require(arm=policy, ordinaries=[names.policy_of(group) for group in groups], unit=unit)


def prepare(*, study: Study, settings: Mapping[str, Any]) -> None:
    """Write a study's versions and seal the order in which they are given. In the transaction that approves it. Raises
    MayNot."""
    arms = settings.get("arms", [])
    groups = list(Group.objects.filter(public_id__in=settings["groups"]).order_by("public_id"))
    for arm in arms:
        require_floor(groups=groups, policy=arm["policy"], unit=study.unit)
    Arm.objects.bulk_create(
        Arm(study=study, code=arm["code"], title=arm["title"], policy=arm["policy"], weight=arm["weight"])
        for arm in arms
    )
    if not arms:
        return
    for stratum in [GROUPS] if study.unit == Unit.GROUP else [group.public_id for group in groups]:
        seed = ids.new_secret(size=randomisation.SEED_BYTES)
        AllocationList.objects.create(
            study=study,
            stratum=stratum,
            sealed_seed=sealed.seal(study=study, value=seed, place=selectors.place_of(stratum)),
            commitment=randomisation.commitment(seed=seed),
        )


def give_groups(*, study: Study) -> None:
    """Give every group that said yes its version, pair by pair. In the transaction that opens a study; whoever asks
    again changes nothing. A group's place is fixed by the protocol, so that a no moves nobody else's."""
    found = AllocationList.objects.select_for_update().filter(study=study, stratum=GROUPS).first()
    if study.unit != Unit.GROUP or found is None:
        return
    places = selectors.places_of_groups(study=study)
    arms = {arm.code: arm for arm in study.arms.all()}
    codes = list(islice(selectors.order(found=found, arms=arms.values(), unit=study.unit), len(places)))
    hosts = StudyGroup.objects.filter(study=study, state=Agreement.AGREED, allocation=None)
    for host in hosts.select_related("group"):
        index = places.index(host.group.public_id)
        Allocation.objects.create(list=found, index=index, arm=arms[codes[index]], host=host)
    AllocationList.objects.filter(pk=found.pk).update(taken=len(places))


def take(*, study: Study, stratum: str, key: bytes) -> Arm | None:
    """The version for one person: the next place of their group's list, or the one they have. In the transaction in
    which they say yes. None where there are no versions."""
    had = Allocation.objects.select_related("arm").filter(key=key).first()
    if had is not None:
        return had.arm
    mine = AllocationList.objects.filter(study=study, stratum=stratum)
    if study.unit != Unit.PERSON or not mine.update(taken=F("taken") + 1):  # locks the list
        return None
    found = mine.get()
    arms = {arm.code: arm for arm in study.arms.all()}
    index = found.taken - 1
    code = next(islice(selectors.order(found=found, arms=arms.values(), unit=study.unit), index, None))
    Allocation.objects.create(list=found, index=index, arm=arms[code], key=key)
    return arms[code]


def of_group(*, study: Study, group: Group) -> Arm | None:
    """The version that a whole group got, if it got one."""
    given = Allocation.objects.select_related("arm").filter(host__study=study, host__group=group).first()
    return given.arm if given else None


@transaction.atomic
def reveal(*, desk: Desk) -> None:
    """Open the seeds once a study is over, for everyone to check. Raises NotHere or MayNot."""
    policies.require("reveal_lists", desk)
    now = desks.again(desk)
    policies.require("reveal_lists", now)
    if now.study.state != StudyState.CLOSED:
        raise MayNot(_("The lists open when the study is over."))
    AllocationList.objects.filter(study=now.study, revealed_on=None).update(revealed_on=clock.today())
    append(scope=now.study.public_id, act="lists opened", actor_role="lead researcher", payload={})
