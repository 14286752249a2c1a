"""How names work here: the policy in force, its floor, its versions, and who may change it."""

from __future__ import annotations

import dataclasses
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.actions import names as actions
from community.enums import Asking, OneThread, Times
from community.errors import MayNot, NotHere
from community.models import AnonymityPolicy, Group
from community.name_settings import settings
from community.selectors import names
from community.selectors.names import DEFAULT, Policy, policy_of
from tests.architecture import reading
from tests.architecture.test_words import code_words
from tests.people import Cast

KINDS = {"age": "Age", "region": "Region"}
FORM = {
    "base_version": "0", "name": "Quick answers", "one_thread": "off", "what_matters": "shown", "times": "hours",
    "rhythm": "yes", "kind_age": "prompted", "kind_region": "hidden",
}  # fmt: skip
HOURS = Policy(times=Times.HOURS)


@pytest.fixture(autouse=True)
def _two_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "kinds", lambda: KINDS)


def publish(cast: Cast, policy: Policy = HOURS, *, base: int = 0) -> AnonymityPolicy:
    here = cast.lead.here(cast.harbour)
    return actions.publish_names(here=here, policy=policy, name="Hours", base_version=base)


def fresh(group: Group) -> Group:
    return Group.objects.get(pk=group.pk)


def _url(cast: Cast, page: str = "") -> str:
    return reverse("community:names_change" if page else "community:names", args=[cast.harbour.public_id])


@pytest.mark.parametrize("who", ["alice", "muted", "barred", "weak", "mona", "ned", "olga"])
def test_only_the_lead_changes_how_names_work(cast: Cast, who: str) -> None:
    client = getattr(cast, who).client
    assert client.get(_url(cast, "change")).status_code == 404
    assert client.post(_url(cast, "change"), FORM | {"sure": "1"}).status_code == 404
    assert not AnonymityPolicy.objects.exists()


@pytest.mark.parametrize("who", ["mona", "weak", "alice"])
def test_nobody_else_may_through_the_action(cast: Cast, who: str) -> None:
    here = getattr(cast, who).here(cast.harbour)
    with pytest.raises(NotHere):
        actions.publish_names(here=here, policy=HOURS, name="x", base_version=0)


def test_a_hidden_groups_page_is_not_there_for_strangers(cast: Cast) -> None:
    hidden = f"/g/{cast.cellar.public_id}/names/"
    assert cast.olga.client.get(hidden).status_code == cast.nobody.get(hidden).status_code == 404
    assert cast.nobody.get("/g/none/names/").status_code == 404
    assert cast.barred.client.get(_url(cast)).status_code == 200  # as the front page: anyone may read it
    assert cast.nobody.get(_url(cast)).status_code == 200


def test_without_a_choice_the_default_is_in_force_and_costs_no_query(cast: Cast) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert policy_of(cast.harbour) == DEFAULT
    assert len(queries) == 0
    assert (DEFAULT.one_thread, DEFAULT.times, DEFAULT.what_matters) == ("available", "days", "with_words")
    assert not DEFAULT.rhythm and DEFAULT.asks("age") == "optional"


def test_a_version_is_in_force_at_once_in_its_group_alone(cast: Cast) -> None:
    publish(cast, dataclasses.replace(HOURS, fact_kinds={"age": Asking.HIDDEN}))
    group = fresh(cast.harbour)
    with CaptureQueriesContext(connection) as queries:
        assert policy_of(group).times == policy_of(group).times == "hours"
    assert len(queries) == 1
    assert policy_of(group).asks("age") == "hidden" and policy_of(group).asks("region") == "optional"
    assert policy_of(fresh(cast.meadow)) == DEFAULT


def test_versions_are_added_and_never_changed(cast: Cast) -> None:
    publish(cast)
    first = AnonymityPolicy.objects.values().get()
    publish(cast, DEFAULT, base=1)
    assert AnonymityPolicy.objects.values().get(version=1) == first
    assert policy_of(fresh(cast.harbour)) == DEFAULT


def test_members_are_told_for_two_weeks(cast: Cast) -> None:
    page = reverse("chat:group", args=[cast.harbour.public_id])
    told = "How names work here changed on"
    assert told not in cast.alice.client.get(page).content.decode()
    row = publish(cast)
    assert told in cast.alice.client.get(page).content.decode()
    AnonymityPolicy.objects.filter(pk=row.pk).update(published_on=row.published_on - names.NEW_FOR)
    assert told not in cast.alice.client.get(page).content.decode()


def test_of_two_leads_the_second_is_told(cast: Cast) -> None:
    publish(cast)
    with pytest.raises(MayNot, match="Someone else changed"), transaction.atomic():
        publish(cast, Policy(one_thread=OneThread.OFF))
    with pytest.raises(MayNot, match="Nothing is different"):
        publish(cast, HOURS, base=1)
    assert AnonymityPolicy.objects.count() == fresh(cast.harbour).names_version == 1


LOWER = [
    Policy(times="minutes"),  # type: ignore[arg-type]
    Policy(times="live"),  # type: ignore[arg-type]
    Policy(one_thread="names"),  # type: ignore[arg-type]
    Policy(what_matters="to_all"),  # type: ignore[arg-type]
    Policy(fact_kinds={"age": "required"}),  # type: ignore[dict-item]
]


@pytest.mark.parametrize("policy", LOWER)
def test_nothing_below_the_floor_is_published(cast: Cast, policy: Policy) -> None:
    with pytest.raises(MayNot, match="No group can go below"):
        publish(cast, policy)
    assert not AnonymityPolicy.objects.exists()


@pytest.mark.parametrize(
    ("column", "value"), [("times", "min"), ("one_thread", "names"), ("what_matters", "all")]
)
def test_the_database_keeps_the_floor_too(cast: Cast, column: str, value: str) -> None:
    publish(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnonymityPolicy.objects.update(**{column: value})


@pytest.mark.parametrize(
    ("field", "value"), [("times", "minutes"), ("kind_age", "required"), ("rhythm", "live"), ("name", "")]
)
def test_a_form_with_anything_else_is_sent_back(cast: Cast, field: str, value: str) -> None:
    answer = cast.lead.client.post(_url(cast, "change"), FORM | {field: value, "sure": "1"})
    assert answer.status_code == 422 and not AnonymityPolicy.objects.exists()


def test_the_first_press_shows_what_changes_and_for_whom(cast: Cast) -> None:
    looked = cast.lead.client.post(_url(cast, "change"), FORM)
    said = looked.content.decode()
    assert looked.status_code == 200 and not AnonymityPolicy.objects.exists()
    assert said.count("For whom:") == 6
    assert (
        said.count("Less private:") == 4
    )  # names, times, rhythm, age; a hidden region is not, nor what one sees alone
    assert "could often tell which name is yours" in said
    back = cast.lead.client.post(_url(cast, "change"), FORM | {"back": "1"})
    (picked,) = re.findall(r'<input[^>]*name="times"[^>]*checked[^>]*>', back.content.decode())
    assert 'value="hours"' in picked
    done = cast.lead.client.post(_url(cast, "change"), FORM | {"sure": "1"}, follow=True)
    assert done.status_code == 200
    page = cast.alice.client.get(_url(cast)).content.decode()
    assert "Quick answers" in page and "What changed last" in page and "about what hour" in page
    assert "Change how names work" not in page and "Change how names work" in done.content.decode()


def test_a_late_press_is_a_conflict_in_words(cast: Cast) -> None:
    publish(cast)
    answer = cast.lead.client.post(_url(cast, "change"), FORM | {"sure": "1"})
    assert answer.status_code == 409 and "Someone else changed this" in answer.content.decode()


def test_the_page_explains_each_setting(cast: Cast) -> None:
    page = cast.alice.client.get(_url(cast)).content.decode()
    for setting in settings().values():
        assert setting.title in page
        assert all(finding.found in page.replace("&#x27;", "'") for finding in setting.findings)
    assert "<b>Age</b>" in page and page.count("What the papers found") == len(settings()) == 5
    front = cast.nobody.get(f"/g/{cast.harbour.public_id}/about/").content.decode()
    assert _url(cast) in front
    assert _url(cast) in cast.alice.client.get(f"/g/{cast.harbour.public_id}/").content.decode()


def test_every_setting_is_whole_and_plain() -> None:
    values = {"one_thread": 3, "fact_kinds": 3, "what_matters": 2, "times": 2, "rhythm": 2}
    assert {key: len(setting.choices) for key, setting in settings().items()} == values
    said = []
    for setting in settings().values():
        assert setting.findings and setting.whom
        for number, choice in enumerate(setting.choices):
            assert choice.says and choice.protects and choice.costs
            assert bool(choice.less) == (setting.changes_what_others_see and number > 0)
            said += [choice.says, choice.protects, choice.costs, choice.less]
        said += [setting.whom, *(finding.found for finding in setting.findings)]
    measured = reading.measure(said)
    assert measured.grade <= 6 and measured.per_sentence <= 15
    assert not code_words([*said, *(setting.title for setting in settings().values())])
