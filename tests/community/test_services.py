"""Get help now, and the file that help lines travel in."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as trial
from hypothesis import strategies as st

from community import service_files as files
from community.actions import services as actions
from community.models import Region, Service
from community.selectors import services as selectors
from core import clock
from tests.people import Cast

FROM_THE_PAGE = {"referer": "http://testserver/help/"}
NOON = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)
REGIONS = "code,name\ngb,United Kingdom\ngb-sct,Scotland\nie,Ireland\n"
HEAD = ",".join(files.SERVICES)
GOOD = (
    "gb,Samaritans,Talk any time,en,24 hours,phone email,116 123,,https://www.samaritans.org,free,2026-03-03,"
)
MARKS = "=+-@\uff1d\uff0b\uff0d\uff20'"  # the wide forms run too; an apostrophe guards
NASTY = [
    "", "zz", "GB", "gb ", "gb\0", "\0", "gb'--", "' OR 1=1", "../../etc", "<script>", "%00", "gb-", "-", "🚨" * 500,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "\u202egb", "gb-sct-x", "{{7*7}}", "a" * 5000,
]  # fmt: skip


def row(**cells: str) -> str:
    """One line of a file: a good one, with some cells changed."""
    values = dict(zip(files.SERVICES, next(csv.reader([GOOD])), strict=True)) | cells
    out = io.StringIO()
    csv.writer(out).writerow(values.values())
    return out.getvalue().strip()


def problems(*lines: str) -> list[str]:
    """What an import of these lines says."""
    with pytest.raises(files.Refused) as refused:
        actions.import_csv(source="\n".join([HEAD, *lines]))
    return [str(problem) for problem in refused.value.problems]


@pytest.fixture
def places(db: None) -> None:
    actions.import_csv(source=REGIONS)


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"region": "pt"}, "Line 2, region: 'pt' is not in the list"),
        ({"name": ""}, "Line 2, name: Fill this in"),
        ({"what_for": "x" * 201}, "Line 2, what_for: Write 200 letters at most"),
        ({"channels": "phone pigeon"}, "Line 2, channels: 'pigeon' is not a way"),
        ({"phone": "call us"}, "Line 2, phone: Write the number as people dial it"),
        ({"phone": "0"}, "Line 2, phone: This number is too short. A spreadsheet may have cut its zeros"),
        ({"phone": "", "website": ""}, "Line 2, phone: Give a phone number, a text number or a website"),
        ({"website": "javascript:alert(1)"}, "Line 2, website: Write the whole address"),
        ({"website": "https://nhs.uk@evil.example/"}, "Line 2, website: Write the whole address"),
        ({"source": "samaritans.org"}, "Line 2, source: Write the whole address"),
        ({"verified_on": "03/03/2026"}, "Line 2, verified_on: Write the day as year-month-day"),
        ({"verified_on": "20260303"}, "Line 2, verified_on: Write the day as year-month-day"),
        ({"verified_on": "2026-06-09"}, "Line 2, verified_on: This day is still to come"),
    ],
)
def test_a_wrong_cell_is_named_with_what_to_do(places: None, cells: dict[str, str], said: str) -> None:
    with clock.held_at(NOON):
        found = problems(row(**cells))
    assert len(found) == 1
    assert found[0].startswith(said)


def test_every_wrong_line_is_named_and_nothing_is_taken_in(places: None) -> None:
    actions.import_csv(source=f"{HEAD}\n{row(name='Before')}")
    found = problems(
        row(), row(name="", hours="two\nlines"), row(phone="x", region="xx"), row(name="SAMARITANS")
    )
    named = [problem.split(":")[0] for problem in found]
    assert named == ["Line 3, name", "Line 5, phone", "Line 5, region", "Line 6, name"]
    assert "on line 2" in found[-1]
    assert list(Service.objects.values_list("name", flat=True)) == ["Before"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "Line 1, file: The file is empty"),
        ("region,name\ngb,x", "Line 1, header: The first line names the columns: add the column what_for"),
        (f"{HEAD},colour", "Line 1, header: The first line names the columns: take out 'colour'"),
        (f"{HEAD}\ngb,x", "Line 2, all: This line has 2 cells and needs 12"),
        (f'{HEAD}\n"gb,x', "Line 2, all: A quotation mark is not closed"),
        ("code,name\nGB,United Kingdom", "Line 2, code: Write a short code in small letters"),
        ("code,name\npt,Portugal\npt,Portugal", "Line 3, code: The same code is on line 2"),
    ],
)
def test_a_wrong_file_is_named(places: None, source: str, said: str) -> None:
    with pytest.raises(files.Refused) as refused:
        actions.import_csv(source=source)
    assert str(refused.value.problems[0]).startswith(said)
    assert Region.objects.count() == 3


def test_bytes_that_are_no_text_or_too_many_are_refused() -> None:
    with pytest.raises(files.Refused, match="1 things"):
        files.decode(b"x" * (files.MOST_BYTES + 1))
    with pytest.raises(files.Refused) as refused:
        files.decode(b"code,name\nes,Espa\xf1a")
    assert "Line 2, file" in str(refused.value.problems[0])


def test_the_command_says_what_is_wrong_and_changes_nothing(places: None, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(f"{HEAD}\n{row(phone='nine')}")
    with pytest.raises(CommandError, match="Line 2, phone: "):
        call_command("services", "import", str(wrong))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("services", "import", str(tmp_path / "missing.csv"))
    with pytest.raises(CommandError, match="no region 'xx'"):
        call_command("services", "forget", "xx")
    assert not Service.objects.exists()


# --- in and out -----------------------------------------------------------------------------------------------

cell = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30).map(
    lambda text: files._plain(files._guard(text))
)
said = cell.filter(bool)
risky = st.builds(lambda mark, rest: files._plain(files._guard(mark + rest)), st.sampled_from(MARKS), cell)
phone = st.sampled_from(["", "+44 116 123", "000", "(01) 23-45", "116 123"])
one = st.fixed_dictionaries({
    "region": st.sampled_from(["gb", "gb-sct", "ie"]), "name": said | risky, "what_for": said | risky,
    "languages": said, "hours": said | risky, "channels": st.sampled_from(["phone", "text chat"]), "phone": phone,
    "text_number": st.sampled_from(["", "SHOUT to 85258"]), "website": st.just("https://example.org/a?b=c,d"),
    "cost": cell | risky, "verified_on": st.sampled_from(["", "2024-02-29"]), "source": st.just(""),
})  # fmt: skip


@trial(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(one, max_size=6, unique_by=lambda cells: (cells["region"], cells["name"].casefold())))
def test_what_goes_out_comes_back_the_same(places: None, rows: list[dict[str, str]]) -> None:
    Service.objects.all().delete()
    actions.import_csv(source=files.write(columns=files.SERVICES, rows=rows))
    out = selectors.services_file()
    assert sorted(csv_rows(out)) == sorted(csv_rows(files.write(columns=files.SERVICES, rows=rows)))
    Service.objects.all().delete()
    actions.import_csv(source=out)
    assert selectors.services_file() == out


def csv_rows(source: str) -> list[list[str]]:
    """The cells of a file."""
    return list(csv.reader(io.StringIO(source, newline="")))


@trial(max_examples=200, deadline=None)
@given(
    text=st.text(max_size=20) | st.builds(lambda mark, rest: mark + rest, st.sampled_from(MARKS), st.text())
)
def test_no_cell_starts_a_formula(text: str) -> None:
    written = csv_rows(files.write(columns=["name"], rows=[{"name": text}]))[1]
    assert not "".join(written).startswith(tuple(MARKS[:-1]))


def test_a_phone_number_with_a_plus_comes_back(places: None) -> None:
    actions.import_csv(source=f"{HEAD}\n{row(phone='+44 116 123')}")
    out = selectors.services_file()
    assert "'+44 116 123" in out
    actions.import_csv(source=out)
    assert Service.objects.get().phone == "+44 116 123"


def test_a_spreadsheets_own_ways_are_understood(places: None) -> None:
    lines = "\r\n".join(line.replace(",", ";") for line in (HEAD, GOOD, "", ";" * 11))
    done = actions.import_csv(source=files.decode(("\ufeff" + lines).encode()))
    assert (done.kind, done.rows) == ("services", 1)


def test_a_file_replaces_only_the_regions_it_names(places: None) -> None:
    actions.import_csv(source="\n".join([HEAD, row(), row(name="Two"), row(region="ie", name="Irish")]))
    actions.import_csv(source="\n".join([HEAD, row(name="Only one")]))
    assert set(Service.objects.values_list("region__code", "name")) == {("gb", "Only one"), ("ie", "Irish")}


def test_the_starter_list_loads_once_and_goes_round(db: None) -> None:
    assert actions.load_starter_services()
    names = [service.name for service in selectors.help_in(code="gb-eng").services]
    assert names.index("Papyrus HOPELINE247") < names.index("Men's Advice Line") < names.index("Bipolar UK")
    shipped = (actions.DATA / "services.csv").read_text(encoding="utf-8")
    assert sorted(csv_rows(shipped)) == sorted(csv_rows(selectors.services_file()))
    Service.objects.filter(region__code="gb").delete()
    left = selectors.services_file()
    assert not actions.load_starter_services()
    assert selectors.services_file() == left
    actions.import_csv(source=shipped)
    assert Service.objects.filter(region__code="gb").exists()


def test_the_commands_write_files_that_can_be_read_back(places: None, tmp_path: Path) -> None:
    actions.import_csv(source=f"{HEAD}\n{row()}")
    services, regions = tmp_path / "s.csv", tmp_path / "r.csv"
    call_command("services", "export", str(services), verbosity=0)
    call_command("services", "regions", str(regions), verbosity=0)
    call_command("services", "forget", "gb", verbosity=0)
    assert not Service.objects.exists()
    call_command("services", "import", str(regions), verbosity=0)
    call_command("services", "import", str(services), verbosity=0)
    assert selectors.services_file() == services.read_text()
    said = io.StringIO()
    with clock.held_at(NOON + dt.timedelta(days=400)):
        call_command("services", "check", stdout=said)
    assert (
        said.getvalue() == "gb       2026-03-03   Samaritans  https://www.samaritans.org\n1 to check again.\n"
    )


# --- stale ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verified_on", "mark", "is_stale"),
    [
        ("", "Not checked yet", True),
        ("2026-03-03", "Checked 3 March 2026", False),
        ("2025-11-30", "Checked 30 November 2025", False),  # 183 days before
        ("2025-11-29", "Checked over 6 months ago: may have changed", True),
    ],
)
def test_the_page_says_when_a_service_was_checked(
    places: None, verified_on: str, mark: str, is_stale: bool
) -> None:
    with clock.held_at(NOON):
        actions.import_csv(source=f"{HEAD}\n{row(verified_on=verified_on)}")
        page = Client().get(reverse("community:services"), {"region": "gb"})
        assert mark in page.content.decode()
        # What is not checked lately is said once above, and quietly at each.
        assert page.content.decode().count("We have not checked this one lately.") == is_stale
        assert "heads-up" not in page.content.decode()
        assert bool(selectors.to_check()) == is_stale


def test_each_sentence_holds_for_the_place_that_is_shown(places: None) -> None:
    """No way is promised that is not listed, and no next number where there is one alone."""
    online = row(name="Site", phone="", website="https://example.org")
    actions.import_csv(source=f"{HEAD}\n{row(verified_on='')}\n{online}")
    page = Client().get(reverse("community:services"), {"region": "gb"}).content.decode()
    assert "You can call or write" not in page and "You do not have to say your name." in page
    assert "We have checked none of these lately." in page
    assert "try the next" not in page
    actions.import_csv(source=f"{HEAD}\n{row(verified_on='')}\n{row(name='Second', phone='116 111')}")
    page = Client().get(reverse("community:services"), {"region": "gb"}).content.decode()
    assert "If a number does not work, try the next." in page
    both = f"{row(verified_on='2026-03-03')}\n{row(name='Other', verified_on='')}"
    with clock.held_at(NOON):
        actions.import_csv(source=f"{HEAD}\n{both}")
        page = Client().get(reverse("community:services"), {"region": "gb"}).content.decode()
    assert "We could not check all of these lately. Each one says if we did." in page


def test_whose_place_is_not_listed_is_told_who_else_can_help(places: None) -> None:
    page = Client().get(reverse("community:services")).content.decode()
    assert "Is your place not here? If you are in danger, call the emergency number where you are." in page
    assert "A doctor or a hospital near you can help, too." in page and "999 in the UK" in page.replace(
        "</a>", ""
    )
    Region.objects.all().delete()
    assert "A doctor or a hospital near you can help." in Client().get("/help/").content.decode()


# --- the page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", NASTY)
def test_any_place_that_is_not_listed_leads_to_the_list(places: None, asked: str) -> None:
    for answer in (
        Client().get(reverse("community:services"), {"region": asked}),
        Client().get(
            reverse("community:services"), {"region": asked, "remember": "on"}, headers=FROM_THE_PAGE
        ),
    ):
        assert answer.status_code == 200
        assert "Where do you need help?" in answer.content.decode()
        assert not answer.cookies


def test_a_post_is_refused(db: None) -> None:
    assert Client().post(reverse("community:services")).status_code == 405


def test_it_works_where_nothing_is_listed(db: None) -> None:
    assert "No help lines are listed here yet" in Client().get(reverse("community:services")).content.decode()


def test_emergency_comes_first_then_the_order_of_the_file_and_links_dial(places: None) -> None:
    lines = [
        row(),
        row(name="Shout", channels="text", phone="", text_number="SHOUT to 85258"),
        row(name="Police", what_for=files.EMERGENCY, phone="999", website=""),
        row(region="gb-sct", name="Breathing Space", languages="en gd", phone="+44 800 83-85"),
        row(region="ie", name="Elsewhere"),
    ]
    actions.import_csv(source="\n".join([HEAD, *lines]))
    html = Client().get(reverse("community:services"), {"region": "gb-sct"}).content.decode()
    names = ["Police", "Samaritans", "Shout", "Breathing Space"]
    assert sorted(names, key=html.index) == names
    assert "Elsewhere" not in html
    for link in ("tel:999", "tel:+448008385", "sms:85258?body=SHOUT"):
        assert f'href="{link}"' in html
    assert 'rel="noreferrer noopener nofollow">samaritans.org<' in html
    assert "English, Scottish Gaelic" in html
    assert "region=gb-sct" in Client().get(reverse("community:services"), {"region": "gb"}).content.decode()


@pytest.mark.parametrize("listed", [{"phone": "999", "website": ""}, {"phone": ""}, None])
@pytest.mark.parametrize("query", [{}, {"region": "gb"}])
def test_a_number_to_dial_stands_before_all_else(
    places: None, query: dict[str, str], listed: dict[str, str] | None
) -> None:
    """Also at a place whose list names no number for danger, or names one without its number."""
    more = [row(name="Police", what_for=files.EMERGENCY, **listed)] if listed is not None else []
    actions.import_csv(source="\n".join([HEAD, row(), *more]))
    html = Client().get(reverse("community:services"), query).content.decode()
    assert 'href="tel:999"' in html
    assert html.index('href="tel:999"') < html.index("tell its team")


def test_to_tell_somebody_here_is_offered_first_to_whoever_can(places: None, cast: Cast) -> None:
    words = "I need help now: tell someone here"
    assert words in cast.alice.client.get(reverse("community:services")).content.decode()
    assert words not in Client().get(reverse("community:services")).content.decode()


@pytest.mark.parametrize("query", [{}, {"region": "gb"}, {"region": "xx"}])
def test_no_cookie_unless_asked_for(places: None, query: dict[str, str]) -> None:
    answer = Client(headers={"accept-language": "en-IE"}).get(reverse("community:services"), query)
    assert answer.status_code == 200
    assert not answer.cookies
    assert ("Help in this place:" in answer.content.decode()) == (query.get("region") == "gb")


def test_the_place_is_kept_when_asked_and_forgotten_when_asked(places: None) -> None:
    client, url = Client(), reverse("community:services")
    kept = client.get(url, {"region": "ie", "remember": "on"}, headers=FROM_THE_PAGE)
    assert (kept.status_code, kept.headers["Location"]) == (302, f"{url}?region=ie")
    assert {name: morsel["httponly"] for name, morsel in kept.cookies.items()} == {"place": True}
    page = client.get(url).content.decode().partition("Someone to talk to")[0]
    assert "Help in this place: Ireland" in page and "Pick another place" in page
    assert "Where do you need help?" in client.get(url, {"region": ""}).content.decode()
    client.get(url, {"forget": "1"}, headers=FROM_THE_PAGE)
    assert "Where do you need help?" in client.get(url).content.decode()


@pytest.mark.parametrize(
    "sent_from",
    [
        None,
        "",
        "http://[",
        "https://evil.example/help/",
        "http://testserver/g/abc/t/x/",
        "http://testserver:81/help/",
    ],
)
def test_a_link_from_elsewhere_neither_keeps_nor_forgets_a_place(places: None, sent_from: str | None) -> None:
    client, url = Client(), reverse("community:services")
    headers = {} if sent_from is None else {"referer": sent_from}
    for asked in ({"region": "ie", "remember": "on"}, {"forget": "1"}):
        answer = client.get(url, asked, headers=headers)
        assert answer.status_code == 200 and not answer.cookies
        assert ("Help in this place: Ireland" in answer.content.decode()) == ("region" in asked)


@pytest.mark.parametrize("count", [10, 1000])
def test_two_queries_for_ten_or_a_thousand(
    cast: Cast, places: None, count: int, django_assert_num_queries
) -> None:
    lines = [row(name=f"Line {number}") for number in range(count)]
    actions.import_csv(source="\n".join([HEAD, *lines]))
    Region.objects.bulk_create(Region(code=f"x{number}", name=f"Place {number}") for number in range(count))
    with django_assert_num_queries(2):
        assert Client().get(reverse("community:services"), {"region": "gb"}).status_code == 200
    with django_assert_num_queries(1):
        assert Client().get(reverse("community:services")).status_code == 200
