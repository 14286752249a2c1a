"""Sealing fails closed, tags do not collide, keys tell no order."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from config import settings as real_settings
from core import ids, keyring, sealing


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_only_with_its_key_and_place(value: bytes) -> None:
    key = ids.new_secret()
    sealed = sealing.seal(key=key, value=value, place="here|1")
    assert sealing.unseal(key=key, sealed=sealed, place="here|1") == value
    for bad_key, bad_sealed, bad_place in [
        (ids.new_secret(), sealed, "here|1"),
        (key, sealed, "here|2"),
        (key, b"\x02" + sealed[1:], "here|1"),
        (key, sealed[:-1], "here|1"),
        (key, b"", "here|1"),
    ]:
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(key=bad_key, sealed=bad_sealed, place=bad_place)


def test_tags_of_different_lists_of_parts_differ() -> None:
    key = ids.new_secret()
    assert sealing.tag(key=key, parts=("ab", "c")) != sealing.tag(key=key, parts=("a", "bc"))


def test_a_destroyed_month_opens_nothing(tmp_path, settings, monkeypatch) -> None:
    monkeypatch.setattr(keyring, "current_epoch", lambda: "2026-01")
    before = keyring.key_of(epoch="2026-01")
    monkeypatch.setattr(keyring, "current_epoch", lambda: "2026-02")
    assert keyring.key_of(epoch="2026-01") == before
    keyring.destroy(epoch="2026-01")
    with pytest.raises(keyring.KeyGone):
        keyring.key_of(epoch="2026-01")
    with pytest.raises(ValueError, match="in use"):
        keyring.destroy(epoch="2026-02")


def test_a_key_that_is_added_while_another_is_destroyed_is_kept(tmp_path, settings, monkeypatch) -> None:
    settings.KITH_KEY_RING = str(tmp_path / "ring.json")
    keyring._add("2026-01")
    made: list[bytes] = []
    other = threading.Thread(target=lambda: made.append(keyring.key_of(epoch=keyring.current_epoch())))
    write = keyring._write

    def write_late(ring: dict[str, str]) -> None:
        if not other.ident:  # the ring was read: another meets a new month now
            other.start()
            other.join(timeout=0.5)
        write(ring)

    monkeypatch.setattr(keyring, "_write", write_late)
    keyring.destroy(epoch="2026-01")
    other.join()
    assert keyring.epochs() == [keyring.current_epoch()]
    assert made == [keyring.key_of(epoch=keyring.current_epoch())]


def test_where_nothing_is_to_be_destroyed_a_ring_can_still_be_begun(tmp_path, settings) -> None:
    settings.KITH_KEY_RING = str(tmp_path / "ring.json")
    keyring.destroy(epoch="2026-01")
    assert len(keyring.lasting_key()) == 32


@pytest.mark.sqlite
@pytest.mark.django_db
def test_on_sqlite_the_random_key_is_the_row_id() -> None:
    from django.apps import apps

    from core.models import RandomKeyModel

    tables = [model._meta.db_table for model in apps.get_models() if issubclass(model, RandomKeyModel)]
    assert tables
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'PRAGMA table_info("{table}")')
            declared = {row[1]: (row[2], row[5]) for row in cursor.fetchall()}
            assert (declared["id"][0].lower(), declared["id"][1]) == ("integer", 1), table


def test_several_derive_at_once_with_the_real_cost() -> None:
    made: list[bytes] = []
    with override_settings(KITH_ARGON2=real_settings.KITH_ARGON2):

        def derive() -> None:
            made.append(sealing.stretch(secret="seven quiet boats", salt=b"s" * 16))

        threads = [threading.Thread(target=derive, daemon=True) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
    assert len(made) == 4 and len(set(made)) == 1
