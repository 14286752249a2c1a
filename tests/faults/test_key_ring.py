"""The key ring is damaged, gone or not writable: a plain answer, nothing stored, no new ring in its place."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Account, Lock
from core import keyring
from tests.accounts import journeys
from tests.faults.scene import is_calm_page

pytestmark = pytest.mark.django_db


def _damage(ring: Path) -> None:
    ring.write_text('{"2026-01": "half a ke')


def _lose(ring: Path) -> None:
    ring.unlink()


def _replace_with_a_folder(ring: Path) -> None:
    ring.unlink()
    ring.mkdir()


BREAKING = [_damage, _lose, _replace_with_a_folder]


@pytest.fixture(params=BREAKING, ids=lambda way: way.__name__)
def broken(request: pytest.FixtureRequest) -> Callable[[Path], None]:
    way: Callable[[Path], None] = request.param
    return way


@pytest.fixture
def ring(settings) -> Path:
    return Path(settings.KITH_KEY_RING)


def test_nobody_signs_up_halfway_or_is_told_their_passphrase_is_wrong(
    ring: Path, broken: Callable[[Path], None]
) -> None:
    known = journeys.settle(journeys.sign_up())
    whole = ring.read_text()
    before = (Account.objects.count(), Lock.objects.count())
    broken(ring)
    shape = sorted(path.name for path in ring.parent.iterdir())

    visitor = Client(raise_request_exception=False)
    page = visitor.get(visitor.post("/sign-up/", {"age": "adult"}).headers["Location"])
    typed = {"token": journeys.token_on(page), "new_passphrase": journeys.PASSPHRASE}
    html = is_calm_page(visitor.post("/sign-up/passphrase/", typed), status=503)
    assert journeys.PASSPHRASE not in html
    entering = journeys.sign_in(known.name, known.passphrase, client=Client(raise_request_exception=False))[1]
    is_calm_page(entering, status=503)
    assert (Account.objects.count(), Lock.objects.count()) == before
    assert sorted(path.name for path in ring.parent.iterdir()) == shape, "something was made in its place"

    if ring.is_dir():
        ring.rmdir()
    ring.write_text(whole)
    assert journeys.sign_in(known.name, known.passphrase)[1].status_code == 302


def test_a_ring_that_cannot_be_written_says_so_and_leaves_nothing(
    settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KITH_KEY_RING = "/dev/full/ring.json"
    with pytest.raises(keyring.RingAway), caplog.at_level(logging.ERROR):
        keyring.lasting_key()
    assert "KITH_KEY_RING" in caplog.text

    settings.KITH_KEY_RING = str(tmp_path / "own" / "ring.json")
    monkeypatch.setattr(keyring.os, "fsync", _no_room)
    with pytest.raises(keyring.RingAway):
        keyring.lasting_key()
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["ring.guard"]
    monkeypatch.undo()
    settings.KITH_KEY_RING = str(tmp_path / "own" / "ring.json")
    assert len(keyring.lasting_key()) == 32, "a ring that never was is no ring that was lost"


def _no_room(descriptor: int) -> None:
    raise OSError(28, "No space left on device")
