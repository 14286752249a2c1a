"""Eight words and a new passphrase: everything stays, all sessions end, and nothing tells names apart."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import facts, keys, work
from accounts.actions import accounts, locks, second_factors
from accounts.models import Account, Lock, SessionEvent
from accounts.models.locks import LockKind
from accounts.session_store import fingerprint_of
from core import sealing
from tests.accounts import journeys
from tests.accounts.journeys import OTHER_PASSPHRASE, PASSPHRASE, is_in, plain, sign_in, sign_up, way_back

pytestmark = pytest.mark.django_db
WRONG = " ".join(["acorn"] * 8)
FACTS = {"facts": {"region": "Leeds"}}


@pytest.fixture
def person():
    return journeys.settle(sign_up())


def _tag(client: Client) -> bytes:
    return sealing.tag(key=keys.carried(client.session), parts=("member", "abcdefgh234567"))


def test_s_and_everything_made_from_it_survive(person):
    tag, secret = _tag(person.client), keys.carried(person.client.session)
    account = Account.objects.get()
    facts.write(account=account, secret=secret, sheet=FACTS)
    client, answer = way_back(person)
    assert answer.status_code == 302
    assert "Your new passphrase holds" in client.get(answer.headers["Location"]).content.decode()
    assert _tag(client) == tag and keys.carried(client.session) == secret
    assert facts.read(account=account, secret=keys.carried(client.session)) == FACTS
    assert is_in(sign_in(person.name, OTHER_PASSPHRASE)[0])
    assert sign_in(person.name, PASSPHRASE)[1].status_code == 422


def test_who_is_signed_in_and_forgot_the_passphrase_can_go_this_way(person):
    """Without signing out first: their words may not be at hand after all."""
    assert b"The way back in" in person.client.get("/way-back/").content and is_in(person.client)
    assert way_back(person, client=person.client)[1].status_code == 302
    assert is_in(person.client)
    assert is_in(sign_in(person.name, OTHER_PASSPHRASE)[0])


def test_all_sessions_end_and_each_end_is_told(person):
    other, _ = sign_in(person.name, PASSPHRASE)
    ended = {fingerprint_of(c.session.session_key).hex() for c in (person.client, other)}
    way_back(person)
    assert not is_in(person.client) and not is_in(other)
    assert set(SessionEvent.objects.values_list("ref", flat=True)) == ended


def test_who_was_signed_in_there_with_another_account_is_told_to_have_left(person):
    """A socket that is open, or its ticket, goes on until it hears that its session ended."""
    other = journeys.settle(sign_up())
    left = fingerprint_of(other.client.session.session_key).hex()
    assert way_back(person, client=other.client)[1].status_code == 302
    assert left in SessionEvent.objects.values_list("ref", flat=True)


def test_old_words_hold_until_the_new_are_confirmed(person):
    client, answer = way_back(person)
    shown = client.get(answer.headers["Location"])
    new = journeys.words_on(shown)
    assert new != person.words and "Your old words still work" in shown.content.decode()
    assert accounts.recover(name=person.name, words=" ".join(new), passphrase=PASSPHRASE) is None

    client, answer = way_back(person)  # the old ones, again
    new = journeys.words_on(client.get(answer.headers["Location"]))
    done = client.post("/account/words/check/", {"word_3": new[2], "word_7": new[6]})
    assert done.status_code == 302
    assert way_back(person)[1].status_code == 422
    person.words = new
    assert way_back(person)[1].status_code == 302


def test_putting_new_words_aside_keeps_the_old(person):
    client, _ = way_back(person)
    client.post("/account/words/skip/")
    assert not Lock.objects.filter(kind=LockKind.NEXT_WORDS).exists()
    assert way_back(person)[1].status_code == 302


@pytest.mark.parametrize(
    "typed",
    ["  {}  ", "{}".upper(), "numbered", "commas", "capitals"],
    ids=["spaces", "upper", "1.", ",", "Caps"],
)
def test_words_may_be_typed_in_any_shape(person, typed):
    words = person.words
    shapes = {
        "numbered": "\r\n".join(f"{n}. {w}" for n, w in enumerate(words, 1)),
        "commas": ", ".join(words),
        "capitals": " ".join(w.capitalize() for w in words),
    }
    text = shapes.get(typed) or typed.format("   ".join(words))
    _, answer = way_back(person, words=text, name=f" {person.name.upper()} ")
    assert answer.status_code == 302


def test_the_new_passphrase_is_asked_for_again_and_never_sent_back(person):
    again = "Type it again, too."
    assert again not in person.client.get("/way-back/").content.decode()
    for words in ("one", " ".join(reversed(person.words))):
        _, answer = way_back(person, words=words, new_passphrase="seven grey herons by the weir")
        assert again in answer.content.decode() and "herons" not in answer.content.decode()


@pytest.mark.parametrize("word", ["drop-down", "t shirt", "Yo-Yo", "felt-tip"])
def test_a_word_with_a_hyphen_is_one(person, word):
    _, answer = way_back(person, words=" ".join([word, *person.words[1:]]))
    assert answer.status_code == 422 and "do not go together" in answer.content.decode()


@pytest.mark.parametrize(("typed", "says"), [(1, "1 word."), (7, "7 words."), (9, "9 words.")])
def test_another_number_of_words_is_said_and_costs_no_guess(person, typed, says):
    for _ in range(8):
        _, answer = way_back(person, words=" ".join((person.words * 2)[:typed]))
        assert answer.status_code == 422
    assert f"You typed {says} There are eight." in answer.content.decode()
    assert way_back(person)[1].status_code == 302


def test_unknown_names_and_wrong_words_look_alike(person):
    wrong = " ".join(reversed(person.words))
    _, known = way_back(person, words=wrong)
    _, unknown = way_back(person, name="helpful-teacup-0000", words=wrong)
    assert known.status_code == unknown.status_code == 422
    assert plain(known, without=(person.name,)) == plain(unknown, without=("helpful-teacup-0000",))


def test_unknown_names_and_wrong_words_cost_the_same_work(person, monkeypatch):
    def work(name: str) -> tuple[int, int]:
        stretched: list[int] = []
        stretch = sealing.stretch
        monkeypatch.setattr(sealing, "stretch", lambda **given: stretched.append(1) or stretch(**given))
        with CaptureQueriesContext(connection) as queries:
            way_back(person, name=name, words=WRONG)
        monkeypatch.undo()
        return len(queries), len(stretched)

    assert work(person.name) == work("helpful-teacup-0000") == (2, 1)


def test_wrong_words_cost_a_growing_wait_here_and_none_elsewhere(person):
    for _ in range(5):
        assert way_back(person, words=WRONG)[1].status_code == 422
    _, slow = way_back(person)
    assert slow.status_code == 429 and int(slow.headers["Retry-After"]) >= 1
    assert way_back(person, address="198.51.100.9")[1].status_code == 302


def test_a_weak_new_passphrase_costs_no_guess_and_keeps_the_words(person):
    for _ in range(8):
        _, answer = way_back(person, new_passphrase="short")
        assert answer.status_code == 422
        assert person.words[4] in answer.content.decode()
    assert way_back(person)[1].status_code == 302


def test_the_slower_of_two_recoveries_is_refused_like_a_wrong_guess(person, monkeypatch):
    words, made = " ".join(person.words), []
    make = locks.make

    def meanwhile(**given):
        if not made:
            made.append(True)
            first = accounts.recover(name=person.name, words=words, passphrase=OTHER_PASSPHRASE)
            assert first is not None
        return make(**given)

    monkeypatch.setattr(locks, "make", meanwhile)
    _, slower = way_back(person, new_passphrase="somebody else was quicker")
    assert slower.status_code == 422
    monkeypatch.undo()
    assert is_in(sign_in(person.name, OTHER_PASSPHRASE)[0])


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_recoveries_at_once_one_wins(person, monkeypatch):
    together, won, make = threading.Barrier(work.AT_ONCE, timeout=20), [], locks.make

    def make_together(**given):
        if given["kind"] == LockKind.NEXT_WORDS:
            together.wait()  # all have read the account, none has changed it
        return make(**given)

    def recover(number: int) -> None:
        if accounts.recover(
            name=person.name, words=" ".join(person.words), passphrase=f"try number {number}"
        ):
            won.append(number)
        connection.close()

    monkeypatch.setattr(locks, "make", make_together)
    threads = [threading.Thread(target=recover, args=(n,)) for n in range(work.AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert is_in(sign_in(person.name, f"try number {won[0]}")[0])


def test_a_second_factor_stays_and_is_asked_for(person):
    account = Account.objects.get()
    second_factors.codes.TOTP.activate(account, second_factors.codes.generate_totp_secret())
    client, answer = way_back(person)
    assert answer.headers["Location"].startswith("/sign-in/second-step/")
    assert not is_in(client)
    assert client.get("/account/words/").status_code == 302
    assert account.authenticator_set.count() == 1


def test_the_months_key_can_take_a_lock_away(person, settings, tmp_path):
    """A copy of the database without its key ring opens nothing, even with the words."""
    settings.KITH_KEY_RING = str(tmp_path / "another-ring.json")
    assert way_back(person)[1].status_code == 422
    assert sign_in(person.name, PASSPHRASE)[1].status_code == 422
