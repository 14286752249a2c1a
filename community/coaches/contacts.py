"""Ways to reach somebody: numbers, addresses of mail, names and pages on other sites.

"07700 900123" · "oh seven seven double oh, 900 123" · "jo@example.com" · "jo dot marsh at example dot com" ·
"@quietbird" · "heron#4821" · "facebook.com/jo.marsh" · "find me on instagram" · "I'm jomarsh eighty eight on reddit"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.coaches.reading import WORDS, Word, said, words

_NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/]{7,}\d")  # digits with what people put between them
_FREE = ("0800", "0808", "1800", "1888", "1877")  # helplines, which everyone may know
_DIGITS = dict(pair.split("=") for pair in WORDS["digits"])
_COUNTING = tuple("".join(map(str, order)) for order in (range(31), range(30, -1, -1)))  # while one breathes
_ENDINGS = WORDS["endings"]
_AT = frozenset({"at", "[at]", "(at)"})
_NOT_HANDLES = frozenset({"@all", "@everyone", "@here", "@team", "@mods"})
_SITES = WORDS["sites"]
_PROFILES = (
    "facebook.com/", "fb.com/", "instagram.com/", "linkedin.com/in/", "twitter.com/", "x.com/", "tiktok.com/@",
    "t.me/", "wa.me/", "discord.gg/", "snapchat.com/", "reddit.com/u", "youtube.com/@", "youtube.com/c",
    "threads.net/@", "bsky.app/profile/",
)  # fmt: skip


def find(text: str) -> list[str]:
    """What in a text is a way to reach somebody, as it was typed."""
    found = words(text)
    return [*_numbers(text), *_spelled_out(found), *_mail(found), *_handles(found), *_elsewhere(found)]


def _numbers(text: str) -> Iterator[str]:
    for match in _NUMBER.finditer(text):
        groups = re.findall(r"\d+", match[0])
        is_dose = re.search(r"\b0\.\d", match[0])
        if not is_dose and _is_phone("".join(groups), groups, international=match[0].startswith("+")):
            yield match[0].strip(" (")


def _is_phone(digits: str, groups: list[str], *, international: bool) -> bool:
    if digits.startswith(_FREE):
        return False
    if international:
        return 9 <= len(digits) <= 15
    return (digits[0] == "0" and 10 <= len(digits) <= 11) or [len(group) for group in groups] == [3, 3, 4]


def _spelled_out(found: list[Word]) -> Iterator[str]:
    run: list[Word] = []
    for word in [*found, Word(raw="", bare="", ends=True)]:
        if _parts(word):
            run.append(word)
            continue
        if _is_spelled(run):
            yield said(run)
        run = []


def _parts(word: Word) -> list[str]:
    """The numbers in a word: "seven", "oh-seven-seven", "900". None where anything else is in it."""
    parts = word.low.split("-")
    return parts if all(part in _DIGITS or part.isdecimal() for part in parts) else []


def _is_spelled(run: list[Word]) -> bool:
    """Whether numbers in a row, not all of them in digits, are one to ring: seven words, or as long as a phone number.
    Not who counts, and no helpline."""
    parts = [part for word in run for part in _parts(word)]
    in_words, digits = sum(part in _DIGITS for part in parts), _digits(parts)
    if in_words < 2 or digits.startswith(_FREE) or any(digits in order for order in _COUNTING):
        return False
    return in_words >= 7 or _is_phone(digits, [], international=False)


def _digits(parts: list[str]) -> str:
    """What they come to: "double oh, twenty three" is 0023."""
    typed, times, tens = "", 1, False
    for part in parts:
        value = _DIGITS.get(part, part)
        if value.startswith("x"):
            times = int(value[1:])
            continue
        typed = (typed[:-1] if tens and len(value) == 1 else typed) + value * times
        times, tens = 1, part.endswith("ty")
    return typed


def _mail(found: list[Word]) -> Iterator[str]:
    for at, word in enumerate(found):
        name, _, host = word.bare.partition("@")
        if name and "." in host:
            yield word.bare
        if word.raw.lower() in _AT and 0 < at < len(found) - 1:
            after = found[at + 1 : at + 4]
            dotted = [one.low for one in after[1:]]
            whole = word.raw != word.bare and after[0].low.rpartition(".")[2] in _ENDINGS
            if whole or (dotted[:1] == ["dot"] and dotted[1:] and dotted[1] in _ENDINGS):
                yield said([found[at - 1], word, *after[: 1 if whole else 3]])


def _handles(found: list[Word]) -> Iterator[str]:
    for word in found:
        name, sharp, number = word.bare.partition("#")
        is_handle = word.bare.startswith("@") and len(word.bare) > 3 and word.low not in _NOT_HANDLES
        if is_handle or (name and sharp and len(number) == 4 and number.isdigit()):
            yield word.bare


def _elsewhere(found: list[Word]) -> Iterator[str]:
    low = [word.low for word in found]
    for at, word in enumerate(found):
        link = word.low.removeprefix("https://").removeprefix("http://").removeprefix("www.")
        if link.startswith(_PROFILES) and len(link) > len(next(p for p in _PROFILES if link.startswith(p))):
            yield word.bare
        elif word.low in _SITES and _points_to_me(found, low, at):
            yield said(found[max(0, at - 3) : at + 3])


def _points_to_me(found: list[Word], low: list[str], at: int) -> bool:
    """ "find me on instagram", "my insta is …", "I'm JoMarsh88 on reddit", "I'm jomarsh eighty eight on reddit"; not
    "I left facebook"."""
    before, after = low[max(0, at - 4) : at], low[at + 1 : at + 2]
    if before[-1:] == ["my"]:
        return after in (["is"], ["handle"], ["name"]) or found[at].raw.endswith(":")
    if before[-1:] != ["on"]:
        return False
    if "me" in before and {"find", "add", "dm", "message", "text", "follow", "look"} & set(before):
        return True
    last = at - 2
    while last > max(0, at - 6) and _parts(found[last]):
        last -= 1
    in_words = sum(len(_parts(one)) for one in found[last + 1 : at - 1])
    named = found[last].bare if at > 1 else ""
    odd = any(char.isdigit() or char == "_" for char in named) or any(char.isupper() for char in named[1:])
    return (odd or in_words > 1) and low[last - 1 : last] in (["i'm"], ["am"], ["im"])
