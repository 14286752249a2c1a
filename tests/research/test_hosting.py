"""Groups decide: who answers, what they read, how much is enough, and what members see of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.actions import keep_verdict
from audit.models import AuditEntry
from community.enums import Role
from community.errors import MayNot, NotHere
from community.models import Member
from core import clock
from research.actions import codes, hosting, studies
from research.enums import Agreement, StudyRole, StudyState
from research.models import OutsideStudy, Protocol, Study, StudyGroup, StudyLoad
from research.policies import studies as policy
from research.selectors import hosting as reading
from tests.people import Cast, add, make_person
from tests.research.studies import Team, in_pairs, make_study, say_yes, settings_for
from tests.scenes import same

pytestmark = pytest.mark.django_db


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    """An approved study that names harbour."""
    return make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)


@pytest.fixture
def asked(team: Team, cast: Cast) -> Team:
    hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    return team


def url(cast: Cast, name: str, *parts: str) -> str:
    return reverse(f"research:{name}", args=[cast.harbour.public_id, *parts])


def page(cast: Cast, who: str, name: str, *parts: str) -> str:
    return getattr(cast, who).client.get(url(cast, name, *parts)).content.decode()


def home(cast: Cast, who: str) -> str:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    return client.get(reverse("chat:home"), follow=True).content.decode()


# --- refusals -------------------------------------------------------------------------------------------------------
OTHERS = ["alice", "bob", "lena", "muted", "barred", "weak", "mona", "ned", "olga", "nobody"]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_elses_home_says_that_a_study_asks(cast: Cast, asked: Team, who: str) -> None:
    assert "A study asks" not in home(cast, who)


def test_it_stands_on_the_leads_home_until_they_answer(cast: Cast, asked: Team) -> None:
    assert "A study asks" in home(cast, "lead") and url(cast, "asked") in home(cast, "lead")
    say_yes(asked, cast.harbour, cast.lead)
    assert "A study asks" not in home(cast, "lead")


@pytest.mark.parametrize("who", OTHERS)
def test_only_the_groups_lead_sees_what_asks_and_answers(cast: Cast, asked: Team, who: str) -> None:
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    sid = asked.study.public_id
    for address in (url(cast, "asked"), url(cast, "asked_one", sid)):
        assert client.get(address).status_code == 404
        for press in ("yes", "no", "back", "pause", "wish", "outside", "let", "forget"):
            assert client.post(address, {press: "1", "at_most": "0", "note": ""}).status_code == 404
    assert StudyGroup.objects.get().state == Agreement.ASKED
    assert not StudyLoad.objects.exists() and not OutsideStudy.objects.exists()


@pytest.mark.parametrize("who", ["alice", "weak", "mona"])
def test_no_action_lets_others_decide(cast: Cast, asked: Team, who: str) -> None:
    person, sid = getattr(cast, who), asked.study.public_id
    here = person.here(cast.harbour)
    for act in (
        lambda: hosting.answer(here=here, sid=sid, is_yes=True, note="", key_of=person.keyed),
        lambda: hosting.take_back(here=here, sid=sid, note=""),
        lambda: hosting.pause(here=here, sid=sid),
        lambda: hosting.wish(here=here, at_most=0, none_until=None),
        lambda: hosting.note_outside(here=here, title="x", begins_on=clock.today(), ends_on=clock.today()),
        lambda: hosting.forget_outside(here=here, oid="x"),
        lambda: hosting.let_ask(here=here, sid=sid),
    ):
        with pytest.raises(NotHere):
            act()


@pytest.mark.parametrize("state", [Agreement.ASKED, Agreement.DECLINED])
def test_a_study_without_a_yes_is_not_there_for_members(cast: Cast, asked: Team, state: Agreement) -> None:
    StudyGroup.objects.update(state=state)
    for who in ("alice", "mona", "lead"):
        assert (
            getattr(cast, who).client.get(url(cast, "study_here", asked.study.public_id)).status_code == 404
        )
        assert "Asking quietly" not in page(cast, who, "studies")


@pytest.mark.parametrize("who", ["barred", "ned", "olga", "nobody"])
def test_studies_of_a_group_are_for_its_members(cast: Cast, asked: Team, who: str) -> None:
    say_yes(asked, cast.harbour, cast.lead)
    client = cast.nobody if who == "nobody" else getattr(cast, who).client
    assert client.get(url(cast, "studies")).status_code == 404
    assert client.get(url(cast, "study_here", asked.study.public_id)).status_code == 404


def test_a_study_of_another_group_is_not_there(cast: Cast, asked: Team) -> None:
    say_yes(asked, cast.harbour, cast.lead)
    address = reverse("research:study_here", args=[cast.meadow.public_id, asked.study.public_id])
    assert cast.ned.client.get(address).status_code == 404


def test_a_group_that_is_not_named_or_not_there_is_not_asked(cast: Cast, team: Team) -> None:
    for gid in (cast.meadow.public_id, "zzzz"):
        with pytest.raises(NotHere):
            hosting.ask(desk=team.desk(), gid=gid)


def test_a_no_is_a_no(cast: Cast, asked: Team) -> None:
    hosting.answer(
        here=cast.lead.here(cast.harbour), sid=asked.study.public_id, is_yes=False, note="Too much.",
        key_of=cast.lead.keyed,
    )  # fmt: skip
    with pytest.raises(MayNot, match="asked before"):
        hosting.ask(desk=asked.desk(), gid=cast.harbour.public_id)
    text = asked.ruth.client.get(reverse("research:groups", args=[asked.study.public_id])).content.decode()
    assert "Too much." in text


def test_who_works_on_it_does_not_answer_where_another_lead_can(cast: Cast, asked: Team) -> None:
    code = codes.make(desk=asked.desk(), role=StudyRole.RESEARCHER)
    codes.use(typed=code, label="Lee", key_of=cast.lead.keyed)
    other = make_person(name="other", strong=True)
    add(other, cast.harbour, handle="Deep Pond", role=Role.LEAD)
    with pytest.raises(MayNot, match="You work on this study"):
        say_yes(asked, cast.harbour, cast.lead)
    Member.objects.filter(personas__handle="Deep Pond").update(role=Role.MEMBER)
    say_yes(asked, cast.harbour, cast.lead)
    entry = AuditEntry.objects.filter(act="group agreed").select_related("kept").latest("seq")
    assert '"works_on_it":true' in entry.kept.payload, "nobody else could, and the record says so"


# --- how much is enough ---------------------------------------------------------------------------------------------
def second(cast: Cast) -> Team:
    """Another study that names harbour; its people have other names."""
    ruth = make_person(name="second", strong=True)
    made = codes._make(study=None, role=StudyRole.LEAD)
    study = codes.use(typed=made, label="Second", key_of=ruth.keyed)
    team = Team(study, ruth, ruth, ruth)
    studies.save(desk=team.desk(), given=settings_for(cast.harbour))
    studies.approve(desk=team.desk())
    return team


def test_a_group_with_a_study_is_not_asked_and_its_team_reads_why(cast: Cast, asked: Team) -> None:
    other = second(cast)  # fixed while the group has none
    say_yes(asked, cast.harbour, cast.lead)
    address = reverse("research:groups", args=[other.study.public_id])
    with pytest.raises(MayNot, match="has a study already"):
        hosting.ask(desk=other.desk(), gid=cast.harbour.public_id)
    text = other.ruth.client.post(address, {"gid": cast.harbour.public_id}, follow=True).content.decode()
    assert "This group has a study already." in text and StudyGroup.objects.count() == 1
    hosting.wish(here=cast.lead.here(cast.harbour), at_most=2, none_until=None)
    hosting.ask(desk=other.desk(), gid=cast.harbour.public_id)


def test_two_that_ask_at_once_do_not_both_get_a_yes(cast: Cast, asked: Team) -> None:
    other = second(cast)
    hosting.ask(desk=other.desk(), gid=cast.harbour.public_id)
    say_yes(asked, cast.harbour, cast.lead)
    with pytest.raises(MayNot, match="has a study already"):
        say_yes(other, cast.harbour, cast.lead)
    answer = cast.lead.client.post(
        url(cast, "asked_one", other.study.public_id), {"yes": "1", "note": "Kept words"}
    )
    assert answer.status_code == 422 and "Kept words" in answer.content.decode()


def test_a_study_elsewhere_counts_while_it_lasts(cast: Cast, team: Team) -> None:
    here, today = cast.lead.here(cast.harbour), clock.today()
    hosting.note_outside(here=here, title="A survey", begins_on=today, ends_on=today)
    with pytest.raises(MayNot, match="has a study already"):
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    assert "A survey" in page(cast, "alice", "studies")
    with clock.held_at(clock.now() + dt.timedelta(days=1)):
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)


def test_no_studies_for_now(cast: Cast, team: Team) -> None:
    until = clock.today() + dt.timedelta(days=30)
    sent = {"wish": "1", "at_most": "1", "none_until": until.isoformat()}
    assert cast.lead.client.post(url(cast, "asked"), sent).status_code == 302
    assert "wants no studies until" in page(cast, "alice", "studies")
    with pytest.raises(MayNot, match="wants no studies until"):
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
    with clock.held_at(clock.now() + dt.timedelta(days=30)):
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)


def test_none_at_all(cast: Cast, team: Team) -> None:
    hosting.wish(here=cast.lead.here(cast.harbour), at_most=0, none_until=None)
    with pytest.raises(MayNot, match="wants no studies"):
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)


@pytest.mark.parametrize(
    "sent",
    [
        {"wish": "1", "at_most": "9"},
        {"wish": "1", "at_most": "1", "none_until": "2020-01-01"},
        {"outside": "1", "title": "Kept words", "begins_on": "2026-05-02", "ends_on": "2026-05-01"},
        {"outside": "1", "title": "Kept words"},
    ],
)
def test_what_does_not_fit_comes_back(cast: Cast, sent: dict[str, str]) -> None:
    answer = cast.lead.client.post(url(cast, "asked"), sent)
    assert answer.status_code == 422
    assert "title" not in sent or "Kept words" in answer.content.decode()
    assert not StudyLoad.objects.exists() and not OutsideStudy.objects.exists()


def test_the_page_costs_the_same_however_much_ran(cast: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert cast.alice.client.get(url(cast, "studies")).status_code == 200
        return len(queries)

    team = make_study((cast.harbour, cast.lead))
    studies.close(desk=team.desk())
    before = cost()
    for nth in range(5):
        other = Study.objects.create(
            public_id=f"other{nth}", sealed_key=b"x", state=StudyState.CLOSED, protocol_version=1, consent_version=1,
            opened_on=clock.today(), closed_on=clock.today(),
        )  # fmt: skip
        Protocol.objects.create(
            study=other, version=1, settings={"plain_title": f"Number {nth}"}, published_on=clock.today()
        )
        StudyGroup.objects.create(
            study=other, group=cast.harbour, state=Agreement.AGREED, asked_on=clock.today(),
            answered_on=clock.today(),
        )  # fmt: skip
    assert cost() == before
    assert "Number 4" in page(cast, "alice", "studies")


# --- a hidden group stays hidden ------------------------------------------------------------------------------------
def test_a_hidden_group_is_asked_only_after_its_lead_lets_a_study_ask(cast: Cast) -> None:
    add(cast.lead, cast.cellar, handle="Deep Root", role=Role.LEAD)
    team = make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)
    assert not reading.known_groups(team.study, gids=[cast.cellar.public_id])
    hosting.let_ask(here=cast.lead.here(cast.cellar), sid=team.study.public_id)
    assert list(reading.known_groups(team.study, gids=[cast.cellar.public_id])) == [cast.cellar.public_id]
    where = reverse("research:set_up", args=[team.study.public_id, "where"])
    assert cast.cellar.public_id in team.ruth.client.get(where).content.decode()
    with pytest.raises(MayNot, match="No study has this number"):
        hosting.let_ask(here=cast.lead.here(cast.harbour), sid=team.study.public_id)
    with pytest.raises(MayNot, match="No study has this number"):
        hosting.let_ask(here=cast.lead.here(cast.cellar), sid="zzzz")


def test_no_study_that_is_over_may_ask(cast: Cast) -> None:
    add(cast.lead, cast.cellar, handle="Deep Root", role=Role.LEAD)
    team = make_study((cast.harbour, cast.lead), state=StudyState.CLOSED)
    with pytest.raises(MayNot, match="No study has this number"):
        hosting.let_ask(here=cast.lead.here(cast.cellar), sid=team.study.public_id)


def test_a_hidden_group_that_is_named_anyway_is_not_asked_and_not_shown(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), (cast.cellar, cast.lead), state=StudyState.APPROVED)
    assert cast.cellar.public_id in team.study.draft["groups"]
    with pytest.raises(NotHere):
        hosting.ask(desk=team.desk(), gid=cast.cellar.public_id)
    text = team.ruth.client.get(reverse("research:groups", args=[team.study.public_id])).content.decode()
    assert "No group that can be found" in text and "cellar" not in text
    papers = team.ruth.client.get(reverse("research:pack", args=[team.study.public_id])).content.decode()
    assert "cellar" not in papers


def test_no_page_of_one_group_names_another(cast: Cast) -> None:
    Member.objects.filter(personas__handle="High Stone").update(role=Role.LEAD)
    groups = (cast.harbour, cast.meadow)
    team = make_study(
        (cast.harbour, cast.lead), (cast.meadow, cast.ned), state=StudyState.INVITING, **in_pairs(*groups)
    )
    sid = team.study.public_id
    for text in (
        page(cast, "lead", "asked_one", sid), page(cast, "bob", "study_here", sid), page(cast, "bob", "studies"),
        page(cast, "lead", "asked"),
    ):  # fmt: skip
        assert "meadow" not in text and cast.meadow.public_id not in text
    assert "meadow" in team.ruth.client.get(reverse("research:pack_of", args=[sid, 1])).content.decode()


# --- what it is for -------------------------------------------------------------------------------------------------
def test_a_lead_reads_everything_and_answers(cast: Cast, asked: Team) -> None:
    sid = asked.study.public_id
    assert "Studies that ask (1)" in page(cast, "lead", "studies")
    assert "Studies that ask" not in page(cast, "mona", "studies")
    text = page(cast, "lead", "asked_one", sid)
    for said in ("Where to find what", "We stop, we write to you", "bad moments", "Say yes", "Say no"):
        assert said in text
    cast.lead.client.post(url(cast, "asked_one", sid), {"yes": "1", "note": "We talked about it."})
    host = StudyGroup.objects.get()
    assert (host.state, host.note, host.answered_on) == (
        Agreement.AGREED,
        "We talked about it.",
        clock.today(),
    )
    scopes = AuditEntry.objects.filter(act="group agreed").values_list("chain__scope", "ref")
    assert set(scopes) == {(sid, ""), (cast.harbour.public_id, sid)}


def test_a_yes_is_taken_back_and_the_study_ends_here_at_once(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead))
    host = StudyGroup.objects.select_related("study").get()
    assert policy.is_on_in(host) and policy.takes_people_in(host)
    sid = team.study.public_id
    cast.lead.client.post(url(cast, "asked_one", sid), {"back": "1", "note": ""})
    host = StudyGroup.objects.select_related("study").get()
    assert host.state == Agreement.ENDED and not policy.is_on_in(host) and not policy.takes_people_in(host)
    assert "No study runs here now." in page(cast, "alice", "studies")
    assert "This study has ended here." in page(cast, "alice", "study_here", sid)
    with pytest.raises(NotHere):
        say_yes(team, cast.harbour, cast.lead)


def test_a_groups_lead_pauses_the_study(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead))
    cast.lead.client.post(url(cast, "asked_one", team.study.public_id), {"pause": "1", "note": ""})
    team.study.refresh_from_db()
    assert team.study.is_paused and not policy.is_on(team.study)
    assert (
        "the lead of a group"
        in team.ruth.client.get(reverse("research:study", args=[team.study.public_id])).content.decode()
    )
    assert "This study is paused." in page(cast, "alice", "study_here", team.study.public_id)
    entry = AuditEntry.objects.filter(act="study paused").get()
    assert entry.actor_role == "group lead"


def test_members_read_it_in_plain_words(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead))
    assert "It was not checked yet." in page(cast, "lena", "study_here", team.study.public_id)
    keep_verdict(scope=team.study.public_id, is_sound=True)
    text = page(cast, "lena", "study_here", team.study.public_id)
    for said in (
        "Who asks?", "Why?", "What do they read?", "What do they never get?", "How do you stop?", "Dr Ruth Example",
        "It cannot show whether it helps", "board@college.example", "study@college.example", "24/117",
        "The study opened: people can say yes or no.", "A group said yes.", "The record is intact.", "020 7946 0000",
        "At the first: serious harm",
    ):  # fmt: skip
        assert said in text, said
    assert "public_task" not in text


def test_the_notice_is_the_same_for_everyone(cast: Cast) -> None:
    front = reverse("community:front", args=[cast.harbour.public_id])
    for client in (cast.nobody, cast.alice.client):
        assert "No study runs here now." in client.get(front).content.decode()
    team = make_study((cast.harbour, cast.lead))
    for client in (cast.nobody, cast.alice.client):
        assert "A study runs here." in client.get(front).content.decode()
    hidden = reverse("community:front", args=[cast.cellar.public_id])
    assert cast.nobody.get(hidden).status_code == 404
    studies.close(desk=team.desk())
    assert "Over since" in page(cast, "alice", "studies")
