"""Locks and the month's key: the living are re-locked, old copies open nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.actions import locks
from accounts.models import Lock
from accounts.models.locks import LockKind
from core import clock, keyring
from tests.people import make_person

pytestmark = pytest.mark.django_db
PHRASE = "four lanterns by the gate"


@pytest.fixture
def month(monkeypatch):
    """Set which day it is."""

    def to(year: int, number: int) -> None:
        monkeypatch.setattr(clock, "now", lambda: dt.datetime(year, number, 3, tzinfo=dt.UTC))

    to(2026, 3)
    return to


@pytest.fixture
def person(month):
    made = make_person(name="anna")
    locks.lock(account=made.account, kind=LockKind.PASSPHRASE, secret=made.secret, phrase=PHRASE)
    return made


def opened(person) -> bytes | None:
    return locks.unlock(account=person.account, kind=LockKind.PASSPHRASE, phrase=PHRASE)


def test_a_lock_outlives_its_month_only_if_it_was_locked_again(person, month):
    copy = bytes(Lock.objects.get().sealed)
    month(2026, 4)
    assert opened(person) == person.secret
    locks.relock_all()
    keyring.destroy(epoch="2026-03")
    assert opened(person) == person.secret and Lock.objects.get().epoch == "2026-04"
    Lock.objects.update(sealed=copy, epoch="2026-03")  # an old backup, the right phrase
    assert opened(person) is None


def test_locking_again_never_undoes_a_new_passphrase(person, month):
    read_before = Lock.objects.select_related("account").get()
    month(2026, 4)
    locks.lock(account=person.account, kind=LockKind.PASSPHRASE, secret=person.secret, phrase="a newer one")
    locks.relock(row=read_before)
    found = locks.unlock(account=person.account, kind=LockKind.PASSPHRASE, phrase="a newer one")
    assert found == person.secret and opened(person) is None


def test_a_lock_opens_only_in_its_own_place(person):
    other = make_person(name="ben")
    Lock.objects.update(account=other.account)
    assert locks.unlock(account=other.account, kind=LockKind.PASSPHRASE, phrase=PHRASE) is None
    Lock.objects.update(account=person.account, kind=LockKind.WORDS)
    assert locks.unlock(account=person.account, kind=LockKind.WORDS, phrase=PHRASE) is None


def test_confirming_without_waiting_words_changes_nothing(person):
    locks.lock(account=person.account, kind=LockKind.WORDS, secret=person.secret, phrase="one two")
    assert not locks.confirm_next_words(account=person.account, phrase="one two")
    assert locks.unlock(account=person.account, kind=LockKind.WORDS, phrase="one two") == person.secret


def test_one_lost_lock_does_not_keep_the_rest_from_being_locked_again(person, month):
    lost = make_person(name="ben")
    locks.lock(account=lost.account, kind=LockKind.PASSPHRASE, secret=lost.secret, phrase=PHRASE)
    Lock.objects.filter(account=lost.account).update(epoch="2020-01")
    month(2026, 4)
    locks.relock_all()
    assert Lock.objects.get(account=person.account).epoch == "2026-04"
    assert opened(person) == person.secret
