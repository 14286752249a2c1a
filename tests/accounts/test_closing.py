"""Deleting an account: refusals, the undo time, what goes when, and that no two groups see it close together."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import OperationalError
from django.test import Client, override_settings

from accounts import facts, keys
from accounts.actions import closing, locks
from accounts.models import Account, FactSheet, Lock, Session, SessionEvent
from accounts.models.locks import LockKind
from chat.enums import PostState
from chat.models import Post
from community.actions import due, erasing
from community.models import DueAct, Member, Standing
from core import clock
from core.ledger import LedgerAway
from tests.accounts import journeys
from tests.chat.saying import alias_key, send, sign_as_alias
from tests.people import PASSPHRASE, Cast, Person, add, make_group, make_thread, sign_in

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
PAGE, SURE, UNDO = "/account/delete/", "/account/delete/sure/", "/account/delete/undo/"
OVER = NOON + dt.timedelta(hours=73)
WAITS = 4  # in each of alice's two groups what goes, and the end of it


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.held_at(NOON):
        yield


def prove(person: Person) -> Client:
    """Their browser, the passphrase just typed."""
    session = person.client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(person.account.pk)
    session.save()
    return person.client


def close(person: Person) -> str:
    return journeys.close_account(person)


def rows(html: str) -> list[str]:
    """What the table of days says."""
    return re.findall(r'<th scope="row">.*?</tr>', html)


def back(person: Person) -> Client:
    """A browser in which they sign in again."""
    client = Client()
    sign_in(client, Account.objects.get(pk=person.account.pk), person.secret, strong=False)
    return client


def do_all(until: dt.datetime) -> None:
    """Do what falls due until a moment, each at its own."""
    for moment in sorted([*DueAct.objects.values_list("due_at", flat=True), until]):
        with clock.held_at(moment):
            due.do_due()
            closing.finish()


def test_who_is_signed_out_is_asked_who_they_are(cast: Cast) -> None:
    for path in (PAGE, SURE, UNDO):
        assert cast.nobody.post(path).status_code in {302, 405}
        assert "/sign-in/" in cast.nobody.get(path).headers["Location"]


@pytest.mark.parametrize("typed", [{}, {"passphrase": ""}, {"passphrase": "six loud ships at dawn"}])
def test_without_the_passphrase_it_closes_nothing_even_if_it_was_typed_just_now(
    cast: Cast, typed: dict[str, str]
) -> None:
    journeys.give_lock(cast.alice)
    answer = prove(cast.alice).post(SURE, typed)
    assert answer.status_code == 422 and b"your passphrase" in answer.content
    assert b"Delete your account now?" in answer.content
    assert not DueAct.objects.exists()
    assert not Account.objects.filter(closing_at__isnull=False).exists()


def test_the_page_says_that_it_asks_and_asks(cast: Cast) -> None:
    assert b"Then we ask for your passphrase, always." in cast.alice.client.get(PAGE).content
    assert b'name="passphrase"' in prove(cast.alice).get(SURE).content


def test_the_first_page_does_not_say_that_all_stops_at_once(cast: Cast) -> None:
    html = cast.alice.client.get(PAGE).content.decode()
    assert "It stops at once" not in html
    assert "your pictures, the lines about you and the details you show" in html
    assert "pick Now" in html and "groups you left before stays" in html


def test_guessing_is_slowed_down(cast: Cast) -> None:
    codes = {cast.alice.client.post(SURE, {"passphrase": f"guess {n}"}).status_code for n in range(12)}
    assert codes == {422, 429}
    assert not Account.objects.filter(closing_at__isnull=False).exists()


def test_a_stolen_form_closes_nothing(cast: Cast) -> None:
    thief = Client(enforce_csrf_checks=True)
    thief.cookies = prove(cast.alice).cookies
    journeys.give_lock(cast.alice)
    assert thief.post(SURE, {"passphrase": PASSPHRASE}).status_code == 403
    assert not DueAct.objects.exists()


def test_looking_changes_nothing_and_says_the_days(cast: Cast) -> None:
    html = prove(cast.alice).get(SURE).content.decode()
    assert "25 November 2026" in html
    assert "gone from the groups you are in now, with your names, pictures and details" in html
    assert "they also see your names, your pictures, the lines about you and the details" in html
    assert "What your names left behind in groups you left before stays." in html
    assert (
        "People can still read what you wrote until it goes. The last of it goes by 6 December 2026." in html
    )
    assert html.index("Must some go today?") < html.index('name="passphrase"') and 'href="/yours/"' in html
    assert "25 November 2026, 12:00 (London time)" in html and "UTC" not in html
    assert not DueAct.objects.exists()
    assert not Account.objects.filter(closing_at__isnull=False).exists()


def test_the_receipt_says_the_days_that_the_page_said(cast: Cast) -> None:
    """Whatever moments were drawn: they are told to nobody."""
    said = rows(prove(cast.alice).get(SURE).content.decode())
    assert len(said) == 5 and rows(close(cast.alice)) == said
    assert "6 December 2026" in said[3]
    assert max(row.due_at for row in DueAct.objects.all()).date() <= dt.date(2026, 12, 6)


def test_it_closes_at_once_and_the_receipt_names_nobody(cast: Cast) -> None:
    tag = keys.tag_of(cast.alice.secret)
    elsewhere = back(cast.alice)
    receipt = close(cast.alice)
    assert "Your account is closed" in receipt
    for named in ("alice", "harbour", "meadow", "Grey Heron"):
        assert named not in receipt
    assert not Session.objects.filter(owner_tag=tag).exists()
    assert SessionEvent.objects.count() == 2, "open sockets of both browsers end"
    for client in (cast.alice.client, elsewhere):
        assert "/sign-in/" in client.get("/home/").headers["Location"]
        assert client.get(f"/g/{cast.harbour.public_id}/").status_code == 404


def test_for_three_days_signing_in_opens_undo_and_nothing_else(cast: Cast) -> None:
    close(cast.alice)
    client = back(cast.alice)
    for path in ("/home/", "/account/", "/yours/", "/account/words/", "/sign-in/", PAGE, SURE):
        assert client.get(path, follow=True).request["PATH_INFO"] == UNDO, path
    for path in ("", "leave/", "copy/", "leave/delete/", "new/"):
        assert client.get(f"/g/{cast.harbour.public_id}/{path}").status_code == 404
    assert client.get("/sign-out/").status_code == 200


def test_undo_leaves_all_as_it_was(cast: Cast) -> None:
    post = send(cast.alice, make_thread(cast.harbour), "Still here")
    close(cast.alice)
    assert DueAct.objects.count() == WAITS
    client = back(cast.alice)
    assert client.post(UNDO).status_code == 302
    assert not DueAct.objects.exists()
    assert client.get("/home/").status_code == 200
    do_all(NOON + dt.timedelta(days=20))
    post.refresh_from_db()
    assert post.state == PostState.SHOWN
    assert cast.alice.here(cast.harbour).persona


def test_who_leads_alone_is_told_what_is_lost(cast: Cast) -> None:
    assert "only lead" in prove(cast.lead).get(SURE).content.decode()
    assert "only lead" not in prove(cast.mona).get(SURE).content.decode()
    assert "Your account is closed" in close(cast.lead)


def fail_in_the_second_group(monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Let an action break in whatever group comes second."""
    act, calls = getattr(erasing, what), itertools.count()

    def broken(*args: object, **kwargs: object) -> None:
        if next(calls) == 1:
            raise OperationalError
        act(*args, **kwargs)

    monkeypatch.setattr(erasing, what, broken)


def test_closing_that_breaks_halfway_closes_nothing_and_can_be_asked_for_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_in_the_second_group(monkeypatch, "plan")
    with pytest.raises(OperationalError):
        close(cast.alice)
    assert not DueAct.objects.exists()
    assert not Account.objects.filter(closing_at__isnull=False).exists()
    cast.alice.client = back(cast.alice)
    assert "Your account is closed" in close(cast.alice)
    assert DueAct.objects.count() == WAITS


def test_closing_that_breaks_and_cannot_be_taken_back_leaves_a_closed_account_with_undo(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never an open account whose words go: what is written for groups counts on the account being closed."""
    with monkeypatch.context() as patched:
        fail_in_the_second_group(patched, "plan")
        patched.setattr(erasing, "take_back", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            close(cast.alice)
    assert Account.objects.filter(pk=cast.alice.account.pk, closing_at__isnull=False).exists()
    assert back(cast.alice).post(UNDO).status_code == 302
    assert not DueAct.objects.exists()
    assert not Account.objects.filter(closing_at__isnull=False).exists()


def test_an_account_that_cannot_be_closed_has_nothing_planned(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "close", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        close(cast.alice)
    assert not DueAct.objects.exists()


def test_undo_that_breaks_halfway_can_be_asked_for_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    close(cast.alice)
    client = back(cast.alice)
    with monkeypatch.context() as patched:
        fail_in_the_second_group(patched, "take_back")
        with pytest.raises(OperationalError):
            client.post(UNDO)
    assert Account.objects.filter(pk=cast.alice.account.pk, closing_at__isnull=False).exists()
    assert client.post(UNDO).headers["Location"] == "/account/"
    assert not DueAct.objects.exists()
    assert not Account.objects.filter(closing_at__isnull=False).exists()


@pytest.mark.django_db(transaction=True)
def test_while_the_ledger_is_away_nothing_is_closed_or_undone(cast: Cast, tmp_path: Path) -> None:
    def stand() -> tuple[int, int]:
        return DueAct.objects.count(), Account.objects.filter(closing_at__isnull=False).count()

    gone = tmp_path / "file"
    gone.touch()
    away = override_settings(KITH_ERASURES=str(gone))
    with away, pytest.raises(LedgerAway):
        close(cast.alice)
    assert stand() == (0, 0)
    close(cast.alice)
    client = back(cast.alice)
    with away, pytest.raises(LedgerAway):
        client.post(UNDO)
    assert stand() == (WAITS, 1)
    assert client.post(UNDO).headers["Location"] == "/account/"
    assert stand() == (0, 0)


def test_undo_is_for_closed_accounts_only(cast: Cast) -> None:
    assert cast.alice.client.post(UNDO).status_code == 302
    assert cast.alice.client.get("/home/").status_code == 200


def test_after_three_days_there_is_nobody_to_sign_in(cast: Cast) -> None:
    signed_up = journeys.settle(journeys.sign_up())
    account = Account.objects.get(username=signed_up.name)
    Account.objects.filter(pk=account.pk).update(closing_at=NOON + closing.UNDO)
    assert journeys.sign_in(signed_up.name, signed_up.passphrase)[1].status_code == 302
    with clock.held_at(NOON + closing.UNDO):
        assert journeys.sign_in(signed_up.name, signed_up.passphrase)[1].status_code == 422
        client = back(Person(account=account, secret=keys.new_secret(), client=Client()))
        client.post(UNDO)
        assert Account.objects.filter(pk=account.pk, closing_at__isnull=False).exists()


def test_in_the_end_nothing_is_left_of_the_account(cast: Cast) -> None:
    alice = cast.alice
    facts.write(account=alice.account, secret=alice.secret, sheet={"facts": {}})
    locks.lock(account=alice.account, kind=LockKind.PASSPHRASE, secret=alice.secret, phrase=PASSPHRASE)
    Authenticator.objects.create(user=alice.account, type="totp", data={})
    close(alice)
    with clock.held_at(OVER - dt.timedelta(hours=2)):
        closing.finish()
        assert Account.objects.filter(pk=alice.account.pk).exists()
    with clock.held_at(OVER):
        closing.finish()
    for model in (Account, FactSheet, Lock, Authenticator):
        field = "pk" if model is Account else "user_id" if model is Authenticator else "account_id"
        assert not model.objects.filter(**{field: alice.account.pk}).exists()
    assert Account.objects.filter(pk=cast.bob.account.pk).exists()


def test_everything_in_every_group_goes_limits_too_and_others_stay(cast: Cast) -> None:
    thread = make_thread(cast.harbour)
    send(cast.alice, thread, "As Grey Heron")
    sign_as_alias(cast.alice, thread)
    send(cast.alice, thread, "As Soft Lamp", key_for_alias=alias_key(cast.alice, thread))
    send(cast.bob, thread, "As Calm Otter")
    send(cast.alice, make_thread(cast.meadow), "As Plain Fern")
    close(cast.alice)
    close(cast.barred)
    assert cast.alice.member(cast.harbour), "nobody sees a thing before the undo time is over"
    do_all(NOON + dt.timedelta(days=30))
    assert set(Post.objects.filter(state=PostState.SHOWN).values_list("text", flat=True)) == {"As Calm Otter"}
    for person, group in ((cast.alice, cast.harbour), (cast.alice, cast.meadow), (cast.barred, cast.harbour)):
        assert not Member.objects.filter(owner_tag=person.tag(group)).exists()
    assert not Standing.objects.filter(owner_tag=cast.barred.tag(cast.harbour)).exists()
    assert Standing.objects.filter(owner_tag=cast.muted.tag(cast.harbour)).exists()
    assert not DueAct.objects.exists()


def test_moments_are_72_hours_apart_whatever_is_drawn() -> None:
    lasting = dt.timedelta(days=1)
    orders = set()
    for _ in range(300):
        drawn = due.apart(groups=4, start=NOON, lasting=lasting)
        orders.add(tuple(sorted(range(4), key=drawn.__getitem__)))
        assert min(drawn) >= NOON
        for before, after in itertools.pairwise(sorted(drawn)):
            assert after - before >= lasting + dt.timedelta(hours=72)
    assert len(orders) == 24, "the order is drawn too"


def test_no_two_groups_see_it_within_72_hours(cast: Cast) -> None:
    """Over many draws: the last part in one group comes 72 hours before the first in the next, and none before the
    undo time is over."""
    for n in range(3):
        group = make_group(name=f"group {n}")
        add(cast.bob, group, handle=f"Name {n}")
        thread = make_thread(group)
        sign_as_alias(cast.bob, thread)
        send(cast.bob, thread, key_for_alias=alias_key(cast.bob, thread))
    for _ in range(6):
        DueAct.objects.all().delete()
        sign_in(cast.bob.client, cast.bob.account, cast.bob.secret, strong=False)
        close(cast.bob)
        Account.objects.update(closing_at=None)
        spans: dict[str, list[dt.datetime]] = {}
        for row in DueAct.objects.all():
            found = due._opened(row)
            spans.setdefault(found.payload["group"], []).append(found.due_at)
        ordered = sorted(spans.values(), key=min)
        assert [len(parts) for parts in ordered].count(3) == 3
        assert min(ordered[0]) >= NOON + closing.UNDO
        for before, after in itertools.pairwise(ordered):
            assert min(after) - max(before) >= dt.timedelta(hours=72)


def test_closing_waits_for_what_is_being_deleted_already(cast: Cast) -> None:
    cast.alice.client.post(f"/g/{cast.harbour.public_id}/leave/delete/", {"when": "later"})
    first = max(row.due_at for row in DueAct.objects.all())
    close(cast.alice)
    after = [due._opened(row) for row in DueAct.objects.all()]
    moments = [one.due_at for one in after if one.payload["group"] == cast.meadow.public_id]
    assert min(moments) >= first + dt.timedelta(hours=72)


def test_the_rows_that_wait_share_no_key(cast: Cast) -> None:
    close(cast.alice)
    held = [bytes(key) for key in DueAct.objects.values_list("key", flat=True)]
    assert len(held) == len(set(held)) == WAITS


def test_asking_twice_is_asking_once(cast: Cast) -> None:
    close(cast.alice)
    Account.objects.update(closing_at=None)
    sign_in(cast.alice.client, cast.alice.account, cast.alice.secret, strong=False)
    close(cast.alice)
    assert DueAct.objects.count() == WAITS


def test_the_receipt_says_when_backups_hold_nothing_any_more() -> None:
    found = closing.days(until=NOON + closing.UNDO, groups_gone=None)
    assert found.account_gone == dt.date(2026, 11, 25)
    assert found.final == dt.date(2027, 1, 5)  # 35 days after the end of the month whose key locks the newest
    over_the_year = closing.days(until=dt.datetime(2026, 12, 1, tzinfo=dt.UTC), groups_gone=None)
    assert over_the_year.final == dt.date(2027, 2, 5)
    later = closing.days(until=NOON + closing.UNDO, groups_gone=dt.date(2026, 12, 24))
    assert later.final == dt.date(2027, 1, 29)
