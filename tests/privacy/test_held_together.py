"""What a team reads before it appears does not go together: neither in two groups, nor under two faces in one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from chat.models import Post
from community.actions import due
from community.actions.due import APART
from community.models import DueAct
from core import clock
from moderation.actions import held
from moderation.enums import Checking
from moderation.models import GroupCare, Held
from moderation.policies import judge_of
from tests.accounts import journeys
from tests.accounts.test_closing import UNDO, back
from tests.moderation.test_held import let_appear, work, write
from tests.people import Cast, add, make_thread
from tests.privacy import backups

pytestmark = pytest.mark.django_db


@pytest.fixture
def checked(cast: Cast) -> Cast:
    for group in (cast.harbour, cast.meadow):
        GroupCare.objects.update_or_create(group=group, defaults={"checking": Checking.ALL})
    return cast


def test_closing_an_account_empties_no_two_teams_lists_at_once(checked: Cast) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held by the sea")
    write(checked.alice, make_thread(checked.meadow), "Held in the grass")
    journeys.close_account(checked.alice)
    assert Held.objects.exists(), "both teams saw a message go in the same moment"


def test_leaving_takes_a_name_and_a_one_thread_name_from_the_list_apart(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Under the name")
    write(checked.alice, thread, "Under a one-thread name", face="once", once="Soft Lantern")
    checked.alice.client.post(f"/g/{checked.harbour.public_id}/leave/delete/", {"when": "later"})
    assert Held.objects.exists(), "the team saw both go in the same moment"


def leave(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "later"})


def close(cast: Cast) -> None:
    journeys.close_account(cast.alice)


def go_by(*, days: int) -> Iterator[tuple[dt.datetime, set[int]]]:
    """Let days go by: each moment at which something is due, with what the teams have before them then."""
    end = clock.now() + dt.timedelta(days=days)
    while moment := DueAct.objects.filter(due_at__lt=end).order_by("due_at").values_list("due_at").first():
        with clock.held_at(moment[0]):
            due.do_due()
        yield moment[0], set(Held.objects.values_list("group_id", flat=True))


def test_what_two_teams_have_before_them_goes_days_apart(checked: Cast) -> None:
    for group in (checked.harbour, checked.meadow):
        write(checked.alice, make_thread(group), "Held")
    close(checked)
    gone, before = list[dt.datetime](), {checked.harbour.pk, checked.meadow.pk}
    for moment, now in go_by(days=60):
        assert len(before - now) <= 1
        gone += [moment] if now < before else []
        before = now
    assert len(gone) == 2 and gone[1] - gone[0] >= APART
    assert not DueAct.objects.exists()


@pytest.mark.parametrize("go", [leave, close])
@pytest.mark.parametrize("once", [False, True])
def test_what_a_team_lets_through_meanwhile_does_not_appear_and_goes(checked: Cast, go, once: bool) -> None:
    more = {"face": "once", "once": "Soft Lantern"} if once else {}
    write(checked.alice, make_thread(checked.harbour), "Held words", **more)
    go(checked)
    let_appear(checked)
    for _moment, _now in go_by(days=60):
        assert not Post.objects.exists()
    assert not DueAct.objects.exists() and not Held.objects.exists()


@pytest.mark.parametrize("go", [leave, close])
def test_what_a_team_sends_back_meanwhile_goes(checked: Cast, go) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words")
    go(checked)
    judge = judge_of(checked.mona.here(checked.harbour))
    held.send_back(judge=judge, public_id=Held.objects.get().public_id, words="Not here, please.")
    assert list(go_by(days=20))
    assert not DueAct.objects.exists()


def test_undo_brings_it_before_the_team_again_and_then_it_can_appear(checked: Cast) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words")
    close(checked)
    assert back(checked.alice).post(UNDO).status_code == 302
    let_appear(checked)
    work()
    assert Post.objects.filter(text="Held words").exists()


def test_undo_lets_appear_what_a_team_let_through_meanwhile(checked: Cast) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words")
    leave(checked)
    let_appear(checked)
    work()
    assert not Post.objects.exists()
    checked.alice.client.post(f"/g/{checked.harbour.public_id}/leave/undo/")
    with clock.held_at(clock.now() + dt.timedelta(hours=3)):
        due.do_due()
    assert Post.objects.filter(text="Held words").exists()


def test_who_comes_back_as_a_newcomer_keeps_what_they_wrote_since(checked: Cast) -> None:
    thread = make_thread(checked.harbour)
    write(checked.alice, thread, "Before")
    leave(checked)
    add(checked.alice, checked.harbour, handle="New Name")
    write(checked.alice, thread, "Since")
    assert Held.objects.count() == 2
    assert list(go_by(days=20))
    assert due.read(pk=Held.objects.get().act_id).payload["text"] == "Since"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("go", [leave, close])
def test_an_older_copy_holds_it_back_as_well(checked: Cast, tmp_path: Path, go) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words", face="once", once="Soft Lantern")
    backup = backups.make(tmp_path / "backups")
    go(checked)
    backups.restore(backup)
    call_command("replay_erasures")
    let_appear(checked)
    for _moment, _now in go_by(days=60):
        assert not Post.objects.exists()
    assert not DueAct.objects.exists() and not Held.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_older_copy_holds_nothing_back_that_was_kept_after_all(checked: Cast, tmp_path: Path) -> None:
    write(checked.alice, make_thread(checked.harbour), "Held words")
    close(checked)
    backup = backups.make(tmp_path / "backups")
    assert back(checked.alice).post(UNDO).status_code == 302
    backups.restore(backup)
    call_command("replay_erasures")
    let_appear(checked)
    work()
    assert Post.objects.filter(text="Held words").exists()
