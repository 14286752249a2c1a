"""Versions at work: a person's on their own page alone, a group's once its lead agrees and everyone had time."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from community import fact_kinds
from community.actions import disclosures, leaving
from community.actions.names import write_names
from community.enums import Audience, OneThread, Role, WhatMatters
from community.errors import MayNot, NotHere
from community.models import AnonymityPolicy, Group
from community.selectors import names
from community.selectors.disclosures import Detail
from community.selectors.names import Policy
from core import clock
from research.actions import hosting, studies
from research.actions.hosting import ask
from research.enums import Part, StudyState, Unit
from research.models import Allocation, Arm, Participant, Study, StudyGroup
from research.selectors import versions
from tests.people import Cast, Person, add, make_group
from tests.research.consenting import ARMS, open_study, part, say
from tests.research.studies import in_pairs, make_study, say_yes

pytestmark = pytest.mark.django_db
FIRST = [
    {"code": "A", "title": "as it is", "policy": {}, "weight": 1},
    {"code": "B", "title": "offered first", "policy": {"one_thread": "first"}, "weight": 1},
]
LATER = dt.timedelta(days=15)


def own(who: Person, group: Group) -> str:
    return str(names.policy_for(group=group, key_of=who.keyed).what_matters)


def groups_study(cast: Cast, code: str) -> Study:
    """A study of whole groups in which harbour got this version."""
    pair = [[cast.harbour.public_id, cast.meadow.public_id]]
    study = open_study(cast.harbour, cast.meadow, unit=Unit.GROUP, arms=FIRST, pairs=pair)
    arms = {arm.code: arm for arm in Arm.objects.filter(study=study)}
    for place in Allocation.objects.all():
        is_ours = place.host is not None and place.host.group_id == cast.harbour.pk
        Allocation.objects.filter(pk=place.pk).update(arm=arms[code if is_ours else "AB".replace(code, "")])
    return study


# --- one person's ---------------------------------------------------------------------------------------------------
def test_ones_own_page_goes_by_ones_own_version_while_the_study_is_on(cast: Cast) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    for who in (cast.alice, cast.bob, cast.lena, cast.muted):
        say(who, cast.harbour, study)
    got = {}
    for who in (cast.alice, cast.bob, cast.lena, cast.muted):
        row = part(who, cast.harbour, study).participant
        assert row and row.arm
        got[row.arm.code] = who
        assert own(who, cast.harbour) == ("shown" if row.arm.code == "B" else "with_words")
    assert set(got) == {"A", "B"}
    assert own(cast.mona, cast.harbour) == WhatMatters.WITH_WORDS  # takes no part
    Study.objects.update(is_paused=True)
    assert own(got["B"], cast.harbour) == WhatMatters.WITH_WORDS


def test_a_version_written_past_the_actions_shows_others_nothing(cast: Cast) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    say(cast.alice, cast.harbour, study)
    Arm.objects.update(policy={"times": "hours", "what_matters": "shown"})
    policy = names.policy_for(group=cast.harbour, key_of=cast.alice.keyed)
    assert policy.times == "days" and policy.what_matters == "with_words"


def test_the_page_says_it(cast: Cast) -> None:
    study = open_study(cast.harbour, arms=ARMS)
    say(cast.alice, cast.harbour, study)
    detail = Detail(
        kind="role", level=fact_kinds.kinds()["role"].level_of("self/"), audience=Audience.GROUP, path="self/"
    )
    disclosures.show(here=cast.alice.here(cast.harbour), details=[detail])
    address = reverse("community:who", args=[cast.harbour.public_id])
    pages = {}
    for code in "AB":
        Participant.objects.update(arm=Arm.objects.get(code=code))
        pages[code] = cast.alice.client.get(address).content
    assert len(pages["A"]) > len(pages["B"])


# --- a group's ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["mona", "alice", "weak"])
def test_only_a_lead_lets_it_hold(cast: Cast, who: str) -> None:
    study = groups_study(cast, "B")
    with clock.held_at(clock.now() + LATER), pytest.raises(NotHere):
        hosting.put_in_force(here=getattr(cast, who).here(cast.harbour), sid=study.public_id)
    assert not AnonymityPolicy.objects.exists()


def test_not_before_everyone_had_time_and_then_once(cast: Cast) -> None:
    study = groups_study(cast, "B")
    here = cast.lead.here(cast.harbour)
    with pytest.raises(MayNot, match="talk"):
        hosting.put_in_force(here=here, sid=study.public_id)
    with clock.held_at(clock.now() + LATER):
        hosting.put_in_force(here=here, sid=study.public_id)
        with pytest.raises(MayNot, match="different"):
            hosting.put_in_force(here=cast.lead.here(cast.harbour), sid=study.public_id)
    harbour = Group.objects.get(pk=cast.harbour.pk)
    assert names.policy_of(harbour).one_thread == OneThread.FIRST
    assert set(AuditEntry.objects.filter(act="version in force").values_list("chain__scope", flat=True)) == {
        study.public_id, harbour.public_id,
    }  # fmt: skip


def test_the_other_version_changes_nothing(cast: Cast) -> None:
    study = groups_study(cast, "A")
    with clock.held_at(clock.now() + LATER), pytest.raises(MayNot, match="different"):
        hosting.put_in_force(here=cast.lead.here(cast.harbour), sid=study.public_id)


def test_a_group_that_is_more_private_by_now_stays_so(cast: Cast) -> None:
    study = groups_study(cast, "B")
    Arm.objects.filter(code="B").update(policy={"one_thread": "available"})
    write_names(group=cast.harbour, policy=Policy(one_thread=OneThread.FIRST), name="first", version=1)
    with clock.held_at(clock.now() + LATER), pytest.raises(MayNot):
        hosting.put_in_force(here=cast.lead.here(cast.harbour), sid=study.public_id)
    assert versions.of_group(host=study.hosts.get(group=cast.harbour)) is not None


def test_a_group_that_says_yes_late_gets_its_version_and_time_to_talk(cast: Cast) -> None:
    add(cast.mona, cast.meadow, role=Role.LEAD)
    more = [make_group(name=f"group {nth}") for nth in range(2)]
    leads = {cast.harbour: cast.lead, cast.meadow: cast.mona}
    for group in more:
        add(cast.lead, group, role=Role.LEAD)
        leads[group] = cast.lead
    groups = list(leads)
    team = make_study(*leads.items(), state=StudyState.APPROVED, **in_pairs(*groups))
    for group, lead in leads.items():
        ask(desk=team.desk(), gid=group.public_id)
        if group != groups[3]:
            say_yes(team, group, lead)
    studies.open_to_people(desk=team.desk())
    assert Allocation.objects.count() == 3
    with clock.held_at(clock.now() + LATER):
        say_yes(team, groups[3], cast.lead)
        late = StudyGroup.objects.select_related("study", "group").get(group=groups[3])
        found = versions.of_group(host=late)
        assert found and found.is_early and Allocation.objects.count() == 4


# --- leaving the group ----------------------------------------------------------------------------------------------
def test_leaving_the_group_ends_it_and_says_so_before(cast: Cast) -> None:
    study = open_study(cast.harbour)
    say(cast.alice, cast.harbour, study)
    address = reverse("community:leave_group", args=[cast.harbour.public_id])
    assert b"take part in a study" in cast.alice.client.get(address).content
    assert b"take part in a study" not in cast.bob.client.get(address).content
    leaving.leave_group(here=cast.alice.here(cast.harbour), key_of=cast.alice.keyed)
    assert Participant.objects.get().part == Part.STOPPED
