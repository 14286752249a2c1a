"""The record: what it takes and refuses, that it is only added to, and that its order has no gap and no double."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from audit import actions, selectors, verification
from audit.errors import NotForTheRecord, NotInTransaction
from audit.models import AuditEntry, AuditPayload, Chain
from core import forgetting, ledger
from tests import emptying
from tests.audit.acts import SCOPE, TABLES, act, acts, run

pytestmark = pytest.mark.django_db(transaction=True)


# --- what it refuses ------------------------------------------------------------------------------------------------
def test_no_entry_outside_of_the_transaction_of_its_act() -> None:
    with pytest.raises(NotInTransaction):
        actions.append(scope=SCOPE, act="hide post", actor_role="moderator", payload={})
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [
        {"scope": "../etc"},
        {"scope": ""},
        {"act": "Hide"},
        {"act": "a\nb"},
        {"actor_role": "Anna K."},
        {"ref": "a" * 64},  # as long as a tag or a digest in hex
        {"ref": "a b"},
        {"payload": {"share": 0.5}},
        {"payload": {"tag": b"raw"}},
        {"payload": {1: "one"}},
    ],
    ids=str,
)
def test_what_could_name_somebody_or_has_no_one_form_is_refused(odd: dict) -> None:
    with pytest.raises(NotForTheRecord):
        act(**odd)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET act = 'nothing'",
        "UPDATE audit_auditentry SET seq = seq + 5",
        "DELETE FROM audit_auditentry",
        "UPDATE audit_auditpayload SET payload = '{}'",
        "UPDATE audit_chain SET head_seq = head_seq - 1",
        "UPDATE audit_chain SET head_seq = head_seq + 2",
        "UPDATE audit_chain SET signed_seq = signed_seq - 1",
        "UPDATE audit_chain SET head_on = '2026-01-01'",
        "UPDATE audit_chain SET scope = 'other'",
        "DELETE FROM audit_chain",
        *(f"TRUNCATE {table} CASCADE" for table in TABLES if connection.vendor == "postgresql"),
        *(
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"  # noqa: S608 names from our own models
            for table in TABLES
            if connection.vendor == "sqlite"
        ),
    ],
)
def test_the_database_refuses_to_change_the_record(statement: str) -> None:
    acts(3)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        run(statement)
    assert verification.verify(scope=SCOPE).faults == []
    assert AuditPayload.objects.count() == 3


# --- what it holds ----------------------------------------------------------------------------------------------------
def test_an_act_is_an_entry_with_a_day_and_no_more() -> None:
    entry = act(day=5)
    entry.refresh_from_db()
    assert (entry.seq, entry.act, entry.actor_role, str(entry.acted_on)) == (
        1,
        "hide post",
        "moderator",
        "2026-03-05",
    )
    assert entry.kept.payload == '{"rule":"3","why":"é"}'


def test_an_act_that_is_rolled_back_leaves_no_entry_and_no_gap() -> None:
    act()
    with pytest.raises(RuntimeError), transaction.atomic():
        act()
        raise RuntimeError
    assert act().seq == 2
    assert Chain.objects.get().head_seq == 2


def test_a_clock_that_was_put_back_does_not_turn_the_days_around() -> None:
    act(day=9)
    assert str(act(day=4).acted_on) == "2026-03-09"


def test_each_scope_has_a_chain_of_its_own() -> None:
    assert [act(scope=scope).seq for scope in ("site", SCOPE, "site")] == [1, 1, 2]


def test_many_at_once_are_in_order_without_gap_or_double() -> None:
    broken: list[BaseException] = []

    def press() -> None:
        try:
            for _ in range(15):
                act()
        except BaseException as error:
            broken.append(error)
        finally:
            connections.close_all()

    hands = [threading.Thread(target=press) for _ in range(6)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(timeout=120)
    assert broken == []
    assert list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 91))
    assert verification.verify(scope=SCOPE).faults == []


def test_words_can_be_erased_and_the_chain_still_holds() -> None:
    entry = acts(3)[1]
    actions.erase_words(entry=entry)
    verdict = verification.verify(scope=SCOPE)
    assert (verdict.faults, verdict.erased, AuditPayload.objects.count()) == ([], 1, 2)


def test_erased_words_that_a_restore_brings_back_are_erased_again() -> None:
    entry = acts(3)[1]
    kept = AuditPayload.objects.get(entry=entry)
    actions.erase_words(entry=entry)
    kept.save(force_insert=True)
    assert ledger.replay() == 1
    assert not AuditPayload.objects.filter(entry=entry).exists()


def test_forgetting_the_order_of_rows_leaves_the_record_as_it_is() -> None:
    acts(12)
    forgetting.order()
    assert verification.verify(scope=SCOPE).faults == []


def test_emptying_after_a_test_takes_the_record_too_and_then_it_refuses_again() -> None:
    acts(2)
    emptying.empty()
    assert not AuditEntry.objects.exists()
    act()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()


# --- showing it -------------------------------------------------------------------------------------------------------
def test_entries_are_shown_newest_first_and_page_by_page(django_assert_num_queries) -> None:
    actions.erase_words(entry=acts(7)[5])
    with django_assert_num_queries(1):
        first = selectors.entries(scope=SCOPE, limit=3)
        said = [(entry.seq, getattr(entry, "kept", None) is None) for entry in first]
    assert said == [(7, False), (6, True), (5, False)]
    assert [entry.seq for entry in selectors.entries(scope=SCOPE, before=5, limit=9)] == [4, 3, 2, 1]


def test_an_act_costs_five_statements(django_assert_num_queries) -> None:
    act()
    with transaction.atomic(), django_assert_num_queries(5):
        actions.append(scope=SCOPE, act="hide post", actor_role="moderator", payload={})
