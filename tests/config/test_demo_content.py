"""The demo's groups are whole: what the loader and the pages rely on."""

from __future__ import annotations

import pytest

from config.demo import cast, content, rooms

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


def test_no_name_is_in_two_groups() -> None:
    names = [person["handle"] for data in GROUPS for person in data["people"]]
    assert len(names) == len(set(names))
    for key, handle in cast.PLAYED:
        data = next(data for data in GROUPS if data["group"]["key"] == key)
        assert handle in {person["handle"] for person in data["people"]}


def test_each_group_has_its_own_edge_colour() -> None:
    tones = [rooms.tone_of(data["group"]["key"]) for data in GROUPS]
    assert len(set(tones)) == 6
