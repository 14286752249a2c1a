"""PostgreSQL writes into a locked row which transaction locked it. What is written without a name, or under a
one-thread name, carries that number too: no row of a member may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection, transaction

from chat.actions import reactions, reading
from chat.enums import ReactionKind
from chat.models import ReadMark
from chat.policies import Face
from community.models import Member
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import report
from tests.people import Cast, Person, make_cast, make_thread

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
Act = Callable[[Cast, Person], object]


def _says_once(cast: Cast, person: Person) -> None:
    thread = make_thread(cast.harbour)
    sign_as_alias(person, thread)
    send(person, thread, "Nobody knows that I say this.", key_for_alias=alias_key(person, thread))


def _is_kind(cast: Cast, person: Person) -> None:
    post = send(cast.bob, make_thread(cast.harbour))
    face = Face(here=person.here(cast.harbour))
    reactions.react(face=face, post=post, kind=ReactionKind.SAME_HERE, key_of=person.keyed)


def _reads(cast: Cast, person: Person) -> None:
    post = send(cast.bob, make_thread(cast.harbour))
    reading.mark_read(here=person.here(cast.harbour), thread=post.thread, key_of=person.keyed, seq=1)


def _reports(cast: Cast, person: Person) -> None:
    report(person, send(cast.bob, make_thread(cast.harbour)))


def _tied(member: Member) -> set[str]:
    """The tables with a row whose writer locked the row of this member, or wrote it."""
    table, found = Member._meta.db_table, set[str]()
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model is Member or not model._meta.managed:
                continue
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} AS one JOIN {table} AS member"  # noqa: S608 our own names
                " ON one.xmin::text IN (member.xmin::text, member.xmax::text) WHERE member.id = %s",
                [member.pk],
            )
            if cursor.fetchone()[0]:
                found.add(model.__name__)
    return found


@pytest.mark.parametrize("act", [_says_once, _is_kind, _reads, _reports])
def test_no_act_leaves_its_number_with_the_member_whose_it_was(act: Act) -> None:
    cast = make_cast()
    member = Member.objects.get(owner_tag=cast.alice.tag(cast.harbour))
    before = _tied(member)  # whoever made the cast wrote all of it at once
    act(cast, cast.alice)
    assert _tied(member) <= before


def test_a_lock_of_the_row_would_be_seen() -> None:
    """The control."""
    cast = make_cast()
    member = Member.objects.get(owner_tag=cast.alice.tag(cast.harbour))
    before = _tied(member)
    with transaction.atomic():
        Member.objects.select_for_update(no_key=True).get(pk=member.pk)
        ReadMark.objects.create(key=b"k" * 32, seq=1)
    assert "ReadMark" in _tied(member) - before
