"""Signing in: alike for known and unknown names, slower with every wrong guess, and never a lock-out."""

from __future__ import annotations

import threading
import time

import pytest
from django.conf import settings as live_settings
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import keys, pacing
from accounts.enums import Guess
from accounts.models import Account, Session
from core import ratelimit, sealing
from tests.accounts import journeys
from tests.accounts.journeys import PASSPHRASE, is_in, plain, sign_in, sign_up

pytestmark = pytest.mark.django_db
COOKIE = live_settings.SESSION_COOKIE_NAME
WRONG = "not the right passphrase"


@pytest.fixture
def person():
    return journeys.settle(sign_up())


@pytest.fixture
def later(monkeypatch):
    """Let seconds pass for the limiter."""
    start = ratelimit.time.monotonic()
    passed = [0.0]
    monkeypatch.setattr(live_settings, "KITH_REDIS_URL", "")  # Redis has a clock of its own
    monkeypatch.setattr(ratelimit.time, "monotonic", lambda: start + passed[0])

    def wait(seconds: float) -> None:
        passed[0] += seconds

    return wait


def test_the_right_passphrase_lets_in_and_the_session_carries_s(person):
    before = keys.carried(person.client.session)
    client, answer = sign_in(person.name.upper().replace("-", " "), PASSPHRASE)
    assert answer.status_code == 302 and answer.headers["Location"] == journeys.HOME
    assert is_in(client) and keys.carried(client.session) == before


def test_next_is_followed_and_not_stored(person):
    gid = "/g/abcdefgh234567/"
    client = Client()
    answer = client.post(
        "/sign-in/", {"name": person.name, "passphrase": PASSPHRASE}, query_params={"next": gid}
    )
    assert answer.headers["Location"] == gid
    assert "abcdefgh234567" not in repr(dict(client.session))


def test_wrong_passphrase_and_unknown_name_look_alike(person):
    _, known = sign_in(person.name, WRONG)
    _, unknown = sign_in("helpful-teacup-0000", WRONG)
    assert known.status_code == unknown.status_code == 422
    assert plain(known, without=(person.name,)) == plain(unknown, without=("helpful-teacup-0000",))
    assert not known.cookies.get(COOKIE) and not unknown.cookies.get(COOKIE)


def _work(name: str, monkeypatch) -> tuple[int, list[str]]:
    done: list[str] = []
    stretch, hasher = sealing.stretch, hashers.get_hasher()
    encode = type(hasher).encode
    monkeypatch.setattr(sealing, "stretch", lambda **given: done.append("stretch") or stretch(**given))
    monkeypatch.setattr(
        type(hasher), "encode", lambda self, *a, **k: done.append("verifier") or encode(self, *a, **k)
    )
    with CaptureQueriesContext(
        connection,
    ) as queries:
        sign_in(name, WRONG)
    monkeypatch.undo()
    return len(queries), sorted(done)


def test_wrong_passphrase_and_unknown_name_cost_the_same_work(person, monkeypatch):
    known = _work(person.name, monkeypatch)
    unknown = _work("helpful-teacup-0000", monkeypatch)
    assert known == unknown
    assert known[1] == ["stretch", "verifier"]


def test_a_closed_account_looks_like_an_unknown_name(person):
    Account.objects.update(is_active=False)
    _, answer = sign_in(person.name, PASSPHRASE)
    assert answer.status_code == 422


def test_wrong_guesses_cost_a_growing_wait(person, later):
    for _ in range(pacing.FREE_GUESSES):
        assert sign_in(person.name, WRONG)[1].status_code == 422
    waits = []
    for _ in range(6):
        slow = sign_in(person.name, WRONG)[1]
        assert slow.status_code == 429
        assert "You are not locked out" in slow.content.decode()
        waits.append(int(slow.headers["Retry-After"]))
        later(waits[-1] + 0.5)
        assert sign_in(person.name, WRONG)[1].status_code == 422
    assert waits == sorted(waits) and waits[-1] >= 8 * waits[0]


def test_a_wait_is_never_longer_than_a_quarter_of_an_hour_and_then_ends(person, later):
    for _ in range(40):
        answer = sign_in(person.name, WRONG)[1]
        if answer.status_code == 429:
            wait = int(answer.headers["Retry-After"])
            assert wait <= pacing.LONGEST_WAIT
            later(wait + 1)
    slow = sign_in(person.name, PASSPHRASE)[1]
    if slow.status_code == 429:
        later(int(slow.headers["Retry-After"]) + 1)
    client, _ = sign_in(person.name, PASSPHRASE)
    assert is_in(client)
    assert sign_in(person.name, WRONG)[1].status_code == 422  # from zero again


def test_the_right_passphrase_waits_too_so_that_a_wait_tells_nothing(person):
    for _ in range(pacing.FREE_GUESSES):
        sign_in(person.name, WRONG)
    client, answer = sign_in(person.name, PASSPHRASE)
    assert answer.status_code == 429 and not is_in(client)


def test_nobody_can_lock_somebody_else_out(person):
    for number in range(30):
        sign_in(person.name, WRONG, address=f"198.51.{number % 5}.9")
    client, answer = sign_in(person.name, PASSPHRASE, address="203.0.113.50")
    assert answer.status_code == 302 and is_in(client)


def test_one_address_cannot_guess_at_many_names_for_ever(monkeypatch):
    monkeypatch.setattr(pacing, "ADDRESS_GUESSES", 12)
    answers = [sign_in(f"helpful-teacup-{n}", WRONG)[1].status_code for n in range(15)]
    assert answers == [422] * 12 + [429] * 3
    assert sign_in("helpful-teacup-99", WRONG, address="198.51.100.1")[1].status_code == 422


def test_what_is_refused_or_right_takes_nothing_from_the_neighbours(person, monkeypatch):
    monkeypatch.setattr(pacing, "ADDRESS_GUESSES", 12)
    for _ in range(40):
        sign_in("helpful-teacup-1", WRONG)  # five of them are tried
    for _ in range(20):
        assert is_in(sign_in(person.name, PASSPHRASE)[0])


def _network(settings, *, proxies: int, remote: str, forwarded: str = "") -> str:
    settings.KITH_PROXIES = proxies
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return pacing.origin_of(RequestFactory().get("/", REMOTE_ADDR=remote, **extra)).network


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "network"),
    [
        (0, "203.0.113.7", "", "203.0.113.0/24"),
        (0, "203.0.113.7", "198.51.100.1", "203.0.113.0/24"),  # nobody asked this header
        (1, "10.0.0.2", "1.2.3.4, 198.51.100.1", "198.51.100.0/24"),  # the left part is anybody's word
        (2, "10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.9", "198.51.100.0/24"),
        (2, "10.0.0.2", "198.51.100.1", "10.0.0.0/24"),  # fewer hops than proxies: not through them
        (0, "2001:db8:1:2::7", "", "2001:db8:1::/48"),
        (0, "::ffff:203.0.113.7", "", "203.0.113.0/24"),
        (1, "10.0.0.2", "nonsense", "unknown"),
        (0, "", "", "unknown"),
    ],
)
def test_a_network_is_what_our_own_proxies_say(settings, proxies, remote, forwarded, network):
    assert _network(settings, proxies=proxies, remote=remote, forwarded=forwarded) == network


def test_the_session_key_changes_at_sign_in_and_what_was_planted_is_gone(person):
    client = Client()
    planted = client.session
    planted["planted"] = "yes"
    planted.save()
    client.cookies[COOKIE] = planted.session_key
    sign_in(person.name, PASSPHRASE, client=client)
    assert client.cookies[COOKIE].value != planted.session_key
    assert "planted" not in client.session
    victim = Client()
    victim.cookies[COOKIE] = planted.session_key
    assert not is_in(victim)


def test_one_sign_in_leaves_one_session(person):
    before = Session.objects.count()
    sign_in(person.name, PASSPHRASE)
    assert Session.objects.count() == before + 1


def test_staying_signed_in_is_asked_for(person):
    _, answer = sign_in(person.name, PASSPHRASE)
    assert answer.cookies[COOKIE]["max-age"] == ""
    _, answer = sign_in(person.name, PASSPHRASE, lasting="on")
    assert int(answer.cookies[COOKIE]["max-age"]) == live_settings.SESSION_COOKIE_AGE


def test_a_new_passphrase_elsewhere_ends_a_session_that_was_missed(person):
    """Even a session row that nobody ended is worth nothing after the passphrase changed."""
    client, _ = sign_in(person.name, PASSPHRASE)
    Account.objects.update(password=hashers.make_password("something else entirely"))
    assert not is_in(client)


def test_signing_out_ends_the_session(person):
    key = person.client.cookies[COOKIE].value
    assert person.client.get("/sign-out/").status_code == 200
    assert is_in(person.client)
    person.client.post("/sign-out/")
    person.client.cookies[COOKIE] = key
    assert not is_in(person.client)


def test_settings_are_for_the_signed_in():
    for path in ("", "again/", "passphrase/", "sessions/", "words/", "second-step/", "second-step/codes/"):
        answer = Client().get(f"/account/{path}")
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/?next=/account/")


def test_guesses_are_counted_before_the_answer_is_known():
    origin = pacing.Origin(address="203.0.113.7/32", network="203.0.113.0/24")
    waits = [pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose="x", origin=origin) for _ in range(20)]
    assert waits[: pacing.FREE_GUESSES] == [0.0] * pacing.FREE_GUESSES
    assert all(wait > 0 for wait in waits[pacing.FREE_GUESSES :])


def test_of_many_guesses_at_once_no_more_are_let_through_than_one_after_another(monkeypatch, later):
    origin, count, many = (
        pacing.Origin(address="203.0.113.7/32", network="203.0.113.0/24"),
        ratelimit._count,
        20,
    )

    def count_and_let_others_go_on(*given):
        counted = count(*given)
        time.sleep(0.002)
        return counted

    def guess_together(whose: str) -> int:
        together, waits = threading.Barrier(many, timeout=20), []

        def guess() -> None:
            together.wait()
            waits.append(pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose=whose, origin=origin))

        threads = [threading.Thread(target=guess) for _ in range(many)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(waits) == many
        return waits.count(0.0)

    monkeypatch.setattr(ratelimit, "_count", count_and_let_others_go_on)
    assert guess_together("x") == pacing.FREE_GUESSES
    for pause in (2, 4):  # and one when a pause is over
        later(pause + 0.1)
        assert guess_together("x") == 1
    assert guess_together("y") == pacing.FREE_GUESSES


def test_a_guess_that_the_address_is_refused_is_no_guess_at_the_name(monkeypatch):
    origin = pacing.Origin(address="203.0.113.7/32", network="203.0.113.0/24")
    monkeypatch.setattr(pacing, "ADDRESS_GUESSES", 0)
    for _ in range(20):
        assert pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose="x", origin=origin) > 1
    monkeypatch.undo()
    waits = [pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose="x", origin=origin) for _ in range(20)]
    assert waits.count(0.0) == pacing.FREE_GUESSES


def test_forms_are_guarded_against_other_sites(person):
    client = Client(enforce_csrf_checks=True)
    for path in ("/sign-in/", "/sign-up/", "/way-back/", "/sign-out/"):
        assert client.post(path, {"name": person.name, "passphrase": PASSPHRASE}).status_code == 403
