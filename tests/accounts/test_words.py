"""The eight words in two browsers at once, on a phone that lies about, and under a flood of guesses."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.test import Client

from accounts import recovery_words, work
from accounts.actions import accounts, locks
from accounts.models import Account, Lock
from accounts.models.locks import LockKind
from core import clock, keyring
from tests.accounts import journeys
from tests.accounts.journeys import PASSPHRASE, is_in, sign_in, sign_up, words_on

pytestmark = pytest.mark.django_db


def new_words(client) -> list[str]:
    assert client.post("/account/words/new/").status_code == 302
    return words_on(client.get("/account/words/"))


def type_back(client, words: list[str]):
    return client.post("/account/words/check/", {"word_3": words[2], "word_7": words[6]})


def holds(words: list[str]) -> bool:
    phrase = recovery_words.normal(" ".join(words))
    return locks.unlock(account=Account.objects.get(), kind=LockKind.WORDS, phrase=phrase) is not None


def test_words_that_were_replaced_in_another_browser_are_not_confirmed():
    person = journeys.settle(sign_up())
    one, other = sign_in(person.name, PASSPHRASE)[0], sign_in(person.name, PASSPHRASE)[0]
    first, second = new_words(one), new_words(other)
    answer = type_back(one, first)
    assert answer.status_code == 409
    assert "They do not work" in answer.content.decode()
    assert holds(person.words) and not holds(first)
    assert type_back(other, second).status_code == 302
    assert holds(second) and not holds(person.words)


def test_words_that_were_put_aside_in_another_browser_are_not_confirmed():
    person = journeys.settle(sign_up())
    one, other = sign_in(person.name, PASSPHRASE)[0], sign_in(person.name, PASSPHRASE)[0]
    words = new_words(one)
    assert other.post("/account/words/skip/").status_code == 302
    assert type_back(one, words).status_code == 409
    assert holds(person.words) and not holds(words)


def test_who_knows_the_passphrase_can_make_words_and_the_safety_page_says_what_helps():
    """What is kept so, and told: words ask for the passphrase alone, and only other words end them."""
    person = journeys.settle(sign_up())
    thief, _ = sign_in(person.name, PASSPHRASE)
    theirs = new_words(thief)
    type_back(thief, theirs)
    assert holds(theirs) and not holds(person.words)
    typed = {"passphrase": PASSPHRASE, "new_passphrase": journeys.OTHER_PASSPHRASE}
    person.client.post("/account/passphrase/", typed)
    assert not is_in(thief) and is_in(person.client) and holds(theirs)
    type_back(person.client, new_words(person.client))
    assert not holds(theirs)
    page = Client().get("/safety/").content.decode()
    assert "Change your phrase now, make new words, and sign out everywhere." in page


def test_waiting_words_ask_for_the_passphrase_after_a_while(monkeypatch):
    client = sign_up().client
    assert words_on(client.get("/account/words/"))
    monkeypatch.setattr("accounts.views.entry.FRESH", -1)
    for path in ("/account/words/", "/account/words/card/", "/account/words/check/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/again/")
    assert client.post("/account/words/file/").headers["Location"] == "/account/words/"


def test_a_flood_of_guesses_waits_its_turn(monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 0.1)
    held = threading.Event()

    @work.heavy
    def slow() -> None:
        held.wait(5)

    threads = [threading.Thread(target=slow) for _ in range(work.AT_ONCE)]
    for thread in threads:
        thread.start()
    with pytest.raises(work.Busy):
        accounts.prove(name="nobody-here-0000", passphrase="x")
    answer = journeys.sign_in("nobody-here-0000", "x", client=Client(raise_request_exception=False))[1]
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    held.set()
    for thread in threads:
        thread.join()
    assert accounts.prove(name="nobody-here-0000", passphrase="x") is None


def test_the_key_of_a_month_is_destroyed_when_nothing_needs_it():
    def at(day: str):
        return clock.held_at(dt.datetime.fromisoformat(f"{day}T12:00:00+00:00"))

    with at("2026-01-20"):
        person = journeys.settle(sign_up())
    with at("2026-02-02"):
        locks.relock_all()
    with at("2026-03-07"):
        locks.destroy_old_keys()
        assert "2026-01" in keyring.epochs(), "35 days after the month's end, not before"
    with at("2026-03-08"):
        locks.destroy_old_keys()
        assert keyring.epochs() == ["2026-02"]
        assert is_in(sign_in(person.name, PASSPHRASE)[0])
        locks.relock_all()
    with at("2026-12-01"):
        Lock.objects.update(epoch="2026-03")
        locks.destroy_old_keys()
        assert "2026-03" in keyring.epochs(), "a key that still locks something stays"


def test_the_sign_in_name_stands_with_the_words_wherever_they_are_shown():
    person = sign_up()
    for answer in (
        person.client.get("/account/words/"),
        person.client.get("/account/words/card/"),
        person.client.post("/account/words/file/"),
    ):
        shown = answer.content.decode()
        assert person.name in shown and person.words[7] in shown


# --- which words -----------------------------------------------------------------------------------------------
def test_nobody_is_given_a_word_that_could_hurt(monkeypatch):
    """Eight words stand alone on a page, before somebody who may be low."""
    whole, kind = recovery_words.word_list(), recovery_words.kind_words()
    unkind = recovery_words._UNKIND.read_text().split()
    assert {"enslave", "crying", "mortician", "unlovable", "overkill"} <= set(unkind)
    assert unkind == sorted(set(unkind)) and set(unkind) <= set(whole), "each is of the list, once"
    drawn_from = []
    monkeypatch.setattr(recovery_words.secrets, "choice", lambda words: drawn_from.append(words) or words[0])
    recovery_words.draw()
    assert drawn_from == [kind] * recovery_words.HOW_MANY and not set(kind) & set(unkind)
    assert len(kind) == len(whole) - len(unkind) >= 6_000, "fewer are guessed sooner"


def test_words_handed_out_before_go_on_working(monkeypatch):
    old = ["enslave", "crying", "mortician", "acorn", "acre", "adobe", "agony", "zebra"]
    monkeypatch.setattr(recovery_words, "draw", lambda: old)
    person = sign_up()
    monkeypatch.undo()
    assert person.words == old
    assert holds(old)
    typed = {
        "name": person.name,
        "words": " ".join(old).upper(),
        "new_passphrase": "quiet kettle and nine boats",
    }
    answer = Client().post("/way-back/", typed)
    assert answer.status_code == 302
