"""Changing one's passphrase and words; seeing and ending one's sessions."""

from __future__ import annotations

import pytest
from django.conf import settings as live_settings

from accounts import keys
from accounts.actions import sessions
from accounts.models import Account, Session, SessionEvent, SessionStream
from accounts.session_store import SessionStore, fingerprint_of
from core import clock, sealing
from tests.accounts import journeys
from tests.accounts.journeys import OTHER_PASSPHRASE, PASSPHRASE, is_in, sign_in, sign_up

pytestmark = pytest.mark.django_db
COOKIE = live_settings.SESSION_COOKIE_NAME


@pytest.fixture
def person():
    return journeys.settle(sign_up())


def _refs() -> set[str]:
    return set(SessionEvent.objects.values_list("ref", flat=True))


def _print(client) -> str:
    return fingerprint_of(client.session.session_key).hex()


def test_a_new_passphrase_changes_no_tag_and_ends_the_other_sessions(person):
    other, _ = sign_in(person.name, PASSPHRASE)
    secret, ended = keys.carried(person.client.session), {_print(person.client), _print(other)}
    answer = person.client.post(
        "/account/passphrase/", {"passphrase": PASSPHRASE, "new_passphrase": OTHER_PASSPHRASE}
    )
    assert answer.status_code == 200
    assert is_in(person.client) and not is_in(other)
    assert keys.carried(person.client.session) == secret
    assert _refs() == ended  # this browser goes on under a new key, so that its old sockets fall silent too
    assert _print(person.client) not in ended
    again, _ = sign_in(person.name, OTHER_PASSPHRASE)
    assert keys.carried(again.session) == secret
    assert sign_in(person.name, PASSPHRASE)[1].status_code == 422


def test_a_new_passphrase_asks_for_the_old(person):
    typed = {"passphrase": "not the old one", "new_passphrase": OTHER_PASSPHRASE}
    assert person.client.post("/account/passphrase/", typed).status_code == 422
    assert is_in(sign_in(person.name, PASSPHRASE)[0])
    for _ in range(4):
        person.client.post("/account/passphrase/", typed)
    assert person.client.post("/account/passphrase/", typed).status_code == 429


def test_two_changes_at_once_do_not_both_hold(person):
    from accounts.actions import accounts

    first = accounts.prove(name=person.name, passphrase=PASSPHRASE)
    second = accounts.prove(name=person.name, passphrase=PASSPHRASE)
    assert accounts.change_passphrase(opened=first, passphrase=OTHER_PASSPHRASE)
    assert not accounts.change_passphrase(opened=second, passphrase="something else again")
    assert is_in(sign_in(person.name, OTHER_PASSPHRASE)[0])


def test_new_words_need_the_passphrase_and_two_of_them_typed_back(person):
    client, _ = sign_in(person.name, PASSPHRASE)
    _let_time_pass(client)
    asked = client.post("/account/words/new/")
    assert asked.headers["Location"] == "/account/again/?next=%2Faccount%2Fwords%2Fnew%2F"
    assert client.post(asked.headers["Location"], {"passphrase": "no"}).status_code == 422
    back = client.post(asked.headers["Location"], {"passphrase": PASSPHRASE})
    assert back.headers["Location"] == "/account/words/new/"
    shown = client.get(client.post("/account/words/new/").headers["Location"])
    new = journeys.words_on(shown)
    old = person.words
    client.post("/account/words/check/", {"word_3": new[2], "word_7": new[6]})
    assert journeys.way_back(person)[1].status_code == 422
    person.words = new
    assert journeys.way_back(person)[1].status_code == 302
    assert old != new


def _let_time_pass(client) -> None:
    session = client.session
    records = session["account_authentication_methods"]
    session["account_authentication_methods"] = [r | {"at": r["at"] - 3600} for r in records]
    session.save()


def test_the_list_of_sessions_counts_and_dates_to_the_day_only(person):
    sign_in(person.name, PASSPHRASE, lasting="on")
    text = person.client.get("/account/sessions/").content.decode()
    assert text.count("This browser") == 1 and text.count("Another browser, ends by") == 1
    ends = Session.objects.order_by("expires_on").last().expires_on
    assert f"{ends.day} {ends:%B}" in text
    assert (
        ":"
        not in text.split("<main")[1].split("</ul>")[0].replace("https:", "").split("Another browser")[1][:40]
    )


def test_ending_one_session_ends_that_one(person):
    other, _ = sign_in(person.name, PASSPHRASE)
    third, _ = sign_in(person.name, PASSPHRASE)
    row = Session.objects.get(fingerprint=fingerprint_of(other.session.session_key))
    person.client.post("/account/sessions/", {"key": row.pk})
    assert not is_in(other) and is_in(third) and is_in(person.client)
    assert _refs() == {bytes(row.fingerprint).hex()}


def test_somebody_elses_session_cannot_be_ended(person):
    stranger = journeys.settle(sign_up())
    row = Session.objects.get(fingerprint=fingerprint_of(stranger.client.session.session_key))
    for key in (row.pk, "x", "", "9" * 40):
        assert person.client.post("/account/sessions/", {"key": key}).status_code == 302
    assert is_in(stranger.client) and not _refs()
    assert "Another browser" not in person.client.get("/account/sessions/").content.decode()


def test_signing_out_everywhere(person):
    other, _ = sign_in(person.name, PASSPHRASE)
    stranger = journeys.settle(sign_up())
    ended = {_print(person.client), _print(other)}
    answer = person.client.post("/account/sessions/end-all/")
    assert "storage" in answer.headers["Clear-Site-Data"], "words that were not sent stay for who comes next"
    assert not is_in(person.client) and not is_in(other) and is_in(stranger.client)
    assert _refs() == ended


def test_signing_out_is_told_to_the_live_process(person, django_capture_on_commit_callbacks):
    from core.live import doorbell, revocations

    head = revocations.read(name="sessions", after=0).upto
    ref, heard = _print(person.client), []
    stop = doorbell.listen(lambda stream, seq: heard.append((stream, seq)))
    with django_capture_on_commit_callbacks(execute=True):
        person.client.post("/sign-out/")
    stop()
    ended = revocations.read(name="sessions", after=head)
    assert (ended.refs, ended.upto, ended.is_whole) == ({ref}, head + 1, True)
    assert heard == [("sessions", head + 1)]


def test_no_event_without_a_session():
    from django.test import Client

    Client().post("/sign-out/")
    Client().get("/leave/")
    assert not SessionEvent.objects.exists()


def test_the_last_events_are_kept(person, monkeypatch):
    monkeypatch.setattr(sessions, "KEPT_EVENTS", 3)
    for _ in range(6):
        sign_in(person.name, PASSPHRASE)[0].post("/sign-out/")
    sessions.prune_events()
    assert sorted(SessionEvent.objects.values_list("seq", flat=True)) == [4, 5, 6]
    assert SessionStream.objects.count() == 1


def test_sessions_past_their_day_are_worth_nothing_and_go(person):
    Session.objects.update(expires_on=clock.today())
    assert not is_in(person.client)
    sessions.prune_expired()
    assert not Session.objects.exists()


def test_a_session_that_ends_with_the_browser_is_gone_in_two_days(person):
    person.client.post("/sign-up/device/", {"only_mine": "no"})
    assert (Session.objects.get().expires_on - clock.today()).days <= 2


def test_the_duties_are_registered():
    from core import ticker

    assert {"accounts.relock", "accounts.expired_sessions", "accounts.session_events"} <= set(ticker._duties)


def test_a_session_row_says_nothing_without_its_cookie(person):
    row = Session.objects.get()
    cookie = person.client.cookies[COOKIE].value
    assert cookie.encode() not in bytes(row.fingerprint) + bytes(row.payload)
    assert bytes(row.owner_tag) == sealing.tag(key=keys.carried(person.client.session), parts=("sessions",))
    assert SessionStore(cookie).load()["s"]
    assert str(Account.objects.get().pk).encode() not in bytes(row.payload)
