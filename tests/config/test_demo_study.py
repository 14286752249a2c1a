"""The demo's study: the numbers that the door tells of, who is where, and what was written in bulk."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.actions import accounts
from audit.models import AuditEntry
from chat.models import Thread
from community.enums import OneThread
from community.models import Group, Member
from community.selectors import here as places
from community.selectors import names
from config.demo import cast, content, study, study_people
from config.guard import DEMO_SIGN_IN
from core import clock, sealing
from research.actions import consent, exports
from research.enums import Agreement, ExportState, Part, Scope, TaskState
from research.models import (
    Allocation,
    ConsentEvent,
    Departure,
    Participant,
    Response,
    Source,
    Study,
    WaveTask,
)
from research.selectors import consent as consents
from research.selectors import desks, harm, hosting, measures, notes, presence, progress, quotes
from research.selectors import exports as files
from research.selectors import studies as reading
from research.selectors import waves as rounds
from research.selectors.desks import Desk
from research.selectors.sheets import Stage


@pytest.fixture
def quietly(ring, db, settings) -> Study:
    settings.KITH_KEY_RING = ring
    return Study.objects.get(public_id=study.public_id())


@pytest.fixture
def desk(quietly) -> Desk:
    secret = cast_secret("demo-researcher")
    key = sealing.tag(key=secret, parts=(desks.KIND, quietly.public_id))
    return desks.find(sid=quietly.public_id, key=key)


def cast_secret(name: str) -> bytes:
    opened = accounts.prove(name=name, passphrase=cast.PASSPHRASE)
    assert opened is not None
    return opened.secret


def keyed(secret: bytes, kind: str, ref: str) -> bytes:
    return sealing.tag(key=secret, parts=(kind, ref))


def test_talks_are_listed_by_the_day_they_show(quietly) -> None:
    for group in Group.objects.all():
        shown = Thread.objects.filter(group=group, is_pinned=False).order_by("-activity", "id")
        days = [thread.last_post_on for thread in shown]
        assert days == sorted(days, reverse=True), group.name


def test_of_244_members_118_said_yes_and_41_no_and_five_left(quietly) -> None:
    assert Member.objects.count() == 244
    parts = Counter(Participant.objects.filter(study=quietly).values_list("part", flat=True))
    assert parts == {Part.IN: 113, Part.REFUSED: 41, Part.STOPPED: 3, Part.EXCLUDED: 1}
    ways = Counter(Departure.objects.filter(study=quietly).values_list("scope", flat=True))
    assert ways == {Scope.STOP: 3, Scope.EXCLUDE: 1, Scope.DELETE: 1}
    assert measures._said_yes(quietly) == 118


def test_the_second_questions_are_as_far_as_the_door_says(desk) -> None:
    second = progress.counts(desk=desk)[1]
    waiting = {Stage.PART_WAY: 9, Stage.NOT_OPENED: 31, Stage.NOT_DUE: 9}
    assert second.all == {Stage.DONE: 64, **waiting, Stage.OVER: 3}, "three stopped"
    assert [wave.week for wave in desk.study.waves.order_by("number")] == [0, 4, 8, 12]
    assert set(second.by_version) == {"A", "B"}


def test_each_group_has_the_version_that_is_told_of_and_b_is_in_force(quietly) -> None:
    given = {
        one.host.group.name: one.arm.code for one in Allocation.objects.select_related("host__group", "arm")
    }
    wanted = {"bipolar": "B", "dementia": "B", "mpox": "B", "diabetes": "A", "parents": "A", "teachers": "A"}
    assert given == {content.names()[key]: code for key, code in wanted.items()}
    for group in Group.objects.all():
        first = names.policy_of(group).one_thread == OneThread.FIRST
        assert first == (given[group.name] == "B"), group.name
    assert set(quietly.hosts.values_list("state", flat=True)) == {Agreement.AGREED}


def test_what_went_badly_was_dealt_with_and_nothing_stops_the_study(desk) -> None:
    assert [bool(one.done) for one in harm.log(desk=desk)] == [True, True]
    assert not harm.rules_met(desk.study, settings=reading.settings_of(desk.study))
    assert not desk.study.is_paused
    yes, last = reading.settings_of(desk.study)["harm"]["go_on_rules"]
    assert (yes["at_least"], last["at_least"]) == (40, 70)
    assert measures.standing(desk.study, rule=yes).is_met


def test_the_second_study_is_refused_as_too_many(quietly) -> None:
    other = Study.objects.exclude(pk=quietly.pk).get()
    colleague = other.colleagues.get()
    (one,) = hosting.of_study(desk=Desk(study=other, colleague=colleague))
    assert one.group.name == "After mpox" and one.host is None
    assert one.no_room == "This group has a study already."


def test_second_questions_wait_for_the_member_and_only_there(quietly) -> None:
    key_of = partial(keyed, cast_secret(DEMO_SIGN_IN))
    (task,) = rounds.waiting(key_of=key_of).tasks
    assert (task.wave.number, task.participant.group.name) == (2, "Living with bipolar")
    first = WaveTask.objects.get(participant=task.participant, wave__number=1)
    assert first.state == TaskState.DONE and first.responses.exists()


def test_there_is_an_analyst_who_sees_letters_that_say_nothing(quietly) -> None:
    roles = Counter(quietly.colleagues.values_list("role", flat=True))
    assert roles == {"lead": 1, "researcher": 1, "analyst": 1}
    analyst = quietly.colleagues.get(role="analyst")
    assert set(progress.letters(desk=Desk(study=quietly, colleague=analyst)).values()) == {"Y", "Z"}


def test_nobody_of_a_team_or_whom_a_visitor_can_be_answers_but_the_member(quietly) -> None:
    for key, handle in cast.PLAYED:
        group = Group.objects.get(name=content.names()[key])
        tag = bytes(Member.objects.get(group=group, personas__handle=handle).owner_tag)
        sources = Source.objects.filter(study=quietly, member__owner_tag=tag)
        assert sources.count() == ((key, handle) == study_people.FIRST)


def test_all_answers_to_consent_are_on_a_record_that_holds(quietly) -> None:
    consent.put_on_record()
    events = ConsentEvent.objects.filter(study=quietly, on_day__lt=consent.on_record_before())
    known = consents.on_record(study=quietly, act=consent.ACT)
    assert {consents.fingerprint(event) for event in events} <= known
    days = list(
        AuditEntry.objects.filter(chain__scope=quietly.public_id)
        .order_by("seq")
        .values_list("acted_on", flat=True)
    )
    assert days == sorted(days)


def test_what_is_written_in_bulk_is_what_the_actions_write(quietly) -> None:
    """Two parts in one group, both with the first round open today: one answers page by page, one in bulk."""
    group = Group.objects.get(name=content.names()["parents"])
    taking = []
    for nth in range(4):
        member = Member.objects.filter(group=group, role="member").order_by("pk")[nth]
        secret = bytes([nth]) * 32
        who = study.Someone(
            here=places.find(owner_tag=bytes(member.owner_tag), strong=True), key_of=partial(keyed, secret)
        )
        one = study_people.Answering(key="parents", who=who, nth=0, says_yes=True, days_ago=0)
        Source.objects.filter(study=quietly, member=member).delete()
        study_people._says(quietly.public_id, one)
        taking.append(one)
    rows = []
    for pages, (really, bulk) in [(None, taking[:2]), (1, taking[2:])]:
        study_people.answer_really(
            sid=quietly.public_id, here=really.here, key_of=really.who.key_of, number=1, pages=pages
        )
        made = study_people.in_bulk(quietly.public_id, bulk, number=1, on=0, pages=pages)
        Response.objects.bulk_create(made)
        rows.append([written(quietly, one) for one in (really, bulk)])
    for one, other in rows:
        assert one == other
        assert len(one[1]) >= 4


def written(quietly: Study, one: study_people.Answering) -> tuple[tuple, list[tuple]]:
    ref = f"{quietly.public_id}|{one.here.group.public_id}"
    task = WaveTask.objects.get(participant__key=one.who.key_of("participant", ref), wave__number=1)
    fields = ("instrument", "item", "value", "sealed", "missing", "study_day")
    answers = task.responses.order_by("instrument", "item").values_list(*fields)
    return (task.state, task.opens_on, task.closes_on, task.done_on), list(answers)


def test_a_researcher_is_seen_in_one_group_keeps_six_notes_and_asked_three_people(desk) -> None:
    group = Group.objects.get(name="Living with bipolar")
    (watch,) = presence.watch(group)
    assert (watch.title, watch.names) == ("Asking quietly", ["Plain Notebook"])
    assert len(notes.written(desk=desk)) == 6
    asked = quotes.of_study(desk=desk)
    assert Counter(one.ask.answer for one in asked) == {"reworded": 1, "no": 1, "waiting": 1}
    assert [one.quote for one in asked if one.quote] == [
        "I become sure that I am right, whatever it is about."
    ]
    key_of = partial(keyed, cast_secret(DEMO_SIGN_IN))
    own = consents.own(sid=desk.study.public_id, group=group, key_of=key_of)
    assert [one.ask.answer for one in quotes.own(part=own)] == ["waiting"]


def test_no_note_of_the_demo_tells_what_one_name_for_one_talk_did() -> None:
    """Which one-thread names say yes to a study nobody can know: so a note of a team says nothing of single ones."""
    for note in study.tables()["field"]["notes"]:
        assert "under a name for one talk" not in note["text"]


def test_what_stands_on_the_record_has_the_days_that_the_pages_tell(quietly) -> None:
    """Files asked for two days ago and one, somebody in her seat since the first week: not all of it today."""
    rows = AuditEntry.objects.filter(chain__scope=quietly.public_id).order_by("seq")
    ago = {act: [(clock.today() - day).days for day in rows.filter(act=act).values_list("acted_on", flat=True)]
           for act in ("file asked for", "researcher sat down", "room opened")}  # fmt: skip
    assert ago == {"file asked for": [2, 1], "researcher sat down": [28], "room opened": [12]}
    asked = sorted(quietly.exports.values_list("asked_on", flat=True))
    assert [(clock.today() - day).days for day in asked] == ago["file asked for"]


def test_a_colleague_has_a_sign_in_of_their_own_and_the_file_that_waits(quietly, desk) -> None:
    """Nobody lets their own go, so a visitor has to be two people in turn."""
    secret = cast_secret("demo-colleague")
    sid = quietly.public_id
    tom = desks.find(sid=sid, key=sealing.tag(key=secret, parts=(desks.KIND, sid)))
    assert tom.colleague.label == "Tom Ade"
    (waits,) = [one for one in files.of_study(desk=tom) if one.export.state == ExportState.WAITING]
    assert waits.is_mine and not waits.may["decide"]


def test_one_group_has_room_for_a_study_of_a_visitors_own(quietly) -> None:
    other = Study.objects.exclude(pk=quietly.pk).get()
    free = [group.name for group in Group.objects.all() if not hosting.no_room(group, study=other)]
    assert free == ["Type 1 diabetes"]


@pytest.mark.parametrize(("second", "shown", "left"), [(0, 0, 30), (17, 0, 13), (19, 1, 41), (29, 1, 31)])
def test_a_code_that_is_printed_can_still_be_typed(monkeypatch, capsys, second, shown, left) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_700_000_010 + second)  # the first second of a code
    call_command("democode")
    assert capsys.readouterr().out.startswith(f"{cast.codes()[shown]}  (for {left} more seconds)")


# --- the door -------------------------------------------------------------------------------------------------------
@pytest.mark.urls("tests.config.demos")
def test_the_door_leads_to_how_far_people_are_and_says_what_it_cannot_do(quietly) -> None:
    client = Client()
    page = client.get("/demo/").content.decode()
    assert "Look around as a researcher" in page and "no answer points to a member" in page
    assert "the counts here change" not in page and "The counts here are made once a day" in page
    went = client.post(f"/demo/researcher/?next=/research/{quietly.public_id}/progress/")
    assert (went.status_code, went["Location"]) == (302, f"/research/{quietly.public_id}/progress/")
    shown = client.get(went["Location"]).content.decode()
    assert all(f"about {n}" in shown for n in (110, 65, 30)) and "Not counted yet" not in shown
    assert f"/research/{quietly.public_id}/progress/".replace("/", "%2F") in page


def test_the_papers_and_what_people_read_name_the_one_archive(desk) -> None:
    (name,) = reading.settings_of(desk.study)["outside"]
    documents = [one.body for one in desk.study.documents.all()]
    assert documents and all(one["outside"] == [name] for one in documents)
    assert all(name in " ".join(line["answer"] for line in one["about"]) for one in documents)


def test_one_file_waits_for_the_second_person_and_one_was_refused(desk, client: Client) -> None:
    found = {one.export.state: one for one in files.of_study(desk=desk)}
    waits, refused = found[ExportState.WAITING], found[ExportState.REFUSED]
    assert waits.may["decide"] and waits.asked_by == "Tom Ade" and waits.export.people >= 50
    assert refused.is_mine and {what for _file, _line, what, *_message in refused.export.found} == {"phone"}
    assert exports.decide(desk=desk, fid=waits.export.public_id, is_yes=True)
    assert exports.fetch(desk=desk, fid=waits.export.public_id)
