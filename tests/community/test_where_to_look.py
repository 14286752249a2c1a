"""Closing an account looks where something of one's own may be: nothing is missed, and other groups cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import facts
from accounts.actions import accounts
from chat.actions import reading
from community import linkage
from community.actions import erasing, leaving
from community.closing import _all_traces
from community.models import Group, JoinRequest, Leaver, Member
from community.selectors import yours
from moderation.enums import Act
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.moderation.judging import decide, report
from tests.people import Cast, Person, add, make_group, make_thread

pytestmark = pytest.mark.django_db
Does = Callable[[Cast, Group], Any]


class Carrier:
    """Somebody's own request, as linkage takes it."""

    def __init__(self, person: Person) -> None:
        self.user, self.session = person.account, person.client.session


def leave(cast: Cast, group: Group) -> None:
    leaving.leave_group(here=cast.alice.here(group), key_of=cast.alice.keyed)


def write_once_and_leave(cast: Cast, group: Group) -> None:
    """A one-thread name stays its owner's."""
    thread = make_thread(group)
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "Once", key_for_alias=alias_key(cast.alice, thread))
    leave(cast, group)


def report_and_leave(cast: Cast, group: Group) -> None:
    report(cast.alice, send(cast.bob, make_thread(group), "Unkind."))
    leave(cast, group)


def read_and_leave(cast: Cast, group: Group) -> None:
    thread = make_thread(group)
    send(cast.bob, thread)
    reading.mark_read(here=cast.alice.here(group), thread=thread, key_of=cast.alice.keyed, seq=1)
    leave(cast, group)


def be_told_and_leave(cast: Cast, group: Group) -> None:
    decide(cast.mona, report(cast.bob, send(cast.alice, make_thread(group), "Unkind.")).case, Act.HIDE)
    leave(cast, group)


def be_banned(cast: Cast, group: Group) -> None:
    decide(cast.mona, report(cast.bob, send(cast.alice, make_thread(group), "Unkind.")).case, Act.BAN)


def ask_to_join(cast: Cast, group: Group) -> None:
    Member.objects.filter(owner_tag=cast.alice.tag(group)).delete()
    JoinRequest.objects.create(
        group=group, owner_tag=cast.alice.tag(group), answer="Please.", accepted_version=1
    )


LIVES: list[Does] = [
    lambda cast, group: send(cast.alice, make_thread(group)), leave, write_once_and_leave, report_and_leave,
    read_and_leave, be_told_and_leave, be_banned, ask_to_join,
]  # fmt: skip


def found(person: Person) -> dict[str, tuple[Any, ...]]:
    """All that a closing would erase, by group."""
    with linkage.despite_limits():
        traces = _all_traces(Carrier(person))  # type: ignore[arg-type]
    return {
        one.owner.group: (one.counts, one.keys, one.faces, one.waiting, one.unseen, sorted(one.apart))
        for one in traces
    }


def note(person: Person) -> None:
    facts.write(account=person.account, secret=person.secret, sheet=facts.new())


@pytest.mark.parametrize("live", LIVES)
def test_nothing_is_missed_that_a_look_everywhere_finds(cast: Cast, live: Does) -> None:
    live(cast, cast.harbour)
    everywhere = found(cast.alice)
    assert not linkage.leaves_notes(Carrier(cast.alice))  # type: ignore[arg-type]
    note(cast.alice)
    assert linkage.leaves_notes(Carrier(cast.alice))  # type: ignore[arg-type]
    assert found(cast.alice) == everywhere
    assert cast.harbour.public_id in everywhere or live is leave


def test_groups_elsewhere_cost_no_query(cast: Cast) -> None:
    note(cast.alice)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(cast.alice)
        return len(asked)

    few = cost()
    for number in range(20):
        add(cast.bob, make_group(name=f"Elsewhere {number}"), handle="Tall Oak")
    assert cost() == few


def test_whoever_is_nowhere_is_asked_for_like_anybody(cast: Cast) -> None:
    """The same three queries, whatever they find."""
    for who in (cast.alice, cast.bob, cast.olga):
        tags = {group.public_id: who.tag(group) for group in Group.objects.all()}
        with CaptureQueriesContext(connection) as asked:
            yours.where_something_may_be(owner_tags=tags)
        assert len(asked) == 3


def test_an_account_that_is_made_now_notes_it_and_one_that_was_there_is_looked_for_everywhere(
    cast: Cast,
) -> None:
    made = accounts.create(name="calm-otter-7777", passphrase="a long walk by the river")
    assert facts.read(account=made.account, secret=made.secret) == facts.new()
    write_once_and_leave(cast, cast.harbour)
    Leaver.objects.all().delete()  # they left before it was noted
    assert cast.harbour.public_id in found(cast.alice)
    note(cast.alice)
    assert cast.harbour.public_id not in found(cast.alice), "so that the test can fail"


def test_a_replay_of_the_ledger_notes_it_too(cast: Cast) -> None:
    """In an older copy somebody is still there whom the ledger knows to have left."""
    send(cast.alice, make_thread(cast.harbour))
    leaving.forget_member_again(str(cast.alice.member(cast.harbour).pk))
    assert Leaver.objects.filter(key__in=list(yours.marks_of([cast.alice.tag(cast.harbour)]))).exists()


def test_no_row_says_who_left_or_where_and_the_last_act_takes_it(cast: Cast) -> None:
    tag = cast.alice.tag(cast.harbour)
    leave(cast, cast.harbour)
    (row,) = Leaver.objects.all()
    assert {field.name for field in Leaver._meta.fields} == {"id", "key"} and bytes(row.key) != tag
    erasing.end({"group": cast.harbour.public_id, "tag": tag.hex()})
    assert not Leaver.objects.exists()
