"""An older backup is restored: what was deleted since is gone again before anything is served, and nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from accounts.models import Session
from chat.actions import posts as posting
from chat.enums import PostState
from chat.models import Alias, Post
from community.actions import leaving
from community.models import Member
from config import gate
from config.models import Replayed
from core import ledger
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.people import Cast, make_cast, make_thread
from tests.privacy import backups

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "zanderblik"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def _serves() -> int:
    """The status of a first page, asked of a process that has just started."""
    answers: list[str] = []
    application = gate.wsgi(lambda _environ, start: start("200 OK", []) or [b""])
    application({}, lambda status, _headers: answers.append(status))
    return int(answers[0].split()[0])


def _deleted_since(cast: Cast, folder: Path) -> tuple[Path, Post]:
    """A backup, after which alice deletes a post, her one-thread name goes, and bob leaves. What stays: a post."""
    thread = make_thread(cast.harbour)
    kept = send(cast.alice, thread, "This stays.")
    gone = send(cast.alice, thread, f"One {SECRET} word")
    sign_as_alias(cast.lena, thread)
    send(cast.lena, thread, f"Another {SECRET} word", key_for_alias=alias_key(cast.lena, thread))
    backup = backups.make(folder)
    posting.delete_post(face=face(cast.alice, thread), post=gone)
    posting.erase_alias_posts_of(keys=[alias_key(cast.lena, thread)])
    leaving.forget_member(owner_tag=cast.bob.tag(cast.harbour))
    return backup, kept


def test_what_was_deleted_is_gone_again_and_other_groups_are_untouched(cast: Cast, tmp_path: Path) -> None:
    elsewhere = send(cast.alice, make_thread(cast.meadow), "In another group.")
    backup, kept = _deleted_since(cast, tmp_path / "backups")
    backups.restore(backup)
    assert Post.objects.filter(text__contains=SECRET).count() == 2, "an older copy holds it again"
    assert _serves() == 200
    assert not Post.objects.filter(text__contains=SECRET).exists()
    assert not Alias.objects.exclude(handle="").exists()
    assert not Member.objects.filter(owner_tag=cast.bob.tag(cast.harbour)).exists()
    shown = Post.objects.filter(state=PostState.SHOWN).values_list("text", flat=True)
    assert sorted(shown) == sorted([kept.text, elsewhere.text])
    assert cast.alice.here(cast.harbour).persona
    assert cast.alice.here(cast.meadow).persona
    assert not ledger.is_behind()


def test_no_session_is_in_a_backup(cast: Cast, tmp_path: Path) -> None:
    backups.restore(backups.make(tmp_path / "backups"))
    assert not Session.objects.exists()


def _lose(folder: Path) -> None:
    folder.rename(folder.with_name("aside"))


def _replace_with_a_file(folder: Path) -> None:
    folder.rename(folder.with_name("aside"))
    folder.write_text("in its place")


@pytest.mark.parametrize("breaking", [_lose, _replace_with_a_file])
def test_without_the_ledger_nothing_is_served(
    cast: Cast, tmp_path: Path, settings, breaking: Callable[[Path], None]
) -> None:
    posting.delete_post(
        face=face(cast.bob, thread := make_thread(cast.harbour)), post=send(cast.bob, thread)
    )  # an earlier one, which the backup knows of
    backup, _ = _deleted_since(cast, tmp_path / "backups")
    backups.restore(backup)
    folder = Path(settings.KITH_KEY_RING).with_name("erasures")
    breaking(folder)
    assert _serves() == 503
    with pytest.raises(CommandError):
        call_command("replay_erasures")
    assert Post.objects.filter(text__contains=SECRET).exists()
    if folder.is_dir():
        shutil.rmtree(folder)  # what a start may have begun
    else:
        folder.unlink()
    folder.with_name("aside").rename(folder)
    assert _serves() == 200
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_a_ledger_that_is_lost_can_be_begun_anew(cast: Cast, tmp_path: Path, settings) -> None:
    _deleted_since(cast, tmp_path / "backups")
    shutil.rmtree(Path(settings.KITH_KEY_RING).with_name("erasures"))
    assert _serves() == 503
    call_command("replay_erasures", "--ledger-is-lost")
    assert _serves() == 200


def test_the_command_replays_whatever_was_counted(cast: Cast, tmp_path: Path, capsys) -> None:
    backup, _ = _deleted_since(cast, tmp_path / "backups")
    backups.restore(backup)
    Replayed.objects.update_or_create(
        name="ledger", defaults={"lines": len(ledger._read())}
    )  # as if it knew all
    assert not ledger.is_behind()
    call_command("replay_erasures")
    assert capsys.readouterr().out == "Erased again: 4.\n"
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_a_process_asks_once(cast: Cast, django_assert_num_queries) -> None:
    application = gate.wsgi(lambda _environ, start: start("200 OK", []) or [b""])
    application({}, lambda *_: None)
    with django_assert_num_queries(0):
        application({}, lambda *_: None)


def test_pages_are_served_as_before(cast: Cast) -> None:
    assert Client().get("/").status_code == 200
