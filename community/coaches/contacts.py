"""Ways to reach somebody: numbers, addresses of mail, names and pages on other sites.

"07700 900123" · "jo@example.com" · "jo dot marsh at example dot com" · "@quietbird" · "heron#4821" ·
"facebook.com/jo.marsh" · "find me on instagram" · "I'm JoMarsh88 on reddit"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.coaches.reading import WORDS, Word, said, words

_NUMBER = re.compile(r"\+?\(?\d[\d\s().\-/]{7,}\d")  # digits with what people put between them
_FREE = ("0800", "0808", "1800", "1888", "1877")  # helplines, which everyone may know
_DIGITS = WORDS["digits"]
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
        if word.low in _DIGITS:
            run.append(word)
            continue
        if len(run) >= 7:
            yield said(run)
        run = []


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
    """ "find me on instagram", "my insta is …", "I'm JoMarsh88 on reddit"; not "I left facebook"."""
    before, after = low[max(0, at - 4) : at], low[at + 1 : at + 2]
    if before[-1:] == ["my"]:
        return after in (["is"], ["handle"], ["name"]) or found[at].raw.endswith(":")
    if before[-1:] != ["on"]:
        return False
    if "me" in before and {"find", "add", "dm", "message", "text", "follow", "look"} & set(before):
        return True
    named = found[at - 2].bare if at > 1 else ""
    odd = any(char.isdigit() or char == "_" for char in named) or any(char.isupper() for char in named[1:])
    return odd and low[at - 3 : at - 2] in (["i'm"], ["am"], ["im"])
