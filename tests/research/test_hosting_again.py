"""Groups that are asked again once a study has begun; and who holds what first."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from research.actions import hosting, studies
from research.enums import Agreement
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
