"""Whoever runs the site: a role taken with a one-time code, known by a tag, and blind to people."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import reverse

from community.actions import services, site
from community.models import Group, Region, Service, SiteCode, SiteRole
from community.service_files import MOST_BYTES
from core import clock, sealing
from tests.people import Cast, Person, sign_in

URLS = ["operator", "operator_claim", "operator_upload", "operator_download"]
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def typed(person: Person, code: str) -> HttpResponse:
    """What typing a code answers."""
    answer: HttpResponse = person.client.post(reverse("community:operator_claim"), {"code": code})
    return answer


def sent(person: Person, content: bytes, name: str = "list.csv") -> HttpResponse:
    """What sending a file answers."""
    file = SimpleUploadedFile(name, content)
    answer: HttpResponse = person.client.post(reverse("community:operator_upload"), {"file": file})
    return answer


@pytest.fixture
def ned(cast: Cast) -> Person:
    """Somebody with a second factor who took the role."""
    site.claim(site_tag=sealing.tag(key=cast.ned.secret, parts=("site",)), typed=site.make_code())
    return cast.ned


# --- who is refused -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", URLS)
def test_signed_out_there_is_nothing(cast: Cast, ned: Person, name: str) -> None:
    assert cast.nobody.get(reverse(f"community:{name}")).status_code == 404
    assert cast.nobody.post(reverse(f"community:{name}")).status_code in {404, 405}


def test_without_a_second_step_there_is_only_the_way_to_it(cast: Cast, ned: Person) -> None:
    assert cast.weak.client.get(reverse("community:operator")).status_code == 404, "nothing is to be claimed"
    site.make_code()
    page = cast.weak.client.get(reverse("community:operator"))
    assert "First, a second step" in page.content.decode()
    for name in URLS[1:]:
        assert cast.weak.client.get(reverse(f"community:{name}")).status_code == 404
    assert typed(cast.weak, site.make_code()).status_code == 404
    assert sent(cast.weak, b"code,name\npt,Portugal").status_code == 404


def test_the_role_has_no_power_in_a_session_without_a_second_step(ned: Person) -> None:
    sign_in(ned.client, ned.account, ned.secret, strong=False)
    assert "First, a second step" in ned.client.get(reverse("community:operator")).content.decode()
    assert ned.client.get(reverse("community:operator_download")).status_code == 404
    assert sent(ned, b"code,name\npt,Portugal").status_code == 404


def test_without_the_role_there_is_only_the_code_while_one_waits(cast: Cast, ned: Person) -> None:
    with clock.held_at(NOON):
        site.make_code()
    with clock.held_at(NOON + dt.timedelta(days=2)):
        assert cast.mona.client.get(reverse("community:operator")).status_code == 404
    site.make_code()
    answer = cast.mona.client.get(reverse("community:operator"))
    assert answer.headers["Location"] == reverse("community:operator_claim")
    assert cast.mona.client.get(reverse("community:operator_download")).status_code == 404
    assert sent(cast.mona, b"code,name\npt,Portugal").status_code == 404
    assert not Region.objects.exists()


@pytest.mark.parametrize("code", ["", "x", "0" * 26, "\0" * 26, "é" * 60, "A" * 100])
def test_a_wrong_code_gives_nothing(cast: Cast, code: str) -> None:
    site.make_code()
    assert typed(cast.mona, code).status_code == 422
    assert not SiteRole.objects.exists()
    assert SiteCode.objects.count() == 1


def test_guessing_is_slowed(cast: Cast) -> None:
    for _ in range(5):
        assert typed(cast.mona, "wrong").status_code == 422
    answer = typed(cast.mona, site.make_code())
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert not SiteRole.objects.exists()


def test_a_code_works_once_and_not_when_late_or_replaced(cast: Cast) -> None:
    with clock.held_at(NOON):
        old = site.make_code()
        code = site.make_code()
        assert typed(cast.mona, old).status_code == 422
    with clock.held_at(NOON + dt.timedelta(days=2)):
        assert not site.claim(site_tag=b"x" * 32, typed=code)
    with clock.held_at(NOON + dt.timedelta(days=1)):
        assert site.claim(site_tag=b"x" * 32, typed=code)
        assert not site.claim(site_tag=b"y" * 32, typed=code)
    assert [bytes(role.owner_tag) for role in SiteRole.objects.all()] == [b"x" * 32]


def test_where_the_command_says_to_go_is_there_for_whoever_holds_the_code(cast: Cast) -> None:
    printed = io.StringIO()
    call_command("operator_code", stdout=printed)
    at = re.search(r"open (/\S*): ", printed.getvalue())[1]
    assert "First, a second step" in cast.weak.client.get(at).content.decode()
    assert 'name="code"' in cast.mona.client.get(at, follow=True).content.decode()
    assert cast.nobody.get(at).status_code == 404
    assert "Until you are signed in, that page is not there." in printed.getvalue()


# --- what it does ---------------------------------------------------------------------------------------------


def test_the_printed_code_is_stored_only_as_a_fingerprint_and_opens_the_page(cast: Cast) -> None:
    printed = io.StringIO()
    call_command("operator_code", stdout=printed)
    code = printed.getvalue().splitlines()[0]
    assert code.replace("-", "").encode() not in bytes(SiteCode.objects.get().fingerprint)
    answer = typed(cast.mona, f" {code.lower()} ")
    assert answer.headers["Location"] == reverse("community:operator")
    assert cast.mona.client.get(reverse("community:operator")).status_code == 200
    assert reverse("community:operator") in cast.mona.client.get(reverse("chat:home")).content.decode()
    assert reverse("community:operator") not in cast.alice.client.get(reverse("chat:home")).content.decode()
    call_command("operator_code", "--take-back", stdout=printed)
    assert cast.mona.client.get(reverse("community:operator")).status_code == 404


def test_the_page_shows_public_facts_alone(cast: Cast, ned: Person) -> None:
    html = ned.client.get(reverse("community:operator")).content.decode()
    assert "harbour" in html
    assert "cellar" not in html  # hidden
    for hidden in ("Grey Heron", "Clear Brook", "alice"):
        assert hidden not in html


@pytest.mark.parametrize("page", ["0", "x", "99999999999999999999", "\0"])
def test_any_page_number_is_answered(ned: Person, page: str) -> None:
    assert ned.client.get(reverse("community:operator"), {"page": page}).status_code == 200


def test_files_go_in_and_out(ned: Person) -> None:
    services.load_starter_services()
    out = ned.client.get(reverse("community:operator_download"))
    assert out.headers["Content-Disposition"] == 'attachment; filename="services.csv"'
    Service.objects.all().delete()
    assert sent(ned, out.content).status_code == 302
    assert ned.client.get(reverse("community:operator_download")).content == out.content


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "That file is empty."),
        (b"x" * (MOST_BYTES + 1), "The file is over 200 KB."),
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b"code,name\nPT,Portugal", "Line 2, code: "),
        (b"code,name\n" + b"PT,<script>\n" * 30, "And 10 more."),
    ],
)
def test_a_wrong_file_is_shown_with_what_to_do(ned: Person, content: bytes, says: str) -> None:
    answer = sent(ned, content)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Region.objects.exists()


@pytest.mark.parametrize("count", [10, 1000])
def test_queries_do_not_grow(ned: Person, count: int, django_assert_num_queries) -> None:
    Group.objects.bulk_create(Group(name=f"Group {number}", kind="other") for number in range(count))
    region = Region.objects.create(code="xx", name="Somewhere")
    Service.objects.bulk_create(Service(region=region, name=f"Line {number}") for number in range(count))
    with django_assert_num_queries(10):  # two of them for what waits from outside, one for codes of studies
        assert ned.client.get(reverse("community:operator")).status_code == 200
