"""Coming into a study: by one-time codes, and known by a key that only their bearer can make."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from audit.models import AuditEntry
from community.actions import site
from community.errors import MayNot, NotHere
from core import clock, sealing
from research.actions import codes
from research.enums import StudyRole, StudyState
from research.models import Colleague, Study, StudyCode
from research.selectors import desks
from tests.people import Cast, Person, sign_in
from tests.research.studies import Team, begin, desk_of, make_study
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
def ned(cast: Cast) -> Person:
    """Somebody who looks after the site."""
    site.claim(site_tag=sealing.tag(key=cast.ned.secret, parts=("site",)), typed=site.make_code())
    return cast.ned


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


def url(name: str, *parts: str) -> str:
    return reverse(f"research:{name}", args=parts)


def typed(person: Person, code: str, label: str = "Dr New"):
    return person.client.post(url("code"), {"code": code, "label": label})


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["alice", "weak", "mona", "lead", "olga", "nobody"])
def test_only_a_site_administrator_makes_the_first_code(cast: Cast, ned: Person, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.post(url("first_code")).status_code == 404
    assert not StudyCode.objects.exists()
    with pytest.raises(NotHere):
        codes.make_first(site_tag=sealing.tag(key=cast.lead.secret, parts=("site",)))


def test_without_a_second_factor_the_site_administrator_makes_none(cast: Cast, ned: Person) -> None:
    sign_in(ned.client, ned.account, ned.secret, strong=False)
    assert ned.client.post(url("first_code")).status_code == 404


def test_to_who_has_nothing_to_do_with_studies_there_is_no_study(cast: Cast, team: Team) -> None:
    assert cast.nobody.get(url("home")).status_code == cast.nobody.get(url("code")).status_code == 404
    assert cast.weak.client.get(url("code")).status_code == 404
    for who in (cast.weak, cast.mona):
        page = who.client.get(url("home"), follow=True).content.decode()
        assert "Asking quietly" not in page and team.study.public_id not in page
    assert "Asking quietly" in team.ruth.client.get(url("home")).content.decode()


def test_nobody_can_tell_whether_a_code_waits(cast: Cast, team: Team) -> None:
    codes.make(desk=team.desk(), role=StudyRole.LEAD)
    waits = [who.client.get(url("home")) for who in (cast.weak, cast.mona)]
    StudyCode.objects.all().delete()
    none = [who.client.get(url("home")) for who in (cast.weak, cast.mona)]
    assert [(one.status_code, one.content) for one in waits] == [
        (one.status_code, one.content) for one in none
    ]
    assert [one.status_code for one in none] == [200, 302]


PAGES = ["study", "people", "take_out"]


@pytest.mark.parametrize("name", PAGES)
def test_a_study_is_not_there_for_others(cast: Cast, team: Team, name: str) -> None:
    sid = team.study.public_id
    for client in (cast.nobody, cast.alice.client, cast.mona.client, cast.lead.client):
        assert client.get(url(name, sid)).status_code in {404, 405}
        answer = client.post(url(name, sid), {"label": "Ana", "role": "lead"})
        assert answer.status_code == (405 if name == "study" else 404)
    sign_in(team.ruth.client, team.ruth.account, team.ruth.secret, strong=False)
    assert team.ruth.client.get(url(name, sid)).status_code in {404, 405}
    assert team.ruth.client.post(url(name, sid), {"label": "Ana"}).status_code in {404, 405}
    assert Colleague.objects.count() == 3


def test_another_study_is_not_there(cast: Cast, team: Team) -> None:
    other = begin(cast.mona, label="Mona")
    assert team.ruth.client.get(url("study", other.public_id)).status_code == 404
    with pytest.raises(NotHere):
        desk_of(team.ruth, other)


@pytest.mark.parametrize("who", ["remy", "ana"])
def test_only_a_lead_researcher_brings_people_in_or_takes_them_out(team: Team, who: str) -> None:
    person, sid = getattr(team, who), team.study.public_id
    assert person.client.post(url("people", sid), {"role": "lead"}).status_code == 404
    assert person.client.post(url("take_out", sid), {"label": "Dr Ruth Example"}).status_code == 404
    assert "Bring someone in" not in person.client.get(url("people", sid)).content.decode()
    assert Colleague.objects.count() == 3 and not StudyCode.objects.exists()


def test_a_code_works_once_and_not_for_ever(cast: Cast, ned: Person) -> None:
    made = codes.make_first(site_tag=sealing.tag(key=ned.secret, parts=("site",)))
    with clock.held_at(clock.now() + codes.LASTS + dt.timedelta(days=1)), pytest.raises(NotHere):
        codes.use(typed=made, label="Late", key_of=cast.mona.keyed)
    assert typed(cast.weak, made).status_code == 404
    codes.use(typed=made.lower(), label="Mona", key_of=cast.mona.keyed)
    with pytest.raises(NotHere):
        codes.use(typed=made, label="Second", key_of=cast.lead.keyed)
    assert Study.objects.count() == 1


def test_nobody_tries_codes_for_long(cast: Cast) -> None:
    for _ in range(5):
        assert typed(cast.mona, "ABCD").status_code == 422
    answer = typed(cast.mona, "ABCD")
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0


def test_a_study_keeps_a_lead(team: Team) -> None:
    with pytest.raises(MayNot, match="needs a lead"):
        codes.take_out(desk=team.desk(), label="Dr Ruth Example")
    with pytest.raises(NotHere):
        codes.take_out(desk=team.desk(), label="Nobody")


def test_a_code_is_not_lost_on_a_name_that_is_taken(team: Team, cast: Cast) -> None:
    made = codes.make(desk=team.desk(), role=StudyRole.ANALYST)
    answer = typed(cast.mona, made, "remy")
    assert answer.status_code == 422 and "is called that" in answer.content.decode()
    assert made in answer.content.decode(), "nothing that was typed is lost"
    with pytest.raises(MayNot, match="already"):
        codes.use(typed=made, label="Ruth again", key_of=team.ruth.keyed)
    assert typed(cast.mona, made, "Mona").status_code == 302


def test_who_was_taken_out_does_not_come_in_again_by_a_code_they_kept(team: Team, cast: Cast) -> None:
    second = codes.make(desk=team.desk(), role=StudyRole.LEAD)
    codes.use(typed=second, label="Mona", key_of=cast.mona.keyed)
    kept = codes.make(desk=desk_of(cast.mona, team.study), role=StudyRole.LEAD)
    codes.take_out(desk=team.desk(), label="Mona")
    with pytest.raises(NotHere):
        codes.use(typed=kept, label="Mona again", key_of=cast.mona.keyed)


# --- what it is for -------------------------------------------------------------------------------------------------
def test_from_the_site_page_to_a_study_with_colleagues(cast: Cast, ned: Person) -> None:
    assert "Make a code for a researcher" in ned.client.get(reverse("community:operator")).content.decode()
    answer = ned.client.post(url("first_code"))
    code = answer.context["code"]
    assert code in answer.content.decode() and not StudyCode.objects.filter(fingerprint=code.encode())
    assert cast.mona.client.get(url("home")).headers["Location"] == url("code")
    assert "First, a second step" in cast.weak.client.get(url("home")).content.decode()
    assert typed(cast.mona, code, "Dr Mona").status_code == 302
    study = Study.objects.get()
    assert "A study without a name yet" in cast.mona.client.get(url("home")).content.decode()
    made = cast.mona.client.post(url("people", study.public_id), {"role": "analyst"})
    assert typed(cast.lead, made.context["code"], "Lee").status_code == 302
    page = cast.lead.client.get(url("people", study.public_id)).content.decode()
    assert "Dr Mona" in page and "analyst" in page
    cast.mona.client.post(url("take_out", study.public_id), {"label": "Lee"})
    assert cast.lead.client.get(url("study", study.public_id)).status_code == 404
    said = AuditEntry.objects.filter(chain__scope=study.public_id).order_by("seq")
    assert [entry.act for entry in said] == [
        "study begun", "colleague invited", "colleague came in", "colleague left",
    ]  # fmt: skip
    assert AuditEntry.objects.get(chain__scope="site").act == "study code made"


def test_a_row_of_a_colleague_names_nobody(cast: Cast) -> None:
    study = begin(cast.mona, label="Dr Mona")
    row = Colleague.objects.get()
    assert bytes(row.key) == cast.mona.keyed(desks.KIND, study.public_id)
    assert {field.name for field in Colleague._meta.get_fields() if field.is_relation} == {"study"}


def test_ones_studies_are_found_by_ones_own_keys(cast: Cast, team: Team) -> None:
    begin(team.ruth, label="Ruth")
    assert len(desks.of(key_of=team.ruth.keyed)) == 2
    assert len(desks.of(key_of=team.ana.keyed)) == 1
    assert not desks.of(key_of=cast.lead.keyed)


def test_the_home_page_of_whoever_works_on_a_study_has_the_way_to_it_and_no_other_page_does(
    cast: Cast, team: Team
) -> None:
    way = f'href="{url("home")}"'
    assert way in team.ruth.client.get("/home/").content.decode()
    assert way in team.ana.client.get("/home/").content.decode()
    for person in (cast.alice, cast.mona, cast.lead):
        assert way not in person.client.get("/home/").content.decode()
    sign_in(team.ruth.client, team.ruth.account, team.ruth.secret, strong=False)
    assert way not in team.ruth.client.get("/home/").content.decode()
