"""Passphrases that somebody would guess soon: they repeat themselves, or are a few common words in a row."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

LENGTH = 12  # what settings ask for
DISTINCT_LETTERS = 6
DISTINCT_LENGTH = 12  # of what is left once repeats are taken out
ENOUGH_WORDS = 4  # four unrelated words of a list of 20,000 are 57 bits; Argon2id does the rest


class GuessedSoon(CommonPasswordValidator):
    """Refuses what Django's list of common passwords holds, what is three or fewer of its words joined,
    whatever digits stand among them, and what says one thing again and again."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < LENGTH:
            return  # that it is short is said already, and is what to change first
        said = unicodedata.normalize("NFKC", password).casefold()
        words = dict.fromkeys(re.findall(r"[^\W_]+", said))
        once = _once("".join(words))
        repeats = len(once) < sum(len(word) for word in re.findall(r"[^\W_]+", said))
        if len(set(said) - {" "}) < DISTINCT_LETTERS or (repeats and len(once) < DISTINCT_LENGTH):
            raise ValidationError("", code="passphrase_repeats")
        # As it is too: some common ones hold signs, such as an address.
        fewest = min(self._fewest_words(once), self._fewest_words(said))
        if said.strip() in self.passwords or fewest < ENOUGH_WORDS:
            raise ValidationError("", code="password_too_common")

    def _fewest_words(self, text: str) -> int:
        """How few words of the list make up the text, if they do; else more than enough. Digits and signs come
        free: a year or a birthday is what people put behind a word."""
        fewest = [0] + [ENOUGH_WORDS] * len(text)
        longest = max(map(len, self.passwords))
        for end in range(1, len(text) + 1):
            if not text[end - 1].isalpha():
                fewest[end] = fewest[end - 1]
            for start in range(max(0, end - longest), end):
                if fewest[start] + 1 < fewest[end] and text[start:end] in self.passwords:
                    fewest[end] = fewest[start] + 1
        return fewest[-1] if text else ENOUGH_WORDS


def _once(text: str) -> str:
    """'abcabcabc' is 'abc' three times."""
    return text[: (text + text).find(text, 1)] if text else text
