"""The demo's groups are whole: what the loader and the pages rely on."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from itertools import combinations

import pytest
from django.test import Client

from accounts.actions import accounts
from chat.models import Label, Post, Proposal, Statement, Thread
from chat.selectors import labels
from community import fact_kinds
from community.enums import RequestState
from community.models import Announcement, Group, JoinRequest, Shift
from community.presenters.badges import role_words
from community.selectors import badges, disclosures, library
from community.selectors import here as places
from config.demo import cast, content, load, rooms, scripted, shown, views
from moderation.automatic.worry import worried

GROUPS = content.groups()


@pytest.mark.parametrize("data", GROUPS, ids=lambda data: data["group"]["key"])
def test_a_group_is_whole(data) -> None:
    people = {person["handle"] for person in data["people"]}
    assert 0 <= rooms.tone_of(data["group"]["key"]) < 8
    assert len(data["threads"]) == 3
    for thread in data["threads"]:
        assert 12 <= len(thread["posts"]) <= 30
        assert set(thread["heads_ups"]) <= set(data["group"]["heads_ups"])
        ages = [post["days_ago"] for post in thread["posts"]]
        assert ages == sorted(ages, reverse=True)
        for post in thread["posts"]:
            assert "one_thread_name" in post or post["by"] in people
    codes = {rule["code"] for rule in data["charter"]["rules"]}
    assert {change["code"] for change in data["charter"]["changes"]} <= codes
    assert data["scripted"]["reply_by"] in people
    assert data["scripted"]["reply_thread"] in {thread["title"] for thread in data["threads"]}


def test_what_was_said_on_one_day_was_not_said_in_one_minute() -> None:
    for thread in [thread for data in GROUPS for thread in data["threads"]]:
        moments = content.moments_of(thread)
        pairs = list(itertools.pairwise(moments))
        assert len(moments) == len(thread["posts"]) and all(
            later - earlier > dt.timedelta(minutes=5) for earlier, later in pairs
        )
        days = [
            content.moment_of(post) - moment for post, moment in zip(thread["posts"], moments, strict=True)
        ]
        assert all(dt.timedelta(0) <= before < dt.timedelta(days=1) for before in days)


@pytest.mark.parametrize("data", GROUPS, ids=lambda data: data["group"]["key"])
def test_small_talk_puts_nobody_on_a_team_s_list(data) -> None:
    assert data["lively"]["lines"] and not [line for line in data["lively"]["lines"] if worried(line)]


def test_no_name_is_in_two_groups() -> None:
    names = [person["handle"] for data in GROUPS for person in data["people"]]
    assert len(names) == len(set(names))
    for key, handle in cast.PLAYED:
        data = next(data for data in GROUPS if data["group"]["key"] == key)
        assert handle in {person["handle"] for person in data["people"]}


def test_each_group_has_its_own_edge_colour() -> None:
    tones = [rooms.tone_of(data["group"]["key"]) for data in GROUPS]
    assert len(set(tones)) == 6


def test_the_groups_settle_names_each_in_its_own_way() -> None:
    policies = [rooms.policy_from(data["names"]) for data in GROUPS]
    assert all(policy != other for policy, other in combinations(policies, 2))
    assert {policy.times for policy in policies} == {"days", "hours"}
    assert {policy.one_thread for policy in policies} == {"available"}  # "first" is what the study tries
    for policy in policies:
        assert set(policy.fact_kinds) <= set(fact_kinds.kinds())


def test_the_moderators_of_dementia_carers_are_the_sign_ins() -> None:
    data = next(data for data in GROUPS if data["group"]["key"] == "dementia")
    moderators = {person["handle"] for person in data["people"] if person["role"] == "moderator"}
    played = {
        handle for (key, handle), name in cast.PLAYED.items() if key == "dementia" and "moderator" in name
    }
    assert played == moderators


@pytest.mark.parametrize("data", GROUPS, ids=lambda data: data["group"]["key"])
def test_a_promise_says_only_what_people_can_do(data) -> None:
    charter = data["charter"]
    said = [charter["easy_read"], charter["who_can_see"], *charter["what_it_is_not"]]
    said += [rule[part] for rule in charter["rules"] for part in ("text", "consequence") if part in rule]
    for sentence in [*said, data["group"]["research_policy"]]:
        assert not re.search(
            r"\b(we hide|we take (it|the post|the link) down|folds?|lose your place|only (be able to )?read|999|111)\b",
            sentence,
            re.IGNORECASE,
        ), sentence


def test_where_nobody_is_on_duty_no_promise_says_that_somebody_looks() -> None:
    for data in GROUPS:
        if not data["group"]["moderated"]:
            charter = data["charter"]
            said = [charter["who_can_see"], *(rule.get("consequence", "") for rule in charter["rules"])]
            said += [person["about"] for person in data["people"]]
            assert not re.search(r"\blooks? in\b|most days", " ".join(said)), data["group"]["key"]


def test_two_answers_in_one_group_are_never_the_same_words(monkeypatch) -> None:
    monkeypatch.setattr(scripted, "_said", {})
    for data in GROUPS:
        key, replies = data["group"]["key"], data["scripted"]["replies"]
        said = [scripted._other_words(key, replies) for _ in range(3 * len(replies))]
        assert set(said[: len(replies)]) == set(replies)
        assert all(one != other for one, other in itertools.pairwise(said))


def test_it_loads_with_shifts_requests_and_moderators_who_can_sign_in(ring, db, settings) -> None:
    settings.KITH_KEY_RING = ring
    group = Group.objects.get(name="Dementia carers")
    handles = {shift.member.personas.get().handle for shift in Shift.objects.filter(group=group)}
    assert handles == {"Mossy Ledger", "Steady Finch"}
    assert JoinRequest.objects.filter(group=group, state=RequestState.WAITING).count() == 3
    opened = accounts.prove(name="demo-moderator", passphrase=cast.PASSPHRASE)
    here = places.find(owner_tag=cast.owner_tag(opened.secret, group.public_id), strong=True)
    assert here.is_team and here.persona.handle == "Mossy Ledger"
    assert labels.how_many_wait(here) == 1
    assert library.how_many_wait(here) == 2
    assert badges.how_many_wait(here, key_of=lambda *_: b"") == 1
    assert {role_words(one) for one in badges.worn()} == {
        "nurse",
        "trained volunteer for a local carers' charity, unpaid",
    }
    assert Post.objects.filter(for_self=True).count() == 1
    assert [(one.behind, bool(one.answered_on)) for one in Announcement.objects.exclude(for_whom="")] == [
        ("10", True)
    ]
    assert Statement.objects.get().agreed == 6
    assert {label.kind for label in Label.objects.all()} == {
        "needs_source",
        "guidance",
        "experience",
        "reviewed",
    }
    assert [one.is_open for one in Proposal.objects.filter(thread__group=group)] == [True]
    assert [one.waits for one in Proposal.objects.exclude(thread__group=group)] == [True]
    led = Group.objects.get(name="Type 1 diabetes")
    opened = accounts.prove(name="demo-moderator-2", passphrase=cast.PASSPHRASE)
    assert places.find(owner_tag=cast.owner_tag(opened.secret, led.public_id), strong=True).is_lead


@pytest.mark.parametrize("data", GROUPS, ids=lambda data: data["group"]["key"])
def test_what_people_show_is_in_the_catalogue_and_they_use_their_names(data) -> None:
    written = [post for thread in data["threads"] for post in thread["posts"]]
    former = {post["by"] for post in written if post.get("former_name")}
    handles = {person["handle"] for person in data["people"]}
    found = shown.people(data["group"]["key"])
    assert found and set(found) <= handles - former
    assert all(disclosures.is_step(one) for details in found.values() for one in details)


def test_what_the_demo_member_noted_is_in_the_catalogue_and_fits_what_they_show() -> None:
    kinds, noted = fact_kinds.kinds(), shown.noted({key: key for key in content.names()})
    assert all(kinds[slot.split("@")[0]].steps(answer) for slot, answer in noted.items())
    for key, handle in [("bipolar", "Grey Willow"), ("dementia", "Quiet Lantern")]:
        for detail in shown.people(key)[handle]:
            kind = kinds[detail.kind]
            assert detail.path in [step.path for step in kind.steps(noted[kind.noted_as(gid=key)])]


def test_what_make_run_prints_names_each_door() -> None:
    """Those of /demo/, each of which has a view that signs somebody in."""
    line = load.welcome(port=9000).splitlines()[0]
    doors = [name.removeprefix("as_") for name in vars(views) if name.startswith("as_")]
    assert "http://localhost:9000/demo/" in line and len(doors) == 3
    assert not [one for one in doors if f"a {one}" not in line]


@pytest.mark.urls("tests.config.demos")
def test_a_visitor_has_opened_the_talks_that_they_wrote_in(ring, db, settings) -> None:
    settings.KITH_KEY_RING = ring
    client = Client()
    client.post("/demo/member/")
    for (key, handle), played in cast.PLAYED.items():
        if played != "demo-member":
            continue
        group = Group.objects.get(name=content.names()[key])
        rows = client.get(f"/g/{group.public_id}/").content.decode().split('<li class="thread-row')[1:]
        opened = {row.split("/t/")[1].split("/")[0] for row in rows if "not opened yet" not in row}
        wrote = Thread.objects.filter(bylines__persona__handle=handle, group=group)
        assert rows and {thread.public_id for thread in wrote} == opened, key
