"""Who pays for a study, who could gain from it, and who watches: said once, read by the board and by members."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from community import trade_offs
from research import consent_text, protocols
from research.digests import digest
from research.enums import StudyState
from research.models import Protocol, Study
from research.presenters.pack import pack
from tests.people import Cast
from tests.research.consenting import open_study, settings
from tests.research.studies import Team, in_pairs, make_study, sent
from tests.scenes import same

pytestmark = pytest.mark.django_db
PAYS, GAINS = "The Quay Trust pays, number 7.", "One of us sells the list of questions."
WATCHES = "Dr Bell, of another college, reads the safety log."
NOT_SAID = "The team says nothing of it."


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


def page(study: Study, name: str, *parts: object) -> str:
    return reverse(f"research:{name}", args=[study.public_id, *parts])


def test_what_nobody_said_is_named_in_the_papers_and_keeps_nothing_up(cast: Cast, team: Team) -> None:
    text = team.ruth.client.get(page(team.study, "pack")).content.decode()
    assert text.count(NOT_SAID) == 2 and "The team names nobody." in text
    assert not protocols.missing(team.study.draft)
    asked = [one["question"] for one in consent_text.body(settings=settings(cast.harbour))["about"]]
    assert not [one for one in asked if "gain" in one]


def test_the_board_reads_who_pays_who_could_gain_and_who_watches(team: Team) -> None:
    for name, given in (("why", {"funding": PAYS, "interests": GAINS}), ("harm", {"watchers": WATCHES})):
        address = page(team.study, "set_up", name)
        assert team.ruth.client.post(address, sent(team.ruth, address, given)).status_code == 302
        shown = team.ruth.client.get(address).content.decode()
        assert not [one for one in given.values() if one not in shown]
    text = team.ruth.client.get(page(team.study, "pack")).content.decode()
    study, harm = (text.split(f'id="{part}"')[1].split("</section>")[0] for part in ("study", "harm"))
    assert PAYS in study and GAINS in study and WATCHES in harm
    assert NOT_SAID not in text and "The team names nobody." not in text


def test_members_read_who_pays_and_who_could_gain_before_a_yes_and_after(cast: Cast) -> None:
    study = open_study(cast.harbour, funding=PAYS, interests=GAINS)
    for name in ("study_here", "say"):
        address = reverse(f"research:{name}", args=[cast.harbour.public_id, study.public_id])
        text = cast.alice.client.get(address).content.decode()
        assert PAYS in text and GAINS in text, name


def test_a_version_from_before_these_were_asked_is_known_by_what_it_was_known_by(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    before = dict(Protocol.objects.get().settings)
    del before["funding"], before["interests"]
    before["harm"] = {key: value for key, value in before["harm"].items() if key != "watchers"}
    with connection.cursor() as cursor:  # what is fixed can be put in anew alone
        cursor.execute("DELETE FROM research_protocol")
    known = digest(before)
    protocol = Protocol.objects.create(
        study=team.study, version=1, settings=before, digest=known, published_on="2026-01-01"
    )
    assert pack(study=team.study, protocol=protocol, for_team=True).digest == known
    assert not protocols.changed(before=before, after=team.study.draft)


# --- what the papers promise ------------------------------------------------------------------------------------------
def section(team: Team, name: str) -> str:
    text = unescape(team.ruth.client.get(page(team.study, "pack")).content.decode())
    return text.split(f'<section id="{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("more", "is_said"),
    [
        ({"items": ["surveys", "posts"]}, True), ({"items": ["surveys", "alias_posts"]}, True),
        ({"field_notes": True}, True), ({}, False), ({"items": ["surveys", "posts"], "joins": True}, False),
    ],
)  # fmt: skip
def test_where_messages_are_read_style_and_times_can_tell_who_is_in_two_groups(
    cast: Cast, more: dict[str, Any], is_said: bool
) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.DRAFT, **more)
    said = section(team, "study")
    assert "Nobody can tell" not in said
    assert ("style and the times of messages can give it away" in said) == is_said
    for row in ("watching live", "the days on pages", "writing style"):
        guessed = trade_offs.measured()[f"behaviour: {row}, 20 posts, at once"]["guessed"]
        assert (f"{guessed} of 100" in said) == is_said
    assert (reverse("community:trade_off", args=["a-name-for-each-group"]) in said) == is_said


def test_the_pairs_are_named_to_the_team_alone(cast: Cast) -> None:
    groups = ((cast.harbour, cast.lead), (cast.meadow, cast.mona))
    team = make_study(*groups, state=StudyState.DRAFT, **in_pairs(cast.harbour, cast.meadow))
    assert f"{cast.harbour.name} + {cast.meadow.name}" in section(team, "lot")
    assert pack(study=team.study, protocol=None, for_team=False).pairs == []


def test_how_many_and_why_so_few_stand_where_the_list_says(team: Team) -> None:
    where = {
        what: anchor
        for what, _title, anchor in pack(study=team.study, protocol=None, for_team=True).checklist
    }
    said = section(team, where["How many people, and why so few"])
    assert "It hopes for 20 people in each." in said and "This is a test of whether it can be done." in said


def test_it_says_that_nobody_reads_along_and_who_deletes_in_the_end(team: Team) -> None:
    assert "Nobody reads answers as they come" in section(team, "harm")
    data = section(team, "data")
    assert (
        "Kith deletes by itself" in data and "reminded twice" in data and "The team deletes each file" in data
    )
    leaving = section(team, "leaving")
    assert "printed" not in leaving and "Totals that have left stay as they are." in leaving
