"""The fact sheet: sealed, of one size, and only for its owner."""

from __future__ import annotations

import pytest

from accounts import facts, keys
from accounts.errors import SheetFull
from accounts.models import FactSheet
from core import sealing
from tests.people import make_person

pytestmark = pytest.mark.django_db
NOTED = {"facts": {"region": "León"}}


def test_what_was_noted_comes_back_and_the_row_has_always_one_size():
    anna, ben = make_person(name="anna"), make_person(name="ben")
    facts.write(account=anna.account, secret=anna.secret, sheet={})
    empty = len(FactSheet.objects.get(account=anna.account).sealed)
    facts.write(account=anna.account, secret=anna.secret, sheet=NOTED)
    row = FactSheet.objects.get(account=anna.account)
    assert len(row.sealed) == empty and "León".encode() not in bytes(row.sealed)
    assert facts.read(account=anna.account, secret=anna.secret) == NOTED
    assert facts.read(account=ben.account, secret=ben.secret) == {}


def test_another_secret_or_another_row_opens_nothing():
    anna, ben = make_person(name="anna"), make_person(name="ben")
    facts.write(account=anna.account, secret=anna.secret, sheet=NOTED)
    with pytest.raises(sealing.SealBroken):
        facts.read(account=anna.account, secret=keys.new_secret())
    sealed = FactSheet.objects.get(account=anna.account).sealed
    FactSheet.objects.create(account=ben.account, sealed=sealed)
    with pytest.raises(sealing.SealBroken):
        facts.read(account=ben.account, secret=anna.secret)


def test_a_full_sheet_is_refused_and_the_old_one_stays():
    anna = make_person(name="anna")
    facts.write(account=anna.account, secret=anna.secret, sheet=NOTED)
    with pytest.raises(SheetFull):
        facts.write(account=anna.account, secret=anna.secret, sheet={"facts": ["x" * facts.SIZE]})
    assert facts.read(account=anna.account, secret=anna.secret) == NOTED
