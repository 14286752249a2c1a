"""Handles: the names people wear in one group. Offered from a safe word list, or typed and looked over.

A handle is unique in its group only. It is compared by `key_of`, under which look-alikes are equal, so that
nobody can pass for somebody else by a capital I in place of an l.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from django.utils.translation import gettext as _

from community.models import Group, Persona
from core import clock, ids
from core import text as member_text

MIN_LENGTH = 2
MAX_LENGTH = 30
KEY_LENGTH = 40  # the column's
FIRST_YEAR = 1920  # of birth, among people who may be here
MAX_DIGITS = 4
ACCENTS = 200  # Unicode's combining classes from here on sit above or below a letter
ROLE_WORDS = ("moderator", "administrator", "group lead", "peer leader", "researcher")
STAFF_NAMES = ("admin", "mod", "staff", "team", "support", "helper", "official")
_WORDS = Path(__file__).parent / "data" / "handle_words.txt"
# Letters of other scripts, and digits, that look like a Latin letter. Facts from Unicode's confusables (UTS 39).
_LOOKS = str.maketrans(
    "аеорсухіјѕԁɡһӏкмтвнαορνικτυχγ013578ıł",  # noqa: RUF001
    "aeopcyxijsdghlkmtbhaopviktuxyolestbil",
)


def key_of(handle: str) -> str:
    """What two handles are compared by: letters and digits alone, without case or accents, look-alikes equal."""
    plain = unicodedata.normalize("NFKC", handle).casefold()
    bare = (char for char in unicodedata.normalize("NFKD", plain) if unicodedata.combining(char) < ACCENTS)
    figures = "".join(str(unicodedata.decimal(char, char)) for char in bare)
    squeezed = "".join(char for char in figures.translate(_LOOKS) if _is_writing(char))
    return squeezed.replace("vv", "w").replace("rn", "m").replace("i", "l")[:KEY_LENGTH]


def propose(*, group: Group, n: int) -> list[str]:
    """`n` different handles from the word list that nobody in the group has, or ever had."""
    found: dict[str, str] = {}
    while len(found) < n:
        drawn = {key_of(handle): handle for handle in (_draw() for _ in range(n * 2))}
        taken = Persona.objects.filter(group=group, handle_key__in=drawn).values_list("handle_key", flat=True)
        for key in taken:
            del drawn[key]
        found |= drawn
    return list(found.values())[:n]


def check(*, text: str) -> str:
    """Why a typed handle is refused, as one plain sentence, or '' if it may be used."""
    handle = tidy(text)
    checks = (_length, _characters, _digits, _year, _role)
    return next((reason for reason in (look(handle) for look in checks) if reason), "")


def tidy(handle: str) -> str:
    """The handle as it is stored: NFKC, single spaces, nothing that turns or hides text."""
    return " ".join(unicodedata.normalize("NFKC", member_text.tidy(handle)).split())


def _is_writing(char: str) -> bool:
    """Letters, digits, and the signs without which some scripts cannot write a word."""
    return char.isalpha() or char.isdecimal() or unicodedata.category(char).startswith("M")


def _draw() -> str:
    return " ".join(words[ids.new_key() % len(words)] for words in _words())


@functools.cache
def _words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    lines = [line.split("\t") for line in _WORDS.read_text().splitlines() if line]
    return (
        tuple(word for kind, word in lines if kind == "adjective"),
        tuple(word for kind, word in lines if kind == "noun"),
    )


def _length(handle: str) -> str:
    if len(handle) > MAX_LENGTH:
        return _("That name is too long. Use 30 letters or fewer.")
    if len(key_of(handle)) < MIN_LENGTH:
        return _("Use at least 2 letters.")
    return ""


def _characters(handle: str) -> str:
    if "@" in handle or "." in handle or "www" in handle.casefold():
        return _("That looks like an email or web address. Please leave it out.")
    if all(_is_writing(char) or char in " -'" for char in handle):
        return ""
    return _("Use letters, numbers and spaces only.")


def _figures(handle: str) -> str:
    return "".join(str(unicodedata.decimal(char)) for char in handle if char.isdecimal())


def _digits(handle: str) -> str:
    if len(_figures(handle)) > MAX_DIGITS:
        return _("Use 4 numbers at most. A phone number or a date can give you away.")
    return ""


def _year(handle: str) -> str:
    figures = _figures(handle)
    if len(figures) == MAX_DIGITS and FIRST_YEAR <= int(figures) <= clock.today().year:
        return _("That looks like a year. A year of birth can give you away.")
    return ""


def _role(handle: str) -> str:
    key = key_of(handle)
    if any(key_of(word) in key for word in ROLE_WORDS) or key in map(key_of, STAFF_NAMES):
        return _("That sounds like someone from the team. Please pick another name.")
    return ""
