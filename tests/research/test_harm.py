"""Harm comes first: a log that only those see who meet people, rules that stop a study by themselves, and nothing
opens before all of it is there."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from audit.models import AuditEntry
from community.errors import MayNot, NotHere
from core import clock
from research import protocols
from research.actions import counting, harm, hosting, studies
from research.enums import Item, Part, Related, Scope, Severity, StudyState, TaskState
from research.models import Departure, Participant, Response, SafetyEntry, Study, Wave, WaveTask
from research.policies import studies as policy
from research.selectors import harm as reading
from research.selectors import measures
from tests.people import Cast
from tests.research.studies import Team, make_study, say_yes, settings_for
from tests.scenes import same

pytestmark = pytest.mark.django_db
WORDS = "Someone could not sleep after the third question."


@pytest.fixture
@same
def team(cast: Cast) -> Team:
    return make_study((cast.harbour, cast.lead))


def note(
    team: Team, who: str = "remy", *, severity: Severity = Severity.SERIOUS, related: Related = Related.YES
) -> bool:
    return harm.note(
        desk=team.desk(who), happened_on=clock.today(), severity=severity, related=related, words=WORDS
    )  # fmt: skip


def paused(team: Team) -> bool:
    team.study.refresh_from_db()
    return team.study.is_paused


def url(team: Team, name: str = "harm", *parts: str) -> str:
    return reverse(f"research:{name}", args=[team.study.public_id, *parts])


def rules(*more: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """The part of the settings about harm, with other stop rules."""
    found = copy.deepcopy(settings_for()["harm"])
    found["stop_rules"] = [{"measure": key, "more_than": count} for key, count in more]
    return {"harm": found | changes}


# --- nothing opens before it is there -------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["contact", "plan", "stop_rules", "go_on_rules"])
def test_nothing_is_approved_without_its_part(cast: Cast, key: str) -> None:
    empty: Any = [] if key.endswith("rules") else ""
    with pytest.raises(MayNot, match="missing"):
        make_study((cast.harbour, cast.lead), harm=settings_for()["harm"] | {key: empty})
    assert Study.objects.get().state == StudyState.DRAFT


WITHOUT = [
    {"waves": [{"number": 1, "week": 0, "open_days": 14, "instruments": [["ucla3", "1"]]}]},
    {"waves": [], "items": [Item.ACTIVITY]},
]


@pytest.mark.parametrize("more", WITHOUT)
def test_nothing_is_approved_without_questions_about_bad_moments(cast: Cast, more: dict[str, Any]) -> None:
    with pytest.raises(MayNot, match="missing"):
        make_study((cast.harbour, cast.lead), **more)
    assert protocols.Gap(page="asked", what="negative") in protocols.missing(
        settings_for(cast.harbour, **more)
    )


@pytest.mark.parametrize("more", [*WITHOUT, {"harm": protocols.EMPTY["harm"]}])
def test_it_is_asked_again_when_a_study_opens(cast: Cast, more: dict[str, Any], monkeypatch: Any) -> None:
    """Also a study that was approved without it, by whatever fault, does not open."""
    with monkeypatch.context() as patch:
        patch.setattr(protocols, "missing", lambda _, **__: [])
        team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED, **more)
        hosting.ask(desk=team.desk(), gid=cast.harbour.public_id)
        say_yes(team, cast.harbour, cast.lead)
    with pytest.raises(MayNot):
        studies.open_to_people(desk=team.desk())
    answer = team.ruth.client.post(url(team, "turn"), {"open": "1"})
    assert answer.status_code == 422 and Study.objects.get().state == StudyState.APPROVED


# --- the log --------------------------------------------------------------------------------------------------------
def test_an_analyst_never_sees_the_words(cast: Cast, team: Team) -> None:
    note(team, related=Related.NO)
    entry = SafetyEntry.objects.get()
    client = team.ana.client
    assert client.get(url(team)).status_code == 404
    assert client.post(url(team), {"told": "x"}).status_code == 404
    assert client.post(url(team, "harm_entry", entry.public_id), {"done": "x"}).status_code == 404
    for act in (
        lambda: note(team, "ana"),
        lambda: harm.handle(desk=team.desk("ana"), eid=entry.public_id, done="x"),
        lambda: reading.log(desk=team.desk("ana")),
    ):
        with pytest.raises(NotHere):
            act()
    for name in ("study", "numbers", "groups", "versions", "people"):
        text = client.get(url(team, name)).content.decode()
        assert WORDS not in text and "Safety log" not in text
    assert "now." not in client.get(url(team, "numbers")).content.decode().split("Rules that stop it")[1]


def test_others_see_no_log(cast: Cast, team: Team) -> None:
    note(team, related=Related.NO)
    for client in (cast.nobody, cast.lead.client, cast.mona.client, cast.alice.client):
        assert client.get(url(team)).status_code == 404
        assert client.post(url(team), {"told": "x"}).status_code == 404
    assert SafetyEntry.objects.count() == 1


def test_an_entry_of_another_study_is_not_there(cast: Cast, team: Team) -> None:
    with pytest.raises(NotHere):
        harm.handle(desk=team.desk(), eid="zzzz", done="x")


def test_words_are_sealed_and_not_on_the_record(cast: Cast, team: Team) -> None:
    note(team, related=Related.NO)
    entry = SafetyEntry.objects.get()
    assert WORDS.encode() not in bytes(entry.sealed)
    kept = AuditEntry.objects.filter(chain__scope=team.study.public_id).values_list(
        "kept__payload", flat=True
    )
    assert not any("sleep" in str(payload) for payload in kept)
    harm.handle(desk=team.desk(), eid=entry.public_id, done="We rang her.")
    (one,) = reading.log(desk=team.desk("remy"))
    assert (one.what, one.done) == (WORDS, "We rang her.") and one.entry.handled_on == clock.today()


def test_noting_and_dealing_with_it_on_the_page(cast: Cast, team: Team) -> None:
    today = clock.today().isoformat()
    sent = {"happened_on": today, "severity": "mild", "related": "no", "told": WORDS}
    for gap in sent:
        answer = team.remy.client.post(url(team), {key: value for key, value in sent.items() if key != gap})
        assert answer.status_code == 422 and (gap == "told" or WORDS in answer.content.decode())
    assert team.remy.client.post(url(team), sent | {"happened_on": "2999-01-01"}).status_code == 422
    assert team.remy.client.post(url(team), sent).status_code == 302
    entry = SafetyEntry.objects.get()
    assert WORDS in team.ruth.client.get(url(team)).content.decode()
    answer = team.ruth.client.post(url(team, "harm_entry", entry.public_id), {"done": " "})
    assert answer.status_code == 422 and f"done-{entry.public_id}" in answer.content.decode()
    team.ruth.client.post(url(team, "harm_entry", entry.public_id), {"done": "We rang her."})
    assert "We rang her." in team.remy.client.get(url(team)).content.decode()


# --- the rules ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("severity", "related", "stops"), [
    (Severity.SERIOUS, Related.YES, True), (Severity.SERIOUS, Related.PERHAPS, True),
    (Severity.SERIOUS, Related.NO, False), (Severity.MILD, Related.YES, False),
])  # fmt: skip
def test_a_rule_that_is_met_stops_the_study_at_once(
    team: Team, severity: Severity, related: Related, stops: bool
) -> None:
    assert note(team, severity=severity, related=related) is stops
    assert paused(team) is stops and policy.is_on(team.study) is not stops
    if stops:
        said = AuditEntry.objects.filter(act="study paused").get()
        assert said.actor_role == "stop rule"
        for who in ("ruth", "ana"):
            text = getattr(team, who).client.get(url(team, "study")).content.decode()
            assert "one of its own stop rules" in text


def test_the_page_says_that_a_rule_stopped_it(team: Team) -> None:
    sent = {"happened_on": clock.today().isoformat(), "severity": "serious", "related": "yes", "told": WORDS}
    text = team.remy.client.post(url(team), sent, follow=True).content.decode()
    assert "One of the study&#x27;s own rules is met: it is paused now." in text


def test_more_than_is_more_than(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), **rules(("harm", 1)))
    assert not note(team, severity=Severity.MILD)
    assert note(team, severity=Severity.MILD)


def test_what_its_lead_has_seen_does_not_stop_it_again_and_more_does(team: Team) -> None:
    note(team)
    for who in ("remy", "ana"):
        with pytest.raises(NotHere):
            studies.go_on(desk=team.desk(who), why="It is fine.")
    studies.go_on(desk=team.desk(), why="The board looked at it.")
    harm.look_at_all()
    assert not paused(team)
    assert note(team)
    assert paused(team)


def take_part(team: Team, cast: Cast, count: int) -> list[Participant]:
    return [
        Participant.objects.create(
            study=team.study, group=cast.harbour, key=bytes([nth]) * 32, pid=f"p{nth}", since=clock.today()
        )
        for nth in range(count)
    ]  # fmt: skip


def test_what_people_answer_and_who_leaves_stops_it_without_the_team(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), **rules(("bad", 1), ("left", 2)))
    people = take_part(team, cast, 3)
    wave = Wave.objects.filter(study=team.study).order_by("number").first()
    assert wave is not None
    for nth, (who, value) in enumerate(zip(people, (3, 0, 2), strict=True)):
        task = WaveTask.objects.create(
            participant=who, wave=wave, state=TaskState.DONE, opens_on=clock.today(), closes_on=clock.today()
        )
        for item in ("unkind", "worse"):
            Response.objects.create(
                task=task, instrument=protocols.NEGATIVE, item=item, value=value, study_day=0
            )
        counting.count(study=team.study)
        harm.look_at_all()
        assert paused(team) is (nth == 2), "the same person counts once, and a zero does not"
    studies.go_on(desk=team.desk(), why="Looked at.")
    for nth in range(3):
        Departure.objects.create(study=team.study, group=cast.harbour, scope=Scope.STOP, week=nth)
        counting.count(study=team.study)
        harm.look_at_all()
        assert paused(team) is (nth == 2)


def test_what_may_not_be_used_is_not_counted(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), **rules(("bad", 0)))
    (who,) = take_part(team, cast, 1)
    Participant.objects.update(part=Part.EXCLUDED)
    wave = Wave.objects.filter(study=team.study).order_by("number").first()
    assert wave is not None
    task = WaveTask.objects.create(
        participant=who, wave=wave, opens_on=clock.today(), closes_on=clock.today()
    )
    Response.objects.create(task=task, instrument=protocols.NEGATIVE, item="worse", value=3, study_day=0)
    counting.count(study=team.study)
    assert measures.counts(team.study)["bad"] == 0


def test_a_study_that_is_over_is_left_alone(team: Team) -> None:
    studies.close(desk=team.desk())
    assert not note(team)
    with transaction.atomic():
        assert not harm.look(team.study)
    assert not paused(team)


# --- where rules stand ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("yes", "left", "shown"), [
    (0, 0, None), (4, 0, None), (7, 0, 100), (12, 4, None), (12, 6, 65), (5, 5, 50),
])  # fmt: skip
def test_small_counts_are_not_shown(cast: Cast, team: Team, yes: int, left: int, shown: int | None) -> None:
    take_part(team, cast, yes)
    for nth in range(left):
        Departure.objects.create(study=team.study, group=cast.harbour, scope=Scope.STOP, week=nth)
    counting.count(study=team.study)
    found = measures.standing(team.study, rule={"measure": "stay", "at_least": 60})
    assert found.percent == shown and found.is_met is bool(shown and shown >= 60)


def test_an_analyst_sees_where_rules_for_going_on_stand(cast: Cast, team: Team) -> None:
    text = team.ana.client.get(url(team, "numbers")).content.decode()
    assert "At least 40 percent of those who were asked said yes" in text and "Too few to show yet." in text


@pytest.mark.parametrize("count", [1, 4, 5, 9])
def test_few_people_are_not_counted_out(cast: Cast, count: int) -> None:
    team = make_study((cast.harbour, cast.lead), **rules(("left", 15)))
    for nth in range(count):
        Departure.objects.create(study=team.study, group=cast.harbour, scope=Scope.STOP, week=nth)
    counting.count(study=team.study)
    text = team.ruth.client.get(url(team)).content.decode()
    assert ("Fewer than five, counted once a day." in text) is (count < 5)
    assert ("At least 5, counted once a day." in text) is (count >= 5)
