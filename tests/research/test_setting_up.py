"""Six pages on which a study is set up, in any order; a version freezes them; states come in order."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import AuditEntry
from community.errors import MayNot, NotHere
from core import clock
from research import protocols
from research.actions import codes, hosting, studies
from research.enums import Agreement, Item, StudyState
from research.models import Protocol, Study, StudyGroup
from research.policies import studies as policy
from research.selectors import gaps
from tests.people import Cast, make_person
from tests.research.studies import Team, desk_of, make_study, say_yes, settings_for, walk
from tests.scenes import same

pytestmark = pytest.mark.django_db
TOMORROW = dt.timedelta(days=1)


@pytest.fixture
@same
def draft(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead))


def change(team: Team, **given: Any) -> None:
    studies.save(desk=team.desk(), given=given)


def acts(study: Study) -> list[str]:
    return list(
        AuditEntry.objects.filter(chain__scope=study.public_id).order_by("seq").values_list("act", flat=True)
    )


# --- refusals -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["remy", "ana"])
def test_only_a_lead_researcher_decides(draft: Team, cast: Cast, who: str) -> None:
    desk = draft.desk(who)
    for act in (
        lambda: studies.save(desk=desk, given={"title": "x"}),
        lambda: studies.approve(desk=desk),
        lambda: studies.open_to_people(desk=desk),
        lambda: studies.take_nobody_new(desk=desk),
        lambda: studies.close(desk=desk),
        lambda: studies.go_on(desk=desk, why="x"),
        lambda: hosting.ask(desk=desk, gid=cast.harbour.public_id),
    ):
        with pytest.raises(NotHere):
            act()


def test_who_was_taken_out_a_moment_ago_decides_nothing(draft: Team) -> None:
    desk = draft.desk()
    code = codes.make(desk=desk, role="lead")
    other = make_person(name="other", strong=True)
    codes.use(typed=code, label="Other", key_of=other.keyed)
    codes.take_out(desk=desk_of(other, draft.study), label="Dr Ruth Example")
    for act in (lambda: studies.approve(desk=desk), lambda: studies.pause(desk=desk)):
        with pytest.raises(NotHere):
            act()


ARM = {"code": "A", "title": "x", "policy": {}, "weight": 1}
NEEDED = [(page, key) for page, keys in protocols.NEEDED.items() for key in keys]


@pytest.mark.parametrize(("page", "key"), NEEDED)
def test_nothing_is_approved_with_a_gap(draft: Team, page: str, key: str) -> None:
    change(draft, **{key: protocols.EMPTY[key]})
    draft.study.refresh_from_db()
    assert protocols.Gap(page=page, what=key) in protocols.missing(draft.study.draft)
    with pytest.raises(MayNot, match="missing"):
        studies.approve(desk=draft.desk())
    assert not Protocol.objects.exists()


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"approved_on": "2999-01-01"}, "approved_later"),
        ({"expires_on": "2020-01-01"}, "expired"),
        ({"unit": "group"}, "pairs"),
        ({"unit": "group"}, "two_versions"),
        ({"arms": [ARM]}, "one_version"),
        ({"arms": [ARM, ARM | {"code": "B", "policy": {"times": "days"}}]}, "same_name"),
        ({"arms": [ARM, ARM | {"code": "B", "title": "y"}]}, "same_settings"),
        ({"waves": []}, "waves"),
        ({"items": ["activity"]}, "surveys"),
        ({"items": ["surveys", "quotes"]}, "posts_to_quote"),
        ({"items": ["surveys", "alias_posts"], "aim": 9}, "names_never"),
        ({"items": ["surveys", "activity", "alias_posts", "quotes"]}, "posts_to_quote"),
    ],
)
def test_what_does_not_fit_together_is_a_gap(cast: Cast, more: dict[str, Any], what: str) -> None:
    found = protocols.missing(settings_for(cast.harbour, **more))
    assert what in {gap.what for gap in found}
    assert not protocols.missing(settings_for(cast.harbour))


def test_two_versions_that_do_not_differ_are_told_apart_by_the_second(draft: Team) -> None:
    arms = [
        ARM,
        ARM | {"code": "B", "title": "y", "policy": {"what_matters": "shown"}},
        ARM | {"code": "C", "title": "X"},
    ]
    change(draft, arms=arms)
    with pytest.raises(MayNot, match="missing"):
        studies.approve(desk=draft.desk())
    draft.study.refresh_from_db()
    found = {(gap.what, gap.field) for gap in protocols.missing(draft.study.draft)}
    assert found == {("same_name", "title_C"), ("same_settings", "one_thread_C")}
    address = f"/research/{draft.study.public_id}/check/"
    assert "#id_one_thread_C" in draft.ruth.client.get(address).content.decode()


def test_no_study_quotes_where_one_thread_names_are_all_that_it_reads(draft: Team) -> None:
    """Whose a one-thread name is nobody knows, so there is nobody to ask: `selectors/quotes.py` finds no writer."""
    change(draft, items=["surveys", "alias_posts", "quotes"])
    with pytest.raises(MayNot, match="missing"):
        studies.approve(desk=draft.desk())
    change(draft, items=["surveys", "posts", "quotes"])
    studies.approve(desk=draft.desk())


def test_one_thread_names_are_not_asked_of_so_few_that_none_could_ever_leave(draft: Team) -> None:
    change(draft, items=["surveys", "alias_posts"], aim=9)
    with pytest.raises(MayNot, match="missing"):
        studies.approve(desk=draft.desk())
    change(draft, aim=10)
    studies.approve(desk=draft.desk())


def test_no_version_is_approved_below_the_floor(draft: Team) -> None:
    arms = [
        {"code": "A", "title": "as it is", "policy": {}, "weight": 1},
        {"code": "B", "title": "hours", "policy": {"times": "hours"}, "weight": 1},
    ]
    change(draft, arms=arms)
    with pytest.raises(MayNot):
        studies.approve(desk=draft.desk())
    assert not Protocol.objects.exists()


def test_states_come_in_order(draft: Team, cast: Cast) -> None:
    for act in (studies.open_to_people, studies.take_nobody_new, studies.close, studies.pause):
        with pytest.raises(MayNot):
            act(desk=draft.desk())
    walk(draft, (cast.harbour, cast.lead), to=StudyState.APPROVED)
    for act in (studies.take_nobody_new, studies.close):
        with pytest.raises(MayNot):
            act(desk=draft.desk())
    for state in (StudyState.INVITING, StudyState.CLOSED):
        with pytest.raises(IntegrityError), transaction.atomic():
            Study.objects.filter(pk=draft.study.pk).update(state=state)


def test_nothing_opens_without_a_groups_yes_or_after_the_boards_yes(draft: Team, cast: Cast) -> None:
    studies.approve(desk=draft.desk())
    with pytest.raises(MayNot, match="has to say yes"):
        studies.open_to_people(desk=draft.desk())
    hosting.ask(desk=draft.desk(), gid=cast.harbour.public_id)
    say_yes(draft, cast.harbour, cast.lead)
    with clock.held_at(clock.now() + dt.timedelta(days=366)), pytest.raises(MayNot, match="board is over"):
        studies.open_to_people(desk=draft.desk())
    studies.open_to_people(desk=draft.desk())
    draft.study.refresh_from_db()
    assert draft.study.state == StudyState.INVITING and draft.study.opened_on == clock.today()


def test_a_protocol_is_never_changed(team: Team) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE research_protocol SET change_note = 'x'")


@pytest.mark.parametrize("key", protocols.FIXED)
def test_what_was_given_out_stays_as_it_was_approved(team: Team, cast: Cast, key: str) -> None:
    other = {
        "unit": "group", "joins": True, "groups": [cast.harbour.public_id, cast.meadow.public_id],
        "pairs": [[cast.harbour.public_id, cast.meadow.public_id]],
        "arms": [{"code": code, "title": code, "policy": {}, "weight": 1} for code in "AB"],
        "waves": settings_for()["waves"][:1],
    }[key]  # fmt: skip
    more = {"unit": {"pairs": [], "arms": []}}.get(key, {})
    with pytest.raises(MayNot, match=str(gaps.FIXED[key])):
        change(team, **{key: other}, **more)
    Study.objects.update(draft=team.study.draft | {key: other} | more)  # written past the action
    with pytest.raises(MayNot, match=str(gaps.FIXED[key]) if key not in {"unit", "pairs"} else None):
        studies.approve(desk=team.desk(), note="Changed.")
    assert Protocol.objects.count() == 1


def test_a_change_says_what_it_is(team: Team) -> None:
    with pytest.raises(MayNot, match="Nothing is different"):
        studies.approve(desk=team.desk(), note="Changed.")
    change(team, why="Because.")
    with pytest.raises(MayNot, match="Say what changed"):
        studies.approve(desk=team.desk(), note="  ")


# --- what it is for -------------------------------------------------------------------------------------------------
def test_a_version_freezes_what_it_says(team: Team, cast: Cast) -> None:
    first = Protocol.objects.get()
    change(team, question="Another question?")
    second = studies.approve(desk=team.desk(), note="A clearer question.")
    assert (second.version, second.is_material) == (2, False)
    assert first.digest != second.digest
    assert Protocol.objects.get(version=1).settings["question"] == first.settings["question"]
    team.study.refresh_from_db()
    assert (team.study.protocol_version, team.study.consent_version) == (2, 2)
    assert StudyGroup.objects.get().state == Agreement.AGREED
    entry = AuditEntry.objects.filter(act="protocol changed").select_related("kept").get()
    assert second.digest in entry.kept.payload and entry.actor_role == "lead researcher"


@pytest.mark.parametrize("key", protocols.MATERIAL)
def test_what_touches_a_yes_is_asked_again_whatever_the_team_calls_it(team: Team, key: str) -> None:
    before = team.study.draft[key]
    given: Any = {str: f"{before}x", int: 7, bool: not before, list: [Item.SURVEYS]}[type(before)]
    more = {"field_notes": True} if key == "rooms" else {}
    if key == "outside":
        given, more = ["The archive"], {"recipients": "The archive."}
    change(team, **more, **{key: given if key != "purposes" else ["Another use."]})
    made = studies.approve(desk=team.desk(), note="Changed.", says_material=False)
    assert made.is_material
    assert StudyGroup.objects.get().state == Agreement.ASKED, "a group said yes to what it read"
    host = StudyGroup.objects.select_related("study").get()
    assert not policy.is_on_in(host) and policy.is_on(host.study)


def test_the_team_can_call_a_small_change_one_that_matters(team: Team) -> None:
    change(team, why="Because.")
    assert studies.approve(desk=team.desk(), note="Why.", says_material=True).is_material


def test_the_whole_way_is_on_the_record(draft: Team, cast: Cast) -> None:
    walk(draft, (cast.harbour, cast.lead), to=StudyState.CLOSED)
    assert acts(draft.study)[5:] == [
        "study approved", "group asked", "group agreed", "study opened", "nobody new", "study closed",
    ]  # fmt: skip
    draft.study.refresh_from_db()
    assert draft.study.closed_on == clock.today() and not policy.is_on(draft.study)


@pytest.mark.parametrize("who", ["ruth", "remy", "ana"])
def test_anyone_who_works_on_it_pauses_it_and_its_lead_lets_it_go_on(team: Team, who: str) -> None:
    studies.pause(desk=team.desk(who))
    team.study.refresh_from_db()
    assert team.study.is_paused and not policy.is_on(team.study) and not policy.takes_people(team.study)
    with pytest.raises(MayNot, match="Say why"):
        studies.go_on(desk=team.desk(), why="")
    studies.go_on(desk=team.desk(), why="The link works again.")
    team.study.refresh_from_db()
    assert policy.is_on(team.study) and policy.takes_people(team.study)
    assert acts(team.study)[-2:] == ["study paused", "study went on"]
    with pytest.raises(MayNot, match="not paused"):
        studies.go_on(desk=team.desk(), why="x")


def test_after_the_boards_yes_nobody_new_comes_in(team: Team) -> None:
    last = dt.date.fromisoformat(team.study.draft["expires_on"])
    for day, takes in ((last, True), (last + TOMORROW, False)):
        with clock.held_at(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)):
            assert policy.takes_people(team.study) is takes
            assert policy.is_on(team.study)
