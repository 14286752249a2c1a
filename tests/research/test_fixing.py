"""Fixing a version lasts: one press shows what becomes fixed, and only that is. And what comes before and next."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from community.actions.names import write_names
from community.enums import OneThread, Role, Times
from community.errors import MayNot
from community.selectors.names import Policy
from core import clock
from research.actions import hosting, studies
from research.enums import StudyState
from research.models import Protocol, Study
from tests.people import Cast, add
from tests.research.studies import Team, in_pairs, make_study, say_yes
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


def page(team: Team, name: str, *parts: str) -> str:
    return reverse(f"research:{name}", args=[team.study.public_id, *parts])


# --- a second look --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("sent", [{}, {"sure": "1"}, {"sure": "1", "seen": "x"}, {"back": "1"}])
def test_one_press_fixes_nothing(team: Team, sent: dict[str, str]) -> None:
    team.ruth.client.post(page(team, "check"), sent)
    assert not Protocol.objects.exists() and Study.objects.get().state == StudyState.DRAFT


def test_nothing_is_fixed_that_was_not_looked_at(team: Team) -> None:
    """Somebody else of the team changes a page in between."""
    seen = team.ruth.client.post(page(team, "check"), {}).context["pack"].digest
    studies.save(desk=team.desk(), given={"aim": 30})
    answer = team.ruth.client.post(page(team, "check"), {"sure": "1", "seen": seen})
    assert answer.status_code == 422 and "changed since you looked" in answer.content.decode()
    with pytest.raises(MayNot, match="since you looked"):
        studies.approve(desk=team.desk(), seen=seen)
    assert not Protocol.objects.exists()


def test_what_cannot_be_fixed_is_said_at_the_first_press(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    studies.save(desk=team.desk(), given={"title": "Another title"})
    for sent, says in (({}, "Say what changed."), ({"note": "Kept words"}, "This becomes version 2")):
        answer = team.ruth.client.post(page(team, "check"), sent)
        assert says in answer.content.decode()
        assert answer.status_code == (200 if sent else 422)
    assert "Kept words" in team.ruth.client.post(page(team, "check"), sent | {"back": "1"}).content.decode()
    studies.save(desk=team.desk(), given={"why": ""})
    assert "Something is missing" in team.ruth.client.post(page(team, "check"), sent).content.decode()


def test_it_shows_what_stays_for_good_and_fixes_just_that(cast: Cast) -> None:
    add(cast.mona, cast.meadow, role=Role.LEAD)
    groups = ((cast.harbour, cast.lead), (cast.meadow, cast.mona))
    team = make_study(*groups, state=StudyState.DRAFT, **in_pairs(cast.harbour, cast.meadow))
    look = team.ruth.client.post(page(team, "check"), {})
    text = look.content.decode()
    for said in (
        "This becomes version 1", "nobody can change it or take it back", cast.harbour.name, cast.meadow.name,
        f"{cast.harbour.name} + {cast.meadow.name}", "One-thread names first", "Round 2, week 4, open for 14 days",
    ):  # fmt: skip
        assert said in text, said
    seen = look.context["pack"].digest
    assert f'value="{seen}"' in text
    assert team.ruth.client.post(page(team, "check"), {"sure": "1", "seen": seen}).status_code == 302
    assert Protocol.objects.get().digest == seen


def test_the_page_of_papers_leads_to_the_draft_while_nothing_is_fixed(team: Team) -> None:
    text = team.ruth.client.get(page(team, "versions")).content.decode()
    assert "Nothing is fixed yet." in text and page(team, "pack") in text.split("Nothing is fixed yet.")[1]


def test_a_change_that_matters_says_so_there_too(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    studies.save(desk=team.desk(), given={"title": "Another title"})
    asks = "will be asked again"
    small, large = (
        team.ruth.client.post(page(team, "check"), {"note": "A title.", **more})
        for more in ({}, {"material": "on"})
    )
    assert asks not in small.content.decode() and asks in large.content.decode()
    sent = {"note": "A title.", "material": "True", "sure": "1", "seen": large.context["pack"].digest}
    assert team.ruth.client.post(page(team, "check"), sent).status_code == 302
    assert Protocol.objects.get(version=2).is_material


# --- what comes next ------------------------------------------------------------------------------------------------
def next_step(team: Team) -> str:
    text = team.ruth.client.get(page(team, "study")).content.decode()
    return text.split('id="next"')[1].split("</section>")[0]


def test_what_comes_next_is_what_really_does(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    ask, wait = "Ask the groups", "Wait for them"
    assert ask in next_step(team) and wait not in next_step(team)
    hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    assert ask not in next_step(team) and wait in next_step(team)
    say_yes(team, cast.harbour, cast.lead)
    said = next_step(team)
    assert ask not in said and "You can open it now" in said and 'name="open"' in said
    assert "more groups" not in said
    Study.objects.update(ethics_until=clock.today() - dt.timedelta(days=1))
    said = next_step(team)
    assert ask not in said and "board is over" in said and 'name="open"' not in said
    assert page(team, "check") in said


def test_where_one_group_said_yes_others_can_still_be_asked(cast: Cast) -> None:
    add(cast.mona, cast.meadow, role=Role.LEAD)
    team = make_study((cast.harbour, cast.lead), (cast.meadow, cast.mona), state=StudyState.APPROVED)
    hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    say_yes(team, cast.harbour, cast.lead)
    said = next_step(team)
    assert "You can open it now" in said and "ask more groups" in said and "Ask the groups" not in said
    hosting.ask(desk=team.desk(), gid=cast.meadow.public_id)
    assert "not answered yet" in next_step(team)


def test_where_every_group_said_no_nobody_is_left_to_ask(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    here, sid = cast.lead.here(cast.harbour), team.study.public_id
    hosting.answer(here=here, sid=sid, is_yes=False, note="", key_of=cast.lead.keyed)
    assert "No group is left" in next_step(team) and "Ask the groups" not in next_step(team)


# --- a version below the floor --------------------------------------------------------------------------------------
def test_a_version_that_is_too_low_hears_which_setting_and_what_is_allowed(cast: Cast, team: Team) -> None:
    """The most private of the groups counts, whichever comes first."""
    studies.save(
        desk=team.desk(), given={"groups": [cast.harbour.public_id, cast.meadow.public_id], "unit": "group"}
    )
    address = page(team, "set_up", "versions")
    answer = team.ruth.client.post(address, {"title_A": "Hours", "times_A": "hours"})
    text = answer.content.decode()
    assert answer.status_code == 422
    for said in (
        "“When something was written” cannot be “The day and about what hour”", "“The day” now",
        "What you can pick: “The day”. Or leave it as the group has it.",
    ):  # fmt: skip
        assert said in text, said
    first = Policy(times=Times.DAYS, one_thread=OneThread.FIRST)
    write_names(group=cast.meadow, policy=first, name="x", version=1)
    text = team.ruth.client.post(address, {"title_A": "Off", "one_thread_A": "off"}).content.decode()
    assert "“Offered first” now" in text and "What you can pick: “Offered first”." in text
    studies.save(desk=team.desk(), given={"unit": "person"})
    text = team.ruth.client.post(address, {"title_A": "First", "one_thread_A": "first"}).content.decode()
    assert "Others would see this: One-thread names. Leave it as the group has it." in text


def test_a_kind_of_detail_is_named(team: Team) -> None:
    studies.save(desk=team.desk(), given={"unit": "group"})
    kind = next(iter(team.ruth.client.get(page(team, "set_up", "versions")).context["form"].kinds.items()))
    sent = {"title_A": "Asked", f"asks_{kind[0]}_A": "prompted"}
    text = team.ruth.client.post(page(team, "set_up", "versions"), sent).content.decode()
    assert f"“{kind[1]}” cannot be “We ask you once”" in text
    assert "What you can pick: “Not used here”, “If you like”." in text
