"""Rules for people: lists of names, the words that announce one, and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from research.release.lists import lists
from research.release.reading import MOST_WORDS, Reading
from research.release.spans import Span
from research.release.tokens import CLOSED, Token

MEDICINE = re.compile(
    r"\w{3,}(?:ine|pam|lam|pine|done|zole|pril|olol|statin|mide|cin|cillin|gabalin|pentin|pram|azine|idone|iptan|mab"
    r"|nib|zepam|etine|oxin|asone|olone|profen|barb|parib|sartan|formin|tide|gliptin|flozin|triptan)$"
)
NO_NAME = ("ish", "ian", "ism", "ist", "ese", "ic")
AFTER_INITIAL = frozenset((". ", ".", " '", " \u2019"))
BEFORE_NAME = frozenset((" ", ". ", "."))
MOST_BEFORE = 4
INITIALS = re.compile(r"(?<![\w.])[A-Z]\.(?: ?[A-Z]\.){1,2}(?!\w)")


def name(reading: Reading, at: int) -> int | None:
    """After the last word of a name that begins here, or None."""
    token, known = reading.tokens[at], reading.known
    low, stay, cue = token.low, known.cues["stay"], announced(reading, at)
    listed = known.first.get(low)
    if (low in stay or low.removesuffix("s") in stay) and not (
        cue in {"title", "called"} and listed is not None
    ):
        return None
    if listed is None:
        is_name = not MEDICINE.match(low) and _is_unlisted(reading, at, cue)
    elif low in known.common:
        is_name = _is_wordlike(reading, at, cue)
    elif reading.is_letters(at) and len(low) <= 4:
        is_name = bool(cue) and low in known.cues["gentle"]
    else:
        is_name = token.is_capital or listed or (bool(cue) and low in known.cues["gentle"])
    return _extended(reading, at) if is_name or _is_double(reading, at) else None


def beginning(reading: Reading, at: int) -> int:
    """Before a name: the initials, the titles ("Dr", "Nana") and the epithets ("Big") that belong to it."""
    known, first = reading.known, at
    while first > 0 and at - first < MOST_BEFORE and reading.tokens[first].gap in BEFORE_NAME:
        one = reading.tokens[first - 1]
        is_initial = len(one.low) == 1 and (one.low not in {"i", "a"} or reading.tokens[first].gap[0] == ".")
        is_title = one.low in known.cues["titles"] | known.cues["epithets"]
        is_large = one.is_capital and not reading.is_loud
        if one.is_dead or not (
            (is_large and (is_initial or is_title)) or one.low in known.cues["plain_titles"]
        ):
            break
        first -= 1
    return first


def initials(reading: Reading) -> Iterator[Span]:
    """ "C.R." for somebody, and no country or hour."""
    for hit in INITIALS.finditer(reading.text) if "." in reading.text else ():
        if hit[0].replace(".", "").lower() not in reading.known.cues["no_initials"]:
            yield Span(*hit.span(), "name", hit[0].replace(".", " ").lower().strip())


def _is_double(reading: Reading, at: int) -> bool:
    """ "Okonjo-Hale": two capitals and a hyphen, one of them no word."""
    known, tokens = reading.known, reading.tokens
    if at + 1 >= len(tokens) or tokens[at + 1].gap != "-" or reading.is_loud:
        return False
    two = (tokens[at], tokens[at + 1])
    if not all(one.is_capital and len(one.low) > 2 and not one.is_dead for one in two):
        return False
    lows = {one.low for one in two}
    return lows.isdisjoint(known.cues["stay"] | known.cues["generic"]) and not lows <= known.common


@cache
def announcing() -> frozenset[str]:
    """Every word before a name that can say that it is one: for any other nothing more is asked."""
    cues = lists().cues
    return frozenset().union(
        ("him", "her", "it", "me", "is", "was", "s", "m", "am", "im", "you"),
        *(cues[name] for name in ("titles", "plain_titles", "called", "kin", "greet")),
    )


def announced(reading: Reading, at: int) -> str:
    """What stands before a name: title, called, kin, self ("I'm"), is, greet; or nothing."""
    cues, one = reading.known.cues, reading.before(at)
    if one not in announcing():
        return ""
    two = reading.before(at, 2)
    is_named = (one in {"is", "was"} and two in {"name", "names"}) or (one == "s" and two == "name")
    found = ""
    if one in cues["titles"] and (reading.tokens[at - 1].is_capital or one in cues["plain_titles"]):
        found = "title"
    elif one in cues["called"] or is_named or (one in {"him", "her", "it", "me"} and two in cues["called"]):
        found = "called"
    elif one in cues["kin"]:
        found = "kin" if two in cues["owners"] else "greet"
    elif (one in {"m", "am"} and two == "i") or one == "im" or (one == "is" and two in {"this", "here"}):
        found = "self"
    elif one in cues["greet"] or (one == "you" and two == "thank"):
        found = "greet"
    elif one in {"is", "s"} and not cues["kin"].isdisjoint((two, reading.before(at, 3))):
        found = "is"
    return found


def _is_unlisted(reading: Reading, at: int, cue: str) -> bool:
    """A word in no list of first names: announced, or somebody who spoke, or a capital that nothing explains."""
    token, cues = reading.tokens[at], reading.known.cues
    low, is_word, is_large = (
        token.low,
        token.low in reading.known.common,
        token.is_capital and not reading.is_loud,
    )
    if cue == "title":
        return is_large or (
            not is_word and (low in reading.known.surnames or reading.before(at) in cues["plain_titles"])
        )
    if not is_large or is_word or len(low) < 3:
        return cue == "called" and len(low) > 2 and (not is_word or (is_large and low not in cues["openers"]))
    if reading.is_letters(at):
        return False
    if cue in {"kin", "called"}:
        return True
    is_one = not low.endswith("s") and low not in cues["kin"]
    if is_one and (cue == "greet" or _is_subject(reading, at)):
        return True
    return not token.opens and low not in cues["slips"] and not low.endswith(NO_NAME)


def _is_subject(reading: Reading, at: int) -> bool:
    """Somebody who says something, or who opens a sentence and does something: "Morwenna will be there"."""
    token, cues, after = reading.tokens[at], reading.known.cues, reading.after(at + 1)
    acts = token.opens and token.low not in cues["slips"]
    return after in (cues["said"] | cues["does"] if acts else cues["said"] - cues["weak"])


def _is_wordlike(reading: Reading, at: int, cue: str) -> bool:
    """Will, Mark, Grace, Hope: a word that is also a name."""
    token, cues, after = reading.tokens[at], reading.known.cues, reading.after(at + 1)
    if not token.is_capital or reading.is_loud:
        return _is_small_name(reading, at, cue)
    if cue:
        return cue not in {"self", "is"} or token.low not in cues["no_self"]
    if token.low in cues["generic"]:
        return False
    if token.opens:
        spoke = cues["said"] - cues["weak"] if token.low in cues["shy"] else cues["said"] | cues["does"]
        is_gentle = token.low in cues["gentle"] - cues["feelings"] - cues["shy"] and after.endswith("ed")
        return is_gentle or after in spoke or (after == "from" and token.low in cues["gentle"])
    last = reading.tokens[at - 1]
    return not last.is_capital or last.opens or last.low in {"i", "and"}


def _is_small_name(reading: Reading, at: int, cue: str) -> bool:
    """The same in small letters: "my son will", "will said"."""
    low, cues, after = reading.tokens[at].low, reading.known.cues, reading.after(at + 1)
    if low in cues["gentle"] | cues["shy"] and after in cues["spoke"]:
        return reading.before(at) not in cues["owners"] | (cues["openers"] - cues["links"])
    is_first = cue != "self" or (after in {"and", "", "from"} and low not in cues["feelings"])
    return cue in {"called", "kin", "title", "self"} and low in cues["gentle"] and is_first


def _extended(reading: Reading, at: int) -> int:
    """Surnames and initials after a first name, in the same spelling."""
    end = at + 1
    while end < min(at + MOST_WORDS, len(reading.tokens)):
        token, is_after_initial = reading.tokens[end], len(reading.tokens[end - 1].low) == 1
        is_joined = token.gap in CLOSED or (is_after_initial and token.gap in AFTER_INITIAL)
        if not is_joined or token.is_dead or not _goes_on(reading, at, end, token):
            break
        end += 1
    return end


def _goes_on(reading: Reading, at: int, end: int, token: Token) -> bool:
    """Whether one more word belongs to a name."""
    known, low = reading.known, token.low
    is_large = reading.tokens[at].is_capital and not reading.is_loud
    if len(low) == 1:
        return is_large and token.is_capital and low not in {"i", "a"}
    if low in known.cues["stay"] or (low in known.cues["organisations"] and token.is_capital):
        return False
    if not is_large:
        return low in known.surnames and low not in known.common
    if token.is_capital and (low not in known.common or low in known.surnames or low in known.first):
        return True
    is_followed = end + 1 < len(reading.tokens) and reading.tokens[end + 1].is_capital
    return low in known.cues["particles"] and is_followed
