"""Handles: the names people wear in one group. Offered from a safe word list, or typed and looked over.

A handle is unique in its group only. It is compared by `key_of`, under which look-alikes are equal, so that
nobody can pass for somebody else by a capital I in place of an l.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from community.models import Group, Persona
from core import clock, ids
from core import text as member_text
from core.forms import too_long
from core.prepared import Prepared

NAME_OF_THE_GONE = gettext_noop("Someone who left")
MIN_LENGTH = 2
MAX_LENGTH = 30
LOOKED_AT = 400  # letters of what was typed: who types more than fits is told so, and costs nobody anything
KEY_LENGTH = 40  # the column's
FIRST_YEAR = 1920  # of birth, among people who may be here
MAX_DIGITS = 4
ACCENTS = 200  # Unicode's combining classes from here on sit above or below a letter
ROLE_WORDS = ("moderator", "administrator", "group lead", "peer leader", "researcher")  # wherever they stand
TEAM_WORDS = ("admin", "kith", "lead", "leader", "mod", "official", "operator", "staff", "team")
STAFF_WORDS = (*TEAM_WORDS, "doctor", "helper", "nurse", "support")  # words of their own, or run together
_WORDS = Path(__file__).parent / "data" / "handle_words.txt"
# Letters of other scripts, and digits, that look like a Latin letter. Facts from Unicode's confusables (UTS 39).
_ALIKE = {
    "cyrillic": ("аеорсухіјѕԁɡһӏкмтвнԛԝѵү", "aeopcyxijsdghlkmtbhqwvy"),
    "greek": ("αορνικτυχγη", "aopviktuxyn"),
    "armenian": ("օոսհցզ", "onuhgq"),  # noqa: RUF001
    "cherokee": ("ᎠᎡᎢᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏙᏚᏞᏟᏢᏦᏴ", "drtyajewmhyghzbrvslcpkb"),  # noqa: RUF001
    "lisu": ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou"),  # noqa: RUF001
    "latin": ("ıłƚɩǀǁǃȴđɗɖɓƀħøɔəǝɛɇŧƭȶƙĸƶɣɏƴỿʋƒƈȼɍɉȷǥƥƿƞȵƨ", "illilllldddbbhooeeeetttkkzyyyyvfccrjjgppnns"),
    "digits": ("013578", "olestb"),
}
_LOOKS = str.maketrans(*("".join(side) for side in zip(*_ALIKE.values(), strict=True)))
_ALPHABETS = "əɛɔɓɗɖɣʋɲ"  # the phonetic letters that whole languages are written in
_LATIN = (range(0x250), range(0x1E00, 0x1F00))  # the rest of Latin is phonetics and small capitals
_TOGETHER = frozenset(
    ["CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "BOPOMOFO", "HANGUL"]
)
# In a sign's Unicode name.
_UNSEEN = ("FILLER", "VARIATION SELECTOR", "GRAPHEME JOINER", "VOWEL INHERENT", "BLANK")
_LEANING = ("Lm", "Mc", "Me", "Mn")
_LATER_JAMO = ("HANGUL JUNGSEONG", "HANGUL JONGSEONG")  # the second and third sign of a syllable
_PIECES = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[ '-]+|(?<=[a-z])(?=[A-Z])")


def key_of(handle: str) -> str:
    """What two handles are compared by: letters and digits alone, without case or accents, look-alikes equal."""
    plain = unicodedata.normalize("NFKC", handle[:LOOKED_AT]).casefold()
    bare = (char for char in unicodedata.normalize("NFKD", plain) if unicodedata.combining(char) < ACCENTS)
    figures = "".join(str(unicodedata.decimal(char, char)) for char in bare)
    squeezed = "".join(char for char in figures.translate(_LOOKS) if _is_writing(char))
    return squeezed.replace("vv", "w").replace("rn", "m").replace("i", "l")[:KEY_LENGTH]


_taken = Prepared(
    lambda group, keys: Persona.objects.filter(group=group, handle_key__in=keys).values_list(
        "handle_key", flat=True
    )
)


def propose(*, group: Group, n: int) -> list[str]:
    """`n` different handles from the word list that nobody in the group has, or ever had."""
    found: dict[str, str] = {}
    while len(found) < n:
        drawn = {key_of(handle): handle for handle in (_draw() for _ in range(n * 2))}
        for key in _taken(group=group.pk, keys=list(drawn)):
            del drawn[key]
        found |= drawn
    return list(found.values())[:n]


def written(handle: str) -> re.Pattern[str]:
    """What finds a handle in a text, also over two lines that somebody quotes. One of one word is a word like others,
    unless it is written as a name."""
    words = handle.split()
    pattern = r"(?<!\w)" + r"[\s>]+".join(map(re.escape, words)) + r"(?!\w)"
    return re.compile(pattern, re.IGNORECASE if len(words) > 1 else 0)


def that_may_stand_in(text: str, *, among: Iterable[str]) -> list[str]:
    """Of handles those that are worth a closer look, the longest first."""
    low = text.casefold()
    there = [handle for handle in among if handle and handle.split()[0].casefold() in low]
    return sorted(there, key=len, reverse=True)


def is_ours(handle: str) -> bool:
    """Whether a handle is one that `propose` could have drawn."""
    first, _, second = handle.partition(" ")
    adjectives, nouns = _words()
    return first in adjectives and second in nouns


def check(*, text: str) -> str:
    """Why a typed handle is refused, as one plain sentence, or '' if it may be used."""
    handle = tidy(text)
    checks = (_length, _characters, _digits, _year, _role, _gone)
    return next((reason for reason in (look(handle) for look in checks) if reason), "")


def tidy(handle: str) -> str:
    """The handle as it is stored: NFKC, single spaces, nothing that turns or hides text."""
    return " ".join(unicodedata.normalize("NFKC", member_text.tidy(handle[:LOOKED_AT])).split())


def _is_writing(char: str) -> bool:
    """Letters, digits, and the signs without which some scripts cannot write a word; nothing that is not seen."""
    if any(part in unicodedata.name(char, "") for part in _UNSEEN):
        return False
    return char.isalpha() or char.isdecimal() or unicodedata.category(char).startswith("M")


def _is_plain(char: str) -> bool:
    """Whether a letter belongs to an alphabet that people write in, and a free mark is no more than an accent."""
    script = _script(char)
    if script == "COMBINING":
        return unicodedata.combining(char) >= ACCENTS
    return script != "LATIN" or char in _ALPHABETS or any(ord(char) in block for block in _LATIN)


def _script(char: str) -> str:
    """The script a sign belongs to, as its Unicode name says; those of one language together."""
    first = unicodedata.name(char, "").split(" ")[0]
    return "CJK" if first in _TOGETHER else first


def _leans(char: str) -> bool:
    """Whether a sign makes no word without a letter beside it: alone it is hardly seen, and a name with it looks like
    another."""
    return unicodedata.category(char) in _LEANING or unicodedata.name(char, "").startswith(_LATER_JAMO)


def _mixes(word: str) -> bool:
    """Whether letters of two scripts stand in one word: no language does that, a look-alike does."""
    scripts = {_script(char) for char in word if not char.isdecimal()} - {"COMBINING"}
    return len(scripts) > 1


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
        return too_long(field=_("The name"), most=MAX_LENGTH, has=len(handle))
    if len(key_of(handle)) < MIN_LENGTH:
        return _("Use at least 2 letters.")
    return ""


def _characters(handle: str) -> str:
    if "@" in handle or "." in handle or "www" in handle.casefold():
        return _("That looks like an email or web address. Please leave it out.")
    if not all(char in " -'" or (_is_writing(char) and _is_plain(char)) for char in handle):
        return _("Use letters, numbers and spaces only.")
    words = [word for word in re.split("[ '-]+", handle) if word]
    if any(all(map(_leans, word)) for word in words):
        return _("Use letters, numbers and spaces only.")
    if any(map(_mixes, words)):
        return _("Use letters of one alphabet in a word.")
    return ""


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


def _gone(handle: str) -> str:
    if key_of(handle) in {key_of(NAME_OF_THE_GONE), key_of(_(NAME_OF_THE_GONE))}:
        return _("That is what Kith calls people who left. Please pick another name.")
    return ""


def _role(handle: str) -> str:
    words = _BETWEEN.split(handle)
    alone = {key_of(part) for word in (handle, *words) for part in (word, word.rstrip("0123456789 "))}
    staff = _run_of(STAFF_WORDS)
    if any(key_of(word) in key_of(handle) for word in ROLE_WORDS) or any(map(staff.fullmatch, alone)):
        return _("That sounds like someone from the team. Please pick another name.")
    return ""


def sounds_like_team(text: str) -> bool:
    """Whether words for what somebody is sound like a role that Kith gives: a nurse may be checked as one, nobody as a
    moderator."""
    keys = [key_of(word) for word in _PIECES.split(text)]
    whole, team = "".join(keys), _run_of(TEAM_WORDS)
    return any(key_of(word) in whole for word in ROLE_WORDS) or any(map(team.fullmatch, [whole, *keys]))


@functools.cache
def _run_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:the)?(?:(?:{'|'.join(map(key_of, words))})s?)+")
