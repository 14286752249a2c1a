"""An older backup is restored: what was deleted since is gone again before anything is served, and nothing else is."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.wsgi import get_wsgi_application
from django.test import Client, RequestFactory

from accounts.actions import closing
from accounts.models import Account, Session
from chat.actions import posts as posting
from chat.enums import PostState
from chat.models import Alias, Post
from community.actions import due, leaving
from community.models import DueAct, Member, Standing
from config import gate
from config.models import Replayed
from core import clock, ledger
from moderation.enums import Act
from moderation.models import Case
from tests.accounts import journeys
from tests.chat.saying import alias_key, face, send, sign_as_alias
from tests.moderation.judging import decide, report
from tests.people import Cast, Person, make_cast, make_thread, sign_in
from tests.privacy import backups

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "zanderblik"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def serves() -> int:
    """The status of a first page, asked of a process that has just started."""
    answers: list[str] = []
    environ = RequestFactory().get("/sign-in/").environ
    application = gate.wsgi(get_wsgi_application())
    application(environ, lambda status, _headers: answers.append(status)).close()
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
    assert serves() == 200
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


def close_account(person: Person) -> None:
    assert "Your account is closed" in journeys.close_account(person)


def pass_days(days: int) -> None:
    """Do what falls due within so many days from today, each at its moment."""
    end = clock.now() + dt.timedelta(days=days)
    moments = [moment for moment in DueAct.objects.values_list("due_at", flat=True) if moment < end]
    for moment in sorted([*moments, end]):
        with clock.held_at(moment):
            due.do_due()
            closing.finish()


def test_an_account_that_was_closed_since_is_closed_again_and_goes(cast: Cast, tmp_path: Path) -> None:
    send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")
    send(cast.alice, make_thread(cast.meadow), f"Another {SECRET} word")
    backup = backups.make(tmp_path / "backups")
    close_account(cast.alice)
    waited = sorted(DueAct.objects.values_list("pk", "due_at"))
    backups.restore(backup)
    assert not DueAct.objects.exists()
    assert serves() == 200
    assert sorted(DueAct.objects.values_list("pk", "due_at")) == [
        (pk, due_at.replace(microsecond=0)) for pk, due_at in waited
    ]
    assert [account.pk for account in Account.objects.exclude(closing_at=None)] == [cast.alice.account.pk]
    pass_days(20)
    assert not Account.objects.filter(pk=cast.alice.account.pk).exists()
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_an_account_that_was_deleted_since_is_gone_and_its_groups_go_on_being_erased(
    cast: Cast, tmp_path: Path
) -> None:
    send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")
    send(cast.alice, make_thread(cast.meadow), f"Another {SECRET} word")
    backup = backups.make(tmp_path / "backups")
    close_account(cast.alice)
    for moment in sorted(DueAct.objects.values_list("due_at", flat=True)):
        with clock.held_at(moment):
            due.do_due()
            closing.finish()
        if Post.objects.filter(text__contains=SECRET).count() == 1:
            break  # one group is through, the other waits
    assert Post.objects.filter(text__contains=SECRET).count() == 1
    backups.restore(backup)
    assert serves() == 200
    assert not Account.objects.filter(pk=cast.alice.account.pk).exists()
    assert Post.objects.filter(text__contains=SECRET).count() == 1
    pass_days(20)
    assert not Post.objects.filter(text__contains=SECRET).exists()


@pytest.mark.parametrize("is_decided", [True, False])
def test_words_that_a_team_kept_around_a_report_are_gone_again(
    cast: Cast, tmp_path: Path, is_decided: bool
) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, f"One {SECRET} word")
    case = report(cast.lena, send(cast.bob, thread, "You are lazy.")).case
    backup = backups.make(tmp_path / "backups")
    if is_decided:
        decide(cast.mona, case, Act.NOTHING)
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "now"})
    pass_days(1)
    backups.restore(backup)
    assert SECRET in str(Case.objects.get().context)
    assert serves() == 200
    assert [line["text"] for line in Case.objects.get().context] == ["You are lazy."]


def test_what_was_reported_while_its_deletion_waited_is_forgotten_once_more(
    cast: Cast, tmp_path: Path
) -> None:
    post = send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "later"})
    decide(cast.mona, report(cast.bob, post).case, Act.NOTHING)
    waits = report(cast.lena, post).case
    backup = backups.make(tmp_path / "backups")
    pass_days(8)
    backups.restore(backup)
    assert Case.objects.filter(text__contains=SECRET).count() == 2
    assert serves() == 200
    assert list(Case.objects.filter(text__contains=SECRET)) == [waits]
    decide(cast.mona, waits, Act.NOTHING)
    assert not Case.objects.filter(text__contains=SECRET).exists()


def test_nothing_is_written_about_an_account_that_has_gone_since(cast: Cast, tmp_path: Path) -> None:
    case = report(cast.bob, send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")).case
    backup = backups.make(tmp_path / "backups")
    close_account(cast.alice)
    pass_days(20)
    backups.restore(backup)
    assert serves() == 200
    decide(cast.mona, case, Act.BAN)
    assert not Standing.objects.filter(owner_tag=cast.alice.tag(cast.harbour)).exists()


def test_what_was_taken_back_since_stays_taken_back(cast: Cast, tmp_path: Path) -> None:
    send(cast.alice, make_thread(cast.harbour), "Kept after all")
    close_account(cast.alice)
    backup = backups.make(tmp_path / "backups")
    sign_in(cast.alice.client, cast.alice.account, cast.alice.secret, strong=False)
    cast.alice.client.post("/account/delete/undo/")
    backups.restore(backup)
    assert DueAct.objects.exists()
    assert serves() == 200
    assert not DueAct.objects.exists()
    assert not Account.objects.exclude(closing_at=None).exists()
    pass_days(20)
    assert Post.objects.filter(text="Kept after all").exists()


def test_the_ledger_names_nobody(cast: Cast, settings) -> None:
    close_account(cast.alice)
    folder = Path(settings.KITH_KEY_RING).with_name("erasures")
    held = "".join(path.read_text() for path in folder.iterdir())
    assert held
    for named in (
        str(cast.alice.account.pk), cast.alice.account.username, cast.alice.tag(cast.harbour).hex(),
        cast.harbour.public_id, str(cast.alice.member(cast.harbour).pk),
    ):  # fmt: skip
        assert named not in held


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
    assert serves() == 503
    with pytest.raises(CommandError):
        call_command("replay_erasures")
    assert Post.objects.filter(text__contains=SECRET).exists()
    if folder.is_dir():
        shutil.rmtree(folder)  # what a start may have begun
    else:
        folder.unlink()
    folder.with_name("aside").rename(folder)
    assert serves() == 200
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_a_ledger_that_is_lost_can_be_begun_anew(cast: Cast, tmp_path: Path, settings) -> None:
    _deleted_since(cast, tmp_path / "backups")
    shutil.rmtree(Path(settings.KITH_KEY_RING).with_name("erasures"))
    assert serves() == 503
    call_command("replay_erasures", "--ledger-is-lost")
    assert serves() == 200


def test_the_command_replays_whatever_was_counted(cast: Cast, tmp_path: Path, capsys) -> None:
    backup, _ = _deleted_since(cast, tmp_path / "backups")
    backups.restore(backup)
    tokens = [line for line in ledger._read() if line.endswith(" change")]
    Replayed.objects.all().delete()
    Replayed.objects.create(name="all", lines=len(tokens))  # as if it knew all
    assert not ledger.is_behind()
    call_command("replay_erasures")
    assert capsys.readouterr().out == "Erased again: 4.\n"
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_over_asgi_only_the_health_page_is_in_front_of_the_gate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate.Gate, "lets_through", lambda _gate: False)
    sent: list[Any] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        await send({"path": scope["path"], "shut": scope[gate.SHUT]})

    async def send(message: Any) -> None:
        sent.append(message)

    for path in ("/healthz", "/"):
        async_to_sync(gate.asgi(app))({"type": "http", "path": path}, None, send)  # type: ignore[arg-type]
    assert sent == [{"path": "/healthz", "shut": False}, {"path": "/", "shut": True}]


def test_a_shut_gate_hands_back_what_was_written(cast: Cast) -> None:
    client = Client(raise_request_exception=False)
    answer = client.post("/join/", {"text": "Words I wrote"}, **{gate.SHUT: True})
    assert answer.status_code == 503
    assert b"Words I wrote" in answer.content
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert client.get("/sign-in/", headers={"kith.shut": "1"}).status_code == 200


def test_a_process_asks_once(cast: Cast, django_assert_num_queries) -> None:
    application = gate.wsgi(lambda _environ, start: start("200 OK", []) or [b""])
    application({}, lambda *_: None)
    with django_assert_num_queries(0):
        application({}, lambda *_: None)


def test_pages_are_served_as_before(cast: Cast) -> None:
    assert Client().get("/").status_code == 200
