"""What each choice about names protects and costs: a page for every setting, true figures, sources, plain words."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from community import trade_offs
from community.models import AnonymityPolicy
from community.name_settings import settings
from community.papers import Finding, Paper, papers
from community.selectors.names import Policy
from proof import told
from research.policies import floor
from tests.architecture import reading
from tests.architecture.test_words import code_words
from tests.people import Cast

PAGES = list(trade_offs.pages().values())
NO_SETTING = {
    "id",
    "group",
    "version",
    "name",
    "published_on",
    "since",
}  # of a version, not of how names work
CALLED = {"asks": "fact_kinds"}  # column of a version → key of its setting
EVERY = [finding for page in PAGES for finding in page.findings] + list(trade_offs.whole())


def without_a_page(fields: set[str]) -> set[str]:
    """The settings among these fields that no page is about."""
    about = {page.setting for page in PAGES}
    return {name for name in fields - NO_SETTING if CALLED.get(name, name) not in about}


def said(page: trade_offs.Page) -> Iterator[str]:
    """All that a page says in words of its own."""
    yield from (page.title, page.lead, page.unknown)
    for some in (page.against.values(), page.costs, page.can_do):
        yield from some
    yield from (one.told for one in page.measured)
    yield from (finding.found for finding in page.findings)
    yield from (paper.how for paper in page.cited)


def test_every_field_of_the_policy_has_a_page() -> None:
    columns = {field.name for field in AnonymityPolicy._meta.get_fields()}
    fields = {field.name for field in dataclasses.fields(Policy)}
    assert not without_a_page(columns | fields | set(settings()) | set(floor.KEYS))
    assert without_a_page({"presence", "times"}) == {"presence"}
    assert {page.setting for page in PAGES if page.setting} == set(settings())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_is_whole(page: trade_offs.Page) -> None:
    assert tuple(page.against) == trade_offs.AGAINST and all(page.against.values())
    assert page.costs and page.can_do and page.unknown and page.findings
    assert page.related and set(page.related) <= trade_offs.pages().keys() - {page.slug}
    assert set(trade_offs.pages()) == {other.slug for other in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_a_page_is_easy_to_read(page: trade_offs.Page) -> None:
    measured = reading.measure(said(page))
    assert measured.grade <= 6 and measured.per_sentence <= 15, measured
    assert not code_words(said(page))


def found_nowhere(some: list[Paper]) -> list[str]:
    """The papers without a DOI or another place to find them, or of which nothing is said about what they can show."""
    return [
        one.key
        for one in some
        if not (re.fullmatch(r"10\.\d{4,}/\S+", one.doi) or one.where) or not one.how or not one.cite
    ]


def test_every_citation_has_a_doi_or_a_source() -> None:
    assert not found_nowhere(list(papers().values()))
    assert found_nowhere([Paper(key="x", short="X, 2020", cite="X.", how="A study.")]) == ["x"]
    assert found_nowhere([Paper(key="x", short="X, 2020", cite="X.", how="A study.", doi="doi:1")]) == ["x"]
    assert all(finding.paper in papers() for finding in EVERY if finding.paper)
    assert all(paper.told_in in {"", *papers()} for paper in papers().values())
    unused = papers().keys() - {finding.paper for finding in EVERY}
    assert not unused
    for finding in EVERY:  # what names no paper says that none looked
        assert finding.paper or re.search(r"\b(?:No paper|None of the papers)\b", finding.found)
    assert not code_words([*(paper.how for paper in papers().values()), *(one.found for one in EVERY)])


def test_what_is_told_second_hand_says_so() -> None:
    assert Finding(found="x", paper="tan2021", page="661").source == (
        "Tan and others, 2021, page 661, as told in Ortiz, 2021"
    )
    assert not Finding(found="No paper looked.").source


def test_figures_are_those_of_the_proofs() -> None:
    rows = json.loads(told.LATEST.read_text())
    assert trade_offs.MEASURED.read_text() == told.told(rows)
    assert not any(name.startswith("simulated") for name in trade_offs.measured())
    for row in rows:
        if row["name"] == "meter: puppets":
            row["size"] = "small"
    with pytest.raises(KeyError):
        told.told(rows)


def test_no_figure_stands_in_the_words_themselves() -> None:
    for page in PAGES:
        for one in page.measured:
            assert "{" in one.says
            bare = re.sub(r"\{\w+\}|of 100|200 names|20 messages", "", one.says)
            assert not re.search(r"\d", bare), one.says


def test_none_found_says_what_it_can_still_mean() -> None:
    """Of a sample: the rule of three. A list that was gone through is none; a figure that is not none needs none."""
    for page in PAGES:
        for one in page.measured:
            figures = trade_offs.measured()[one.row]
            is_none = figures.get("found") == 0 or figures.get("share") == 0
            assert ("would fit it as well" in one.told) == (is_none and one.is_drawn), one.row
    cards = next(one.told for page in PAGES for one in page.measured if one.row == "disclosed: cards")
    assert "1 in 666 would" in cards and trade_offs.measured()["disclosed: cards"]["tried"] == 2000


def test_the_page_of_names_tells_what_ties_them() -> None:
    """No promise in its lead that the figures of the attacks do not bear out."""
    page = trade_offs.pages()["a-name-for-each-group"]
    assert "How and when you write can." in page.lead and "nothing ties" not in page.lead
    shown = " ".join(one.told for one in page.measured)
    for row in ("watching live", "the days on pages"):
        assert (
            str(trade_offs.measured()[f"behaviour: {row}, 20 posts, at once"]["guessed"]) + " of 100" in shown
        )


def test_no_paper_is_said_to_show_a_cause_that_it_did_not_look_for() -> None:
    """What sums up others, or asked once, shows no cause. Only a trial by lot may speak of one."""
    causal = re.compile(r"\b(?:are why|is why|causes?|leads? to|makes? people)\b")
    assert causal.search("That is why such groups help.")
    assert not [one.found for one in trade_offs.whole() if causal.search(one.found)]
    assert trade_offs.whole()[0].paper == "dean2016"  # the strongest first


def test_a_reference_names_its_journal_once() -> None:
    for one in papers().values():
        begins = one.where.partition(",")[0]
        assert not begins or begins not in one.cite, one.key


def test_everybody_reads_them_without_a_query(db: None, django_assert_num_queries) -> None:
    for address in [reverse("community:trade_offs"), *(_address(page) for page in PAGES)]:
        with django_assert_num_queries(0):
            answer = Client().get(address)
        assert answer.status_code == 200 and not answer.cookies
        page = answer.content.decode()
        assert page.count("<h1>") == 1
        for anchor in re.findall(r'href="#([\w-]+)"', page):
            assert f'id="{anchor}"' in page, anchor
    assert Client().get("/trade-offs/none/").status_code == 404
    assert Client().post(reverse("community:trade_offs")).status_code == 405


def _address(page: trade_offs.Page) -> str:
    return reverse("community:trade_off", args=[page.slug])


def test_links_stand_where_people_decide(cast: Cast) -> None:
    listed = reverse("community:trade_offs")
    for address in ("/", "/safety/", "/help/", f"/g/{cast.harbour.public_id}/about/"):
        assert listed in cast.nobody.get(address).content.decode(), address
    names = cast.alice.client.get(reverse("community:names", args=[cast.harbour.public_id])).content.decode()
    shown = cast.alice.client.get(reverse("community:who", args=[cast.harbour.public_id])).content.decode()
    assert all(_address(trade_offs.of_setting(key)) in names for key in settings())
    assert _address(trade_offs.of_setting("fact_kinds")) in shown
    assert all(_address(page) in cast.alice.client.get(listed).content.decode() for page in PAGES)


def test_a_page_says_choices_figures_and_papers(db: None) -> None:
    page = Client().get(_address(trade_offs.of_setting("times"))).content.decode()
    assert "80 of 100" in page and "10.1038/srep01376" in page and "The day and about what hour" in page
    assert "Nothing yet" not in page
    assert "Nothing yet" in Client().get(_address(trade_offs.of_setting("rhythm"))).content.decode()
    assert get_template("community/trade_off.html")
