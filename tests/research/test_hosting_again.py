"""Groups that are asked again once a study has begun; and who holds what first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from research.actions import hosting, studies
from research.enums import Agreement, StudyState
from research.models import StudyGroup
from tests.people import Cast
from tests.research.consenting import say
from tests.research.studies import Team, make_study, say_yes
from tests.research.test_hosting import asked, page, team, url

__all__ = ["asked", "team"]
pytestmark = pytest.mark.django_db


# --- who holds what first ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("act", ["ask", "answer", "take_back", "let_ask"])
def test_a_group_is_held_before_its_study_as_by_whoever_leaves_it(cast: Cast, team: Team, act: str) -> None:
    """In the other order, a lead who answers and a member who leaves wait for each other, and one of them fails."""
    here, sid = cast.lead.here(cast.harbour), team.study.public_id
    if act in {"answer", "take_back"}:
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    if act == "take_back":
        say_yes(team, cast.harbour, cast.lead)
    if act == "let_ask":
        type(cast.harbour).objects.update(visibility="hidden")
    acts = {
        "ask": lambda: hosting.ask(desk=team.desk(), gid=cast.harbour.public_id),
        "answer": lambda: say_yes(team, cast.harbour, cast.lead),
        "take_back": lambda: hosting.take_back(here=here, sid=sid, note=""),
        "let_ask": lambda: hosting.let_ask(here=cast.lead.here(cast.harbour), sid=sid),
    }
    with CaptureQueriesContext(connection) as asked:
        acts[act]()
    held = [query["sql"].split()[1].strip('"') for query in asked if query["sql"].startswith("UPDATE")]
    assert held.index("community_group") < held.index("research_study")


# --- asked again ------------------------------------------------------------------------------------------------------
def test_who_takes_part_still_finds_the_way_out_while_their_group_is_asked_again(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead))
    say(cast.alice, cast.harbour, team.study)
    sid = team.study.public_id
    studies.save(desk=team.desk(), given={"reads": "Your answers, and how often you write."})
    studies.approve(desk=team.desk(), note="More is read.")
    assert StudyGroup.objects.get().state == Agreement.ASKED
    for who in ("alice", "bob"):
        assert url(cast, "study_here", sid) in page(cast, who, "studies")
        about = page(cast, who, "study_here", sid)
        assert "until the group says yes again" in about and url(cast, "mine", sid) in about
        assert url(cast, "say", sid) not in about
    hosting.answer(here=cast.lead.here(cast.harbour), sid=sid, is_yes=False, note="", key_of=cast.lead.keyed)
    assert StudyGroup.objects.get().state == Agreement.ENDED
    assert url(cast, "mine", sid) in page(cast, "alice", "study_here", sid)


def test_a_no_before_it_began_is_a_no(cast: Cast, asked: Team) -> None:
    say_yes(asked, cast.harbour, cast.lead)
    studies.save(desk=asked.desk(), given={"reads": "Your answers, and how often you write."})
    studies.approve(desk=asked.desk(), note="More is read.")
    sid = asked.study.public_id
    assert cast.alice.client.get(url(cast, "study_here", sid)).status_code == 404
    hosting.answer(here=cast.lead.here(cast.harbour), sid=sid, is_yes=False, note="", key_of=cast.lead.keyed)
    assert StudyGroup.objects.get().state == Agreement.DECLINED


# --- what a lead's act tells ------------------------------------------------------------------------------------------
def test_a_word_beside_a_pause_reaches_the_team_and_the_lead_sees_that_it_is_paused(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead))
    address = url(cast, "asked_one", team.study.public_id)
    assert "This study is paused." not in page(cast, "lead", "asked_one", team.study.public_id)
    answer = cast.lead.client.post(address, {"pause": "1", "note": "Two people are upset."}, follow=True)
    assert "This study is paused." in answer.content.decode()
    for who in (team.ruth, team.remy, team.ana):
        text = who.client.get(reverse("research:groups", args=[team.study.public_id])).content.decode()
        assert "Two people are upset." in text
    studies.go_on(desk=team.desk(), why="It is settled.")
    cast.lead.client.post(address, {"pause": "1", "note": " "})
    assert StudyGroup.objects.get().note == "Two people are upset."  # no word takes none away


@pytest.mark.parametrize("running", [False, True])
def test_a_study_whose_only_group_took_its_yes_back_does_not_say_that_people_can_say_yes(
    cast: Cast, running: bool
) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.RUNNING if running else StudyState.INVITING)
    address = reverse("research:study", args=[team.study.public_id])
    says = "Rounds of questions go on." if running else "eople can say yes"
    assert says in team.ruth.client.get(address).content.decode()
    hosting.take_back(here=cast.lead.here(cast.harbour), sid=team.study.public_id, note="")
    text = team.ruth.client.get(address).content.decode()
    assert says not in text and "No group's yes holds now." in text
