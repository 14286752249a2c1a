"""Passphrases that somebody would guess soon: they repeat themselves, or are a few common words in a row."""

from __future__ import annotations

import re
import string
import unicodedata
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.recovery_words import word_list

LENGTH = 12  # what settings ask for
DISTINCT_LETTERS = 6
DISTINCT_LENGTH = 12  # of what is left once repeats are taken out
ENOUGH_WORDS = 4  # four unrelated words of a list of 20,000 are 57 bits; Argon2id does the rest


class GuessedSoon(CommonPasswordValidator):
    """Refuses what Django's list of common passwords holds, what is three or fewer of its words joined,
    whatever digits and signs stand in or among them, and what says one thing again and again."""

    def __init__(self) -> None:
        super().__init__()
        said = {_folded(word) for word in self.passwords}
        self.words = said | {"".join(_pieces(word)) for word in said}
        self.longest = max(map(len, self.words))

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < LENGTH:
            return  # that it is short is said already, and is what to change first
        said = _folded(password)
        if len(set(said.split()) & set(word_list())) >= ENOUGH_WORDS:
            return  # what chance gave somebody is theirs, even where two of the words also read as a common one
        pieces = _pieces(said)
        letters = _without_digits("".join(pieces))
        once = _once(_without_digits("".join(dict.fromkeys(pieces))))
        if len(set(said) - {" "}) < DISTINCT_LETTERS or (
            len(once) < len(letters) and len(once) < DISTINCT_LENGTH
        ):
            raise ValidationError("", code="passphrase_repeats")
        readings = "".join(pieces), _once("".join(dict.fromkeys(pieces))), once
        if min(map(self._fewest_words, readings)) < ENOUGH_WORDS:
            raise ValidationError("", code="password_too_common")

    def _fewest_words(self, text: str) -> int:
        """How few words of the list make up the text, if they do; else more than enough. Digits and signs of a keyboard
        come free: a year, a birthday or "!" is what people put behind a word."""
        fewest = [0] + [ENOUGH_WORDS] * len(text)
        for end in range(1, len(text) + 1):
            if text[end - 1].isdecimal() or text[end - 1] in string.punctuation:
                fewest[end] = fewest[end - 1]
            for start in range(max(0, end - self.longest), end):
                if fewest[start] + 1 < fewest[end] and text[start:end] in self.words:
                    fewest[end] = fewest[start] + 1
        return fewest[-1]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _pieces(said: str) -> list[str]:
    """The words, bare of signs, so that those in the list that have some are known again: mail.ru. Where there is
    nothing but signs, these."""
    return re.findall(r"[^\W_]+", said) or said.split()


def _without_digits(text: str) -> str:
    return re.sub(r"\d", "", text)


def _once(text: str) -> str:
    """'abcabcabc' is 'abc' three times."""
    return text[: (text + text).find(text, 1)] if text else text
