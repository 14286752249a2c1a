"""`in` of many tags answers as Django's own does, and goes to the database as it is."""

from __future__ import annotations

import os

import pytest
from django.db import connection
from django.db.models import Q

from community.models import Group, Member
from core import sealing
from tests.people import make_group

MANY = 5_000


@pytest.fixture
def members(db: None) -> list[bytes]:
    """Three members of a group, by their tags."""
    group: Group = make_group(name="harbour")
    return [
        bytes(Member.objects.create(group=group, owner_tag=os.urandom(32), accepted_version=1).owner_tag)
        for _ in range(3)
    ]


def test_finds_what_is_there(members: list[bytes]) -> None:
    others = [os.urandom(32) for _ in range(MANY)]
    some = [*others, members[0], members[2], members[2]]
    assert _tags(owner_tag__in=some) == sorted([members[0], members[2]])
    assert _tags(owner_tag__in=others) == _tags(owner_tag__in=[]) == []
    assert _tags(owner_tag__in=[memoryview(members[1])]) == [members[1]]
    left = Member.objects.exclude(owner_tag__in=some).values_list("owner_tag", flat=True)
    assert [bytes(one) for one in left] == [members[1]]
    assert Member.objects.filter(Q(owner_tag__in=some) | Q(pk__in=[])).count() == 2


def test_tags_with_any_bytes_are_found(members: list[bytes]) -> None:
    """What has a meaning in a list of PostgreSQL or in its text: quotes, commas, braces, backslashes, zeros."""
    odd = b"\x00\"\\,{}%s'\xff".ljust(32, b"\\")
    Member.objects.filter(owner_tag=members[0]).update(owner_tag=odd)
    assert _tags(owner_tag__in=[odd]) == [odd]


def test_all_tags_are_one_value_on_postgresql(db: None) -> None:
    _, params = Member.objects.filter(owner_tag__in=[b"1", b"2", b"3"]).query.sql_with_params()
    assert len(params) == (1 if connection.vendor == "postgresql" else 3)


def test_tags_for_many_are_those_for_one() -> None:
    key, refs = os.urandom(32), ["a", "harbour", "ü" * 300]
    found = sealing.tags(key=key, kind="member", refs=refs)
    assert found == [sealing.tag(key=key, parts=("member", ref)) for ref in refs]


def _tags(**asked: object) -> list[bytes]:
    return sorted(bytes(tag) for tag in Member.objects.filter(**asked).values_list("owner_tag", flat=True))
