"""After somebody left: what the team is told, and what it does; and the lists that open at the end."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from core import clock
from research.actions import departing
from research.enums import Scope, StudyRole, StudyState
from research.models import AllocationList, Colleague, Recall, Study
from research.selectors import desks
from tests.people import Cast, Person, make_people
from tests.research.consenting import ARMS, open_study, say
from tests.scenes import same

pytestmark = pytest.mark.django_db
PAGES = ["left", "lists", "lists_file", "lists_check"]


@pytest.fixture
@same
def study(cast: Cast) -> Study:
    return open_study(cast.harbour, arms=ARMS)


def joins(study: Study, role: StudyRole) -> Person:
    """Somebody who works on the study."""
    (person,) = make_people({f"works-{role}": True}).values()
    key = person.keyed(desks.KIND, study.public_id)
    Colleague.objects.create(study=study, key=key, role=role, label=f"the {role}")
    return person


def url(study: Study, name: str = "left") -> str:
    return reverse(f"research:{name}", args=[study.public_id])


def leaves(who: Person, cast: Cast, study: Study, scope: Scope) -> None:
    departing.leave(group=cast.harbour, sid=study.public_id, scope=scope, key_of=who.keyed)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["alice", "mona", "lead", "weak", "olga", "nobody"])
def test_only_those_who_work_on_it(cast: Cast, study: Study, who: str, name: str) -> None:
    Study.objects.update(state=StudyState.CLOSED)
    AllocationList.objects.update(revealed_on=clock.today())
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(url(study, name)).status_code == 404
    assert joins(study, StudyRole.LEAD).client.get(url(study, name)).status_code == 200


def test_numbers_to_take_out_are_told_until_a_researcher_says_that_no_file_has_them(
    cast: Cast, study: Study
) -> None:
    own = say(cast.alice, cast.harbour, study)
    assert own.participant and own.source
    say(cast.bob, cast.harbour, study)
    leaves(cast.alice, cast, study, Scope.DELETE)
    leaves(cast.bob, cast, study, Scope.STOP)
    Recall.objects.update(since=clock.today())  # they come up on days by lot
    ruth, ana = joins(study, StudyRole.RESEARCHER), joins(study, StudyRole.ANALYST)
    page = ruth.client.get(url(study)).content.decode()
    assert own.participant.pid in page and own.source.pid in page and page.count("fewer than 5") == 3
    assert ana.client.post(url(study), {"pid": own.source.pid}).status_code == 404
    assert ana.client.post(url(study), {"pid": own.source.pid, "sure": "1"}).status_code == 404
    assert ruth.client.post(url(study), {"pid": "nobodys", "sure": "1"}).status_code == 302
    asked = ruth.client.post(url(study), {"pid": own.source.pid}).content.decode()
    assert Recall.objects.count() == 2 and asked.count("Yes, forget this number") == 1, "it is asked once"
    ruth.client.post(url(study), {"pid": own.source.pid, "sure": "1"})
    assert [row.pid for row in Recall.objects.all()] == [own.participant.pid]
    assert AuditEntry.objects.filter(act="number taken out of files").count() == 1


def test_lists_open_at_the_end_and_only_by_a_lead_researcher(cast: Cast, study: Study) -> None:
    say(cast.alice, cast.harbour, study)
    lead, other = joins(study, StudyRole.LEAD), joins(study, StudyRole.RESEARCHER)
    found = AllocationList.objects.get()
    assert found.commitment in (few := lead.client.get(url(study, "lists")).content.decode())
    AllocationList.objects.update(taken=9)
    enough = lead.client.get(url(study, "lists")).content.decode()
    assert (
        "fewer than 5 places given" in few
        and "fewer than" not in enough
        and "at least 5 places given" in enough
    )
    AllocationList.objects.update(taken=1)
    assert lead.client.get(url(study, "lists_file")).status_code == 404
    assert lead.client.post(url(study, "lists")).status_code == 409
    Study.objects.update(state=StudyState.CLOSED)
    assert other.client.post(url(study, "lists")).status_code == 404
    assert lead.client.post(url(study, "lists")).status_code == 302
    opened = json.loads(other.client.get(url(study, "lists_file")).content)
    assert opened["lists"][0]["commitment"] == found.commitment and len(opened["lists"][0]["places"]) == 1
    key = Person.keyed(cast.alice, "participant", f"{study.public_id}|{cast.harbour.public_id}").hex()
    assert key not in json.dumps(opened)
    assert b"hashlib" in other.client.get(url(study, "lists_check")).content
