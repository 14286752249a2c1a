"""Queries that are written once answer as the queryset would, whatever the values."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from community.models import Badge, Group, Member, Persona
from core import clock
from core.prepared import MOST, Prepared
from tests.people import Cast


def test_rows_are_those_of_the_queryset_and_follow_what_is_given(cast: Cast) -> None:
    of_tag = Prepared(lambda tag: Member.objects.select_related("group").filter(owner_tag=tag))
    for person, group in ((cast.alice, cast.harbour), (cast.bob, cast.harbour), (cast.olga, cast.harbour)):
        tag = person.tag(group)
        expected = list(Member.objects.filter(owner_tag=tag))
        with CaptureQueriesContext(connection) as asked:
            found = of_tag(tag=tag)
            assert [one.group.name for one in found] == [one.group.name for one in expected][: len(found)]
        assert found == expected
        assert len(asked) == 1 + len(expected)  # the group came with the row; only `expected` asked for it


def test_values_come_as_values(cast: Cast) -> None:
    named = Prepared(
        lambda group: Persona.objects.filter(group=group).order_by("handle").values_list("handle", "pk")
    )
    alone = Prepared(
        lambda group: Persona.objects.filter(group=group).order_by("pk").values_list("pk", flat=True)
    )
    rows = Persona.objects.filter(group=cast.harbour)
    assert rows.exists()
    assert named(group=cast.harbour.pk) == list(rows.order_by("handle").values_list("handle", "pk"))
    assert alone(group=cast.harbour.pk) == list(rows.order_by("pk").values_list("pk", flat=True))
    assert alone.first(group=cast.harbour.pk) == rows.order_by("pk").values_list("pk", flat=True).first()
    assert alone.first(group=0) is None


@pytest.mark.parametrize("many", [0, 1, 2, MOST, MOST + 1])
def test_a_list_may_have_any_length(cast: Cast, many: int) -> None:
    among = Prepared(lambda groups: Group.objects.filter(pk__in=groups).order_by("pk"))
    every = list(Group.objects.order_by("pk"))
    asked = [*(one.pk for one in every), *range(1, MOST)][:many]
    for _ in range(2):
        assert among(groups=asked) == [one for one in every if one.pk in asked]


def test_either_of_two(cast: Cast) -> None:
    either = Prepared(
        lambda group, tag: Member.objects.filter(Q(group=group) | Q(owner_tag=tag)).order_by("pk")
    )
    tag = cast.alice.tag(cast.harbour)
    alone = list(Member.objects.filter(owner_tag=tag))
    assert len(alone) == 1
    assert either(group=0, tag=tag) == alone
    assert (
        len(either(group=cast.harbour.pk, tag=tag)) == Member.objects.filter(group=cast.harbour).count() > 1
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda group: Badge.objects.filter(member__group=group, expires_on__gte=clock.today()),
        lambda group: Member.objects.filter(group=group, left_month=clock.this_month()),
        lambda group: Member.objects.filter(group=group, owner_tag=b"x" * 32),
        lambda group: Member.objects.filter(group=group).prefetch_related("badges"),
    ],
    ids=["a day", "a month", "a key", "rows beside the rows"],
)
def test_what_would_stay_as_it_was_is_refused(cast: Cast, make: Any) -> None:
    with pytest.raises(TypeError):
        Prepared(make)(group=cast.harbour.pk)


def test_a_query_is_written_once(cast: Cast) -> None:
    made: list[Any] = []

    def make(group: Any) -> Any:
        made.append(group)
        return Member.objects.filter(group=group)

    counted = Prepared(make)
    assert len(counted(group=cast.harbour.pk)) > len(counted(group=0)) == 0
    assert len(made) == 1


def test_nothing_of_whoever_asked_first_stays_in_memory(cast: Cast) -> None:
    of_tags = Prepared(lambda tag, more: Member.objects.filter(Q(owner_tag=tag) | Q(owner_tag__in=more)))
    tag, other = cast.alice.tag(cast.harbour), cast.bob.tag(cast.harbour)
    assert len(of_tags(tag=tag, more=[other])) == 2
    (written,) = of_tags._known.values()
    assert written is not None and len(written._params) == 2
    kept = [*gc.get_referents(*written._params), *(vars(one) for one in written._params)]
    assert not any(value in repr(one) for one in kept for value in (repr(tag), repr(other)))


@pytest.mark.postgres
@pytest.mark.django_db
def test_the_server_plans_once_what_is_asked_often_and_no_value_stands_in_it() -> None:
    named = Prepared(lambda words: Group.objects.filter(name=words))
    for number in range(10):
        assert named(words=f"Quiet Harbour {number}") == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [said for (said,) in cursor.fetchall() if "community_group" in said]
    assert kept and not any("Quiet Harbour" in said for said in kept)


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_list_may_be_longer_than_what_the_server_takes_beside_a_statement() -> None:
    assert not Group.objects.filter(pk__in=range(1, 70_000)).exists()
