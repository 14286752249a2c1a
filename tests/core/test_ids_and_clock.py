"""Ids are random and typeable; the clock can be held."""

from __future__ import annotations

import datetime as dt
import threading

import pytest

from core import clock, ids


def test_keys_fit_their_column_and_do_not_repeat() -> None:
    keys = [ids.new_key() for _ in range(2000)]
    assert len(set(keys)) == len(keys)
    assert all(0 < key < 2**63 for key in keys)
    assert max(key.bit_length() for key in keys) == 63


def test_ids_for_addresses_use_no_letters_that_look_alike() -> None:
    public = [ids.new_public_id() for _ in range(2000)]
    assert len(set(public)) == len(public)
    assert {len(one) for one in public} == {ids.PUBLIC_ID_LENGTH}
    assert not set("".join(public)) & set("0O1lI")
    assert set("".join(public)) == set(ids.ALPHABET)


def test_codes_that_people_type_are_long_enough_to_be_hard_to_guess() -> None:
    code = ids.new_code()
    assert len(code) == 12  # 31^12 > 2^59
    assert code == code.upper()
    assert not set("".join(ids.new_code() for _ in range(500))) & set("0O1LI")


def test_the_clock_is_in_utc_and_can_be_held_in_one_place_only() -> None:
    moment = dt.datetime(2026, 3, 9, 23, 59, tzinfo=dt.UTC)
    elsewhere: list[dt.datetime] = []
    with clock.held_at(moment):
        assert (clock.now(), clock.today(), clock.this_month()) == (
            moment,
            dt.date(2026, 3, 9),
            dt.date(2026, 3, 1),
        )
        thread = threading.Thread(target=lambda: elsewhere.append(clock.now()))
        thread.start()
        thread.join()
    assert elsewhere[0] != moment
    assert clock.now() != moment
    assert clock.now().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(("minute", "second", "hour"), [(0, 0, 12), (0, 1, 13), (30, 0, 13), (59, 59, 13)])
def test_a_full_hour_is_never_before_its_moment(minute: int, second: int, hour: int) -> None:
    moment = dt.datetime(2026, 11, 22, 12, minute, second, tzinfo=dt.UTC)
    assert clock.full_hour(moment) == dt.datetime(2026, 11, 22, hour, tzinfo=dt.UTC)
