"""An older backup is restored: nothing appears that was taken back, deleted or done since, and no rollback and no kill
makes the ledger erase what lives or forget what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from chat.actions import later
from chat.actions import posts as posting
from chat.models import Post, Thread
from chat.selectors.later import keys_for
from community.actions import disclosures, due, personas
from community.enums import Audience
from community.models import Disclosure, DueAct, Standing
from community.selectors.disclosures import Detail
from core import ledger
from tests.chat.saying import face, send
from tests.chat.test_later import ONCE, ask
from tests.community.test_persona_life import SEED
from tests.people import Cast, make_cast, make_thread
from tests.privacy import backups
from tests.privacy.test_erasure_restore import SECRET, close_account, pass_days, serves

pytestmark = pytest.mark.django_db(transaction=True)

MOOD = Detail(kind="diagnosis", level="family", audience=Audience.GROUP, path="mood/")
BIPOLAR = Detail(kind="diagnosis", level="condition", audience=Audience.GROUP, path="mood/bipolar/")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def _wait(cast: Cast, *, once: str = "") -> Thread:
    """Alice has a post appear a little later."""
    thread = make_thread(cast.harbour)
    ask(cast.alice, thread, f"One {SECRET} word", once=once)
    return thread


def _takes_back(cast: Cast, thread: Thread) -> None:
    keys = keys_for(key_of=cast.alice.keyed, tid=thread.public_id)
    later.take_back(keys=keys.both, pk=DueAct.objects.get().pk)


def _leaves_and_deletes(cast: Cast, _thread: Thread) -> None:
    url = reverse("community:leave_and_delete", args=[cast.harbour.public_id])
    assert cast.alice.client.post(url, {"when": "now"}).status_code in {200, 302}
    pass_days(4)


def _deletes_the_account(cast: Cast, _thread: Thread) -> None:
    close_account(cast.alice)
    pass_days(20)


def _publishes_and_deletes(cast: Cast, thread: Thread) -> None:
    pass_days(1)
    post = Post.objects.get()
    posting.delete_post(face=face(cast.alice, thread), post=post)


def _is_refused(cast: Cast, _thread: Thread) -> None:
    """It could not appear, and its writer was told so."""
    tag = cast.alice.tag(cast.harbour)
    limit = Standing.objects.create(group=cast.harbour, owner_tag=tag, may_post=False)
    pass_days(1)
    assert DueAct.objects.get().due_at is None
    limit.delete()


@pytest.mark.parametrize(
    "ends", [_takes_back, _leaves_and_deletes, _deletes_the_account, _publishes_and_deletes, _is_refused]
)
def test_what_was_ended_since_does_not_appear(
    cast: Cast, tmp_path: Path, ends: Callable[[Cast, Thread], None]
) -> None:
    thread = _wait(cast)
    backup = backups.make(tmp_path / "backups")
    ends(cast, thread)
    backups.restore(backup)
    assert DueAct.objects.exists()
    assert serves() == 200
    pass_days(20)
    assert not Post.objects.filter(text__contains=SECRET).exists()
    assert not DueAct.objects.exists()


def test_what_a_one_thread_name_took_back_since_does_not_appear(cast: Cast, tmp_path: Path) -> None:
    thread = _wait(cast, once=ONCE)
    backup = backups.make(tmp_path / "backups")
    _takes_back(cast, thread)
    backups.restore(backup)
    assert serves() == 200
    pass_days(1)
    assert not Post.objects.exists()


def test_what_appeared_since_is_gone_with_all_that_was_written_since(cast: Cast, tmp_path: Path) -> None:
    _wait(cast)
    backup = backups.make(tmp_path / "backups")
    pass_days(1)
    assert Post.objects.exists()
    backups.restore(backup)
    assert serves() == 200
    pass_days(1)
    assert not Post.objects.exists() and not DueAct.objects.exists()


def test_what_still_waits_appears(cast: Cast, tmp_path: Path) -> None:
    _wait(cast)
    backup = backups.make(tmp_path / "backups")
    close_account(cast.bob)  # something else
    backups.restore(backup)
    assert serves() == 200
    pass_days(1)
    assert Post.objects.filter(text__contains=SECRET).exists()


def test_a_detail_whose_change_was_taken_back_since_does_not_change(cast: Cast, tmp_path: Path) -> None:
    here = cast.alice.here(cast.harbour)
    key = cast.alice.keyed("due", disclosures.waits_under(cast.harbour.public_id))
    disclosures.show(here=here, details=[BIPOLAR])
    disclosures.update_later(here=here, key=key, detail=MOOD, due_at=due.within(due.APART))
    backup = backups.make(tmp_path / "backups")
    disclosures.stop_updating(keys=[key], kind="diagnosis")
    backups.restore(backup)
    assert DueAct.objects.exists()
    assert serves() == 200
    pass_days(4)
    assert [row.path for row in Disclosure.objects.all()] == [BIPOLAR.path]


# --- names --------------------------------------------------------------------------------------------------------
def test_a_change_of_names_that_was_refused_erases_nothing(cast: Cast, tmp_path: Path) -> None:
    disclosures.show(here=cast.alice.here(cast.harbour), details=[MOOD])
    backup = backups.make(tmp_path / "backups")
    taken, here = cast.bob.here(cast.harbour).persona, cast.alice.here(cast.harbour)
    assert taken
    with pytest.raises(personas.HandleTaken):
        personas.take_another_name(here=here, handle=taken.handle, avatar=SEED, details_go_along=False)
    call_command("replay_erasures")
    assert Disclosure.objects.count() == 1
    thread = make_thread(cast.harbour)
    posting.delete_post(face=face(cast.bob, thread), post=send(cast.bob, thread))
    backups.restore(backup)
    assert serves() == 200
    assert Disclosure.objects.count() == 1


def _wrote(cast: Cast) -> bytes:
    """What alice wrote, and the key of having it taken away."""
    send(cast.alice, make_thread(cast.harbour), f"One {SECRET} word")
    return cast.alice.keyed("due", "away")


def test_what_an_old_name_wrote_goes_if_that_was_asked_for_since(cast: Cast, tmp_path: Path) -> None:
    key = _wrote(cast)
    backup = backups.make(tmp_path / "backups")
    personas.stop_using_name(here=cast.alice.here(cast.harbour), remove_under=key)
    backups.restore(backup)
    assert serves() == 200
    pass_days(4)
    assert not Post.objects.filter(text__contains=SECRET).exists()


def test_what_an_old_name_wrote_stays_if_it_was_kept_since(cast: Cast, tmp_path: Path) -> None:
    key = _wrote(cast)
    personas.stop_using_name(here=cast.alice.here(cast.harbour), remove_under=key)
    backup = backups.make(tmp_path / "backups")
    personas.keep_after_all(key=key, pk=DueAct.objects.get().pk)
    backups.restore(backup)
    assert serves() == 200
    pass_days(4)
    assert Post.objects.filter(text__contains=SECRET).exists()


# --- killed -------------------------------------------------------------------------------------------------------
class Killed(BaseException):
    """Nothing that comes after is run."""


def _killed(act: Callable[[], object]) -> None:
    """The process dies just after a COMMIT."""

    def die() -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "settle", die)
        with pytest.raises(Killed):
            act()


@pytest.mark.parametrize("is_restored", [True, False])
def test_killed_as_an_erasure_was_asked_for_and_as_it_was_taken_back(
    cast: Cast, tmp_path: Path, is_restored: bool
) -> None:
    key = _wrote(cast)
    backup = backups.make(tmp_path / "before")
    here = cast.alice.here(cast.harbour)
    _killed(lambda: personas.stop_using_name(here=here, remove_under=key))
    if is_restored:
        backups.restore(backup)
    assert serves() == 200
    call_command("replay_erasures")
    pk = DueAct.objects.get().pk
    backup = backups.make(tmp_path / "after")
    _killed(lambda: personas.keep_after_all(key=key, pk=pk))
    if is_restored:
        backups.restore(backup)
    assert serves() == 200
    call_command("replay_erasures")
    assert not DueAct.objects.exists()
    assert Post.objects.filter(text__contains=SECRET).exists()


@pytest.mark.parametrize("is_restored", [True, False])
def test_killed_as_a_post_was_deleted(cast: Cast, tmp_path: Path, is_restored: bool) -> None:
    thread = make_thread(cast.harbour)
    gone = send(cast.alice, thread, f"One {SECRET} word")
    backup = backups.make(tmp_path / "backups")
    _killed(lambda: posting.delete_post(face=face(cast.alice, thread), post=gone))
    if is_restored:
        backups.restore(backup)
    assert serves() == 200
    assert not Post.objects.filter(text__contains=SECRET).exists()
    assert not ledger.is_behind()
