"""A passphrase that somebody would guess soon is refused, with a sentence that says what to do."""

from __future__ import annotations

import random

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.test import Client

from accounts import recovery_words
from accounts.forms.entry import ChoosePassphrase
from config.demo.cast import PASSPHRASE
from tests.accounts import journeys

WHAT_TO_DO = "Use four words that have nothing to do with each other."


def refused(passphrase: str) -> str:
    form = ChoosePassphrase({"new_passphrase": passphrase}, name="helpful-teacup-4821")
    return "" if form.is_valid() else " ".join(form.errors["new_passphrase"])


@pytest.mark.parametrize(
    "passphrase",
    ["aaaaaaaaaaaa", "a a a a a a a a a a a a", "abababababab", "zqxjvk zqxjvk zqxjvk", "zqxjvkzqxjvk", "!!!!!!!!!!!!",
     "passwordpasswordpasswordpassword1"],
)  # fmt: skip
def test_one_thing_again_and_again(passphrase):
    assert "over and over" in refused(passphrase) and WHAT_TO_DO in refused(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    ["password monkey", "PassWord-Monkey", "dragonmonkeysummer", "dragon monkey summer", "password123456",
     "monkey dragon monkey dragon", "password password password monkey", "passwordmonkeypasswordmonkey",
     "123456789012", "iloveyou iloveyou monkey", "dragonmonkey2026", "Summer 2026 Dragon 1!",
     "??????@mail.ru-mischief1234", "daddys ??????@mail.ru cheers123", "monkeydragonmonkeydragon1", "!@#$%^-......!"],
)  # fmt: skip
def test_a_few_common_words(passphrase):
    assert "words like these" in refused(passphrase) and WHAT_TO_DO in refused(passphrase)


@pytest.mark.parametrize(
    "passphrase",
    ["dragon monkey summer silver", "green lamps over slow water", "nine maps of quiet islands", "vase quilt rhubarb",
     "ночь улица фонарь аптека", "tR7#kq!x0Zw_2m", "the cat and the dog and the moon",
     "dragon 12 monkey 34 summer silver", "🐶🌊🎸🍕🚲🌵🦊🎈🧊🥝🪁🎻", "yo-yo elf icy fox",
     "black berry yo-yo fox", PASSPHRASE],
)  # fmt: skip
def test_what_follows_the_advice_is_taken(passphrase):
    assert refused(passphrase) == ""


def test_whatever_three_of_the_list_are_joined_by_they_are_refused():
    chance, known = random.Random(3), sorted(CommonPasswordValidator().passwords)
    signed = [word for word in known if not word.isalnum()]
    for _ in range(1500):
        words = [chance.choice(signed), *chance.choices(known, k=2)][: chance.randint(1, 3)]
        chance.shuffle(words)
        said = chance.choice(["", " ", "-", "_", ".", "1"]).join(words) + chance.choice(
            ["", "1", "!", "123", "2026"]
        )
        said = chance.choice([said, said.upper(), said.capitalize()])
        assert len(said.strip()) < 12 or WHAT_TO_DO in refused(said), said


def test_four_words_that_chance_gave_are_taken():
    chance = random.Random(4)
    for _ in range(1500):
        said = " ".join(chance.sample(recovery_words.word_list(), 4))
        assert refused(said) == "", said


@pytest.mark.django_db
def test_nobody_is_made_with_a_refused_one():
    client = Client()
    page = client.get(client.post("/sign-up/", {"age": "adult"}).headers["Location"])
    typed = {"token": journeys.token_on(page), "new_passphrase": "password password"}
    answer = client.post("/sign-up/passphrase/", typed)
    assert answer.status_code == 422 and not journeys.is_in(client)
    assert WHAT_TO_DO in answer.content.decode()


@pytest.mark.parametrize("passphrase", ["short", "aaaa", "password"])
def test_one_that_is_too_short_is_told_that_and_nothing_else(passphrase):
    assert refused(passphrase) == "Make it longer. Use at least 12 letters. Spaces count too."
