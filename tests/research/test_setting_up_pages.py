"""The pages on which a study is set up: saved in any order and with gaps, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from community.errors import MayNot
from research import consent_text, protocols
from research.actions import studies
from research.enums import Item, StudyState
from research.models import Protocol, Study
from research.presenters.pack import pack
from tests.architecture import reading
from tests.people import Cast
from tests.research.consenting import open_study
from tests.research.studies import Team, begin, make_study, sent, settings_for
from tests.scenes import same

pytestmark = pytest.mark.django_db
FILLED: dict[str, dict[str, Any]] = {
    "why": {
        "title": "A feasibility study", "plain_title": "Asking quietly", "question": "Do people ask more?",
        "why": "To learn.", "who": "A college.", "reads": "Answers.", "never_gets": "Names.",
        "how_to_stop": "", "purposes": "This study.\n\nTeaching.",
        "risks": "Hard questions.", "thanks": "Nothing.", "analysis": "Counts.",
    },
    "law": {
        "ethics_body": "Board", "ethics_ref": "24/117", "approved_on": "2026-01-01", "expires_on": "2999-01-01",
        "lawful_basis": "public_task", "special_basis": "research", "controller": "The College",
        "officer": "None.", "contact": "study@college.example", "recipients": "Nobody.", "transfers": "No.",
        "complaints": "The board.",
    },
    "where": {"unit": "person", "aim": "20"},
    "asked": {
        "items": ["surveys", "activity"], "retention_months": "60", "week_0": "4", "days_0": "14",
        "sets_0": ["bad_moments 1"], "week_1": "0", "days_1": "", "sets_1": ["ucla3 1", "bad_moments 1"],
    },
    "versions": {},
    "harm": {"contact": "Dr Ruth", "plan": "We stop.", "stop_serious": "0", "go_yes": "40"},
}  # fmt: skip


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


def page(team: Team, name: str, *parts: str) -> str:
    return reverse(f"research:{name}", args=[team.study.public_id, *parts])


# --- refusals -------------------------------------------------------------------------------------------------------
LEADS = [("set_up", "why"), ("check",)]
TEAMS = [("study",), ("versions",), ("pack",), ("groups",), ("numbers",)]


@pytest.mark.parametrize("address", [*LEADS, *TEAMS, ("harm",)])
def test_no_page_is_there_for_others(cast: Cast, team: Team, address: tuple[str, ...]) -> None:
    for client in (cast.nobody, cast.alice.client, cast.mona.client, cast.lead.client):
        assert client.get(page(team, *address)).status_code == 404


@pytest.mark.parametrize("who", ["remy", "ana"])
def test_only_a_lead_researcher_sets_up(team: Team, who: str) -> None:
    client: Client = getattr(team, who).client
    for address in LEADS:
        assert client.get(page(team, *address)).status_code == 404
        assert client.post(page(team, *address), {"title": "x"}).status_code == 404
    for address in TEAMS:
        assert client.get(page(team, *address)).status_code == 200
    for step in ("open", "close", "go_on"):
        assert client.post(page(team, "turn"), {step: "1", "why": "x"}).status_code == 404
    assert client.post(page(team, "groups"), {"gid": "x"}).status_code == 404
    assert not Protocol.objects.exists()


@pytest.mark.parametrize("name", ["x", "", "checks"])
def test_there_are_six_pages(team: Team, name: str) -> None:
    address = page(team, "set_up", "why").replace("/why/", f"/{name}/")
    assert team.ruth.client.get(address).status_code == 404
    assert team.ruth.client.post(page(team, "turn"), {"x": "1"}).status_code == 404


# --- what it is for -------------------------------------------------------------------------------------------------
def test_six_pages_in_any_order_end_in_a_version(cast: Cast) -> None:
    study, who = begin(cast.mona), cast.mona.client
    for name in ("harm", "asked", "versions", "why", "where", "law"):
        where = FILLED[name] | ({"groups": f"/g/{cast.harbour.public_id}/about/"} if name == "where" else {})
        address = reverse("research:set_up", args=[study.public_id, name])
        answer = who.post(address, sent(cast.mona, address, where))
        assert answer.status_code == 302 and answer.headers["Location"] == address
    check = reverse("research:check", args=[study.public_id])
    study.refresh_from_db()
    assert not protocols.missing(study.draft)
    assert study.draft["purposes"] == ["This study.", "Teaching."]
    assert [(wave["number"], wave["week"], wave["open_days"]) for wave in study.draft["waves"]] == [
        (1, 0, 14), (2, 4, 14),
    ]  # fmt: skip
    assert study.draft["harm"]["stop_rules"] == [{"measure": "serious", "more_than": 0}]
    assert "The board said yes to this" in who.get(check).content.decode()
    seen = who.post(check, {}).context["pack"].digest
    assert who.post(check, {"sure": "1", "seen": seen}).status_code == 302
    study.refresh_from_db()
    assert study.state == StudyState.APPROVED
    assert study.ethics_until and study.ethics_until.year == 2999


@pytest.mark.parametrize("name", list(FILLED))
def test_a_page_comes_back_as_it_was_saved(team: Team, name: str) -> None:
    before = dict(team.study.draft)
    form = team.ruth.client.get(page(team, "set_up", name)).context["form"]
    given = {
        field.html_name: field.value()
        for field in form
        if field.value() is not None and field.value() is not False
    }
    given = sent(team.ruth, page(team, "set_up", name), given)
    assert team.ruth.client.post(page(team, "set_up", name), given | {"next": "1"}).status_code == 302
    assert protocols.whole(Study.objects.get().draft) == protocols.whole(before)


def test_a_page_is_kept_with_gaps_and_the_others_stay(team: Team) -> None:
    before = dict(team.study.draft)
    address = page(team, "set_up", "why")
    team.ruth.client.post(address, sent(team.ruth, address, {"title": "Only this"}))
    after = Study.objects.get().draft
    assert after["title"] == "Only this" and after["question"] == ""
    assert {key: after[key] for key in ("ethics_ref", "waves", "harm")} == {
        key: before[key] for key in ("ethics_ref", "waves", "harm")
    }
    text = team.ruth.client.get(page(team, "check")).content.decode()
    assert "Say what the study wants to find out." in text and "The board said yes" not in text
    assert team.ruth.client.post(page(team, "check"), {}).status_code == 422


BAD = [
    ("law", {"approved_on": "last week", "ethics_body": "Kept words"}, "Type a day"),
    (
        "law",
        {"approved_on": "2026-05-01", "expires_on": "2026-04-01", "ethics_body": "Kept words"},
        "This last day is before the day of the yes. One of them is wrong.",
    ),
    ("law", {"approved_on": "1926-05-01", "ethics_body": "Kept words"}, "This is more than 10 years ago."),
    ("law", {"approved_on": "2099-05-01", "ethics_body": "Kept words"}, "This day is still to come."),
    ("law", {"lawful_basis": "because", "ethics_body": "Kept words"}, "Pick one of these"),
    ("why", {"plain_title": "x" * 81, "question": "Kept words"}, "You wrote 81 letters. Keep it to 80."),
    ("where", {"groups": "Kept words"}, "no group that you can ask"),
    ("asked", {"week_0": "3", "week_1": "3", "retention_months": "12"}, "Another round opens"),
    ("asked", {"sets_0": ["phq9 1"], "retention_months": "12"}, "Pick one of these"),
    ("harm", {"stop_serious": "-1", "plan": "Kept words"}, "Type 0 or more."),
    ("harm", {"go_yes": "101", "plan": "Kept words"}, "Type 100 or less."),
    ("asked", {"week_0": "0", "days_0": "91"}, "Type 90 or less."),
    ("versions", {"title_A": "Kept words", "weight_A": "6"}, "Type 5 or less."),
    ("versions", {"title_A": "Kept words", "times_A": "hours"}, ""),
]


@pytest.mark.parametrize(("name", "sent", "says"), BAD)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    team: Team, name: str, sent: dict[str, Any], says: str
) -> None:
    before = team.study.draft
    answer = team.ruth.client.post(page(team, "set_up", name), sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and says in text and "Please look at this again" in text
    if "Kept words" in str(sent):
        assert "Kept words" in text or name == "where"
    assert Study.objects.get().draft == before


def test_a_hidden_group_is_like_none_to_who_sets_up(cast: Cast, team: Team) -> None:
    answers = [
        team.ruth.client.post(page(team, "set_up", "where"), {"groups": gid})
        .content.decode()
        .replace(gid, "GID")
        for gid in (cast.cellar.public_id, "zzzzzzzzzzzzzz")
    ]
    tokens = [answer.split('csrfmiddlewaretoken" value="')[1][:64] for answer in answers]
    assert answers[0].replace(tokens[0], "") == answers[1].replace(tokens[1], "")


def test_pairs_are_picked_by_number(cast: Cast, team: Team) -> None:
    gids = [cast.harbour.public_id, cast.meadow.public_id]
    address = page(team, "set_up", "where")
    given = {"groups": "\n".join(gids), "unit": "group", "aim": "10"}
    team.ruth.client.post(address, sent(team.ruth, address, given))
    assert "In no pair" in team.ruth.client.get(address).content.decode()
    given = sent(team.ruth, address, given | {f"pair_{gid}": "1" for gid in gids})
    assert team.ruth.client.post(address, given).status_code == 302
    assert Study.objects.get().draft["pairs"] == [gids]


def test_versions_are_a_groups_own_settings_with_changes(cast: Cast, team: Team) -> None:
    given = {
        "title_A": "As it is", "weight_A": "1", "title_B": "Fewer words", "weight_B": "2", "what_matters_B": "shown",
    }  # fmt: skip
    address = page(team, "set_up", "versions")
    assert team.ruth.client.post(address, sent(team.ruth, address, given)).status_code == 302
    assert Study.objects.get().draft["arms"] == [
        {"code": "A", "title": "As it is", "policy": {}, "weight": 1},
        {"code": "B", "title": "Fewer words", "policy": {"what_matters": "shown"}, "weight": 2},
    ]
    assert "Version C" in team.ruth.client.get(page(team, "set_up", "versions")).content.decode()


# --- the papers -----------------------------------------------------------------------------------------------------
def test_the_papers_hold_everything_an_ethics_board_asks_for(cast: Cast, team: Team) -> None:
    text = team.ruth.client.get(page(team, "pack")).content.decode()
    for said in team.study.draft.values():
        if isinstance(said, str) and said and not said.startswith("20") and said not in {
            "public_task", "research", "person",
        }:  # fmt: skip
            assert said.replace("'", "&#x27;") in text, said
    for said in (
        "A draft. It is not fixed.", "Article 6(1)(e)", "Article 9(2)(j)", "bad moments", "CC0 1.0", "Not validated",
        "I felt left out or passed over.", "At least 40 percent", "At the first: serious harm", "SPIRIT 2025",
        "It cannot show whether it helps", "Let them count how often you write here", "Dr Ruth Example",
    ):  # fmt: skip
        assert said in text, said
    assert text.count("<h1") == 1 and "print.css" in text


@pytest.mark.parametrize("asks", [True, False])
def test_the_papers_say_what_becomes_of_one_thread_names_where_they_are_asked_for(
    cast: Cast, asks: bool
) -> None:
    items = [Item.SURVEYS, *([Item.ALIAS_POSTS] if asks else [])]
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED, items=items)
    found = pack(study=team.study, protocol=team.study.protocols.get(), for_team=True)
    text = team.ruth.client.get(page(team, "pack")).content.decode()
    leaving = text.split('id="leaving"')[1].split("</section>")[0]
    yes = " ".join(found.consent["items"].values())
    for said in (" ".join(found.files), leaving, yes):
        assert ("one-thread names" in said.lower()) == asks, said
    assert (
        ("takes out all of the group" in text) == ("all one-thread names of that group go" in leaving) == asks
    )
    assert ("the names of all of you here are taken out" in yes) == asks
    assert ("a researcher reads each of them" in text) == asks
    assert reading.measure([*found.files, *found.consent["items"].values()]).grade <= 8


def test_the_papers_of_a_version_stay_as_they_were(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    address = page(team, "set_up", "why")
    team.ruth.client.post(address, sent(team.ruth, address, {"title": "Another title"}))
    first = team.ruth.client.get(page(team, "pack_of", 1)).content.decode()
    assert "Asking quietly: a feasibility study" in first and "Another title" not in first
    assert Protocol.objects.get().digest in first
    assert Protocol.objects.get().digest in team.ruth.client.get(page(team, "versions")).content.decode()
    assert "Another title" in team.ruth.client.get(page(team, "pack")).content.decode()
    assert team.ruth.client.get(page(team, "pack_of", 2)).status_code == 404


def test_the_papers_print_the_text_that_was_fixed_whatever_kith_would_say_now(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two versions, and then Kith's own sentences change: all of both texts stays, with what each is known by."""
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    studies.save(desk=team.desk(), given={"reads": "Your answers, more of them."})
    studies.approve(desk=team.desk(), note="More of them.")
    read = consent_text.reads_of(team.study.documents.get(version=1).body)
    for name in ("_each_read", "_items"):
        monkeypatch.setattr(consent_text, name, lambda *_: dict.fromkeys(Item, "Words of another day."))
    for document in team.study.documents.order_by("version"):
        text = team.ruth.client.get(page(team, "pack_of", document.version)).content.decode()
        assert "Words of another day." not in text and document.digest in text
        told = [one["answer"] for one in document.body["about"]] + list(document.body["items"].values())
        assert not [one for one in told if escape(one) not in text]
        assert (escape(read) in text) == (document.version == 1)
        assert (
            text.count(escape(consent_text.reads_of(document.body))) == 2
        )  # what is asked, and what becomes of it
    studies.save(desk=team.desk(), given={"title": "Another title"})
    assert "Words of another day." in team.ruth.client.get(page(team, "pack")).content.decode()  # a draft


def test_a_group_that_has_a_study_is_refused_where_groups_are_chosen(cast: Cast, team: Team) -> None:
    open_study(cast.harbour)
    address, before = page(team, "set_up", "where"), Study.objects.get(pk=team.study.pk).draft
    sent = {"groups": cast.harbour.public_id, "unit": "person", "aim": "10"}
    answer = team.ruth.client.post(address, sent)
    assert answer.status_code == 422 and "has a study already" in answer.content.decode()
    assert cast.harbour.name in answer.content.decode()
    assert Study.objects.get(pk=team.study.pk).draft == before


def test_nor_is_a_study_fixed_with_one_that_has_got_one_meanwhile(cast: Cast, team: Team) -> None:
    studies.save(desk=team.desk(), given=settings_for(cast.harbour))
    open_study(cast.harbour)
    with pytest.raises(MayNot, match="has a study already"):
        studies.approve(desk=team.desk())
    studies.save(desk=team.desk(), given=settings_for(cast.meadow))
    studies.approve(desk=team.desk())


# --- what is missing, and where it is mended ------------------------------------------------------------------------
@pytest.mark.parametrize("what", [gap.what for gap in protocols.missing({})] + [*protocols.MENDED_AT])
def test_each_gap_leads_to_a_field_that_is_on_its_page(team: Team, what: str) -> None:
    found = protocols.missing({}) + [
        protocols.Gap(page=where, what=other)
        for where, others in {
            "law": ("approved_later", "expired"), "where": ("pairs", "names_never"),
            "versions": ("two_versions", "one_version", "same_name", "same_settings"),
            "asked": ("waves", "surveys", "posts_to_quote", "notes_for_rooms"), "harm": ("stops_never",),
        }.items() for other in others
    ]  # fmt: skip
    gap = next(one for one in found if one.what == what)
    assert f'id="id_{gap.field}"' in team.ruth.client.get(page(team, "set_up", gap.page)).content.decode()


def test_the_page_of_gaps_has_their_links(team: Team) -> None:
    studies.save(desk=team.desk(), given={"why": "", "waves": []})
    text = team.ruth.client.get(page(team, "check")).content.decode()
    assert page(team, "set_up", "why") + "#id_why" in text
    assert page(team, "set_up", "asked") + "#id_week_0" in text  # where the questions are picked
    assert 'href="#id_why"' in team.ruth.client.get(page(team, "set_up", "why")).content.decode()


@pytest.mark.parametrize(("most", "is_fine"), [(19, True), (20, False), (900, False)])
def test_a_rule_that_no_study_of_this_size_could_meet_is_a_gap(team: Team, most: int, is_fine: bool) -> None:
    rules = [{"measure": "serious", "more_than": 0}, {"measure": "left", "more_than": most}]
    draft = team.study.draft | {
        "harm": team.study.draft["harm"] | {"stop_rules": rules}
    }  # 20 people in one group
    assert (protocols.Gap(page="harm", what="stops_never") in protocols.missing(draft)) != is_fine
    studies.save(desk=team.desk(), given={"harm": draft["harm"]})
    if not is_fine:
        with pytest.raises(MayNot, match="missing"):
            studies.approve(desk=team.desk())


def test_questions_can_be_read_where_they_are_picked(team: Team) -> None:
    text = team.ruth.client.get(page(team, "set_up", "asked")).content.decode()
    assert "I felt left out or passed over." in text and "Not validated" in text and "CC0 1.0" in text
    assert (
        "I felt left out or passed over."
        not in team.ruth.client.get(page(team, "set_up", "why")).content.decode()
    )


def test_the_papers_in_force_are_no_draft_until_something_changes(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    assert "A draft. It is not fixed." not in team.ruth.client.get(page(team, "pack")).content.decode()
    studies.save(desk=team.desk(), given={"title": "Another title"})
    assert "A draft. It is not fixed." in team.ruth.client.get(page(team, "pack")).content.decode()


def test_a_hint_stands_below_its_tick_box(team: Team) -> None:
    text = team.ruth.client.get(page(team, "set_up", "asked")).content.decode()
    assert text.index('name="rooms"') < text.index('id="id_rooms_helptext"')
    assert text.index('id="id_items_helptext"') < text.index('name="items"')
