"""Rules for people, places and organisations: lists of names, the words that announce one, and capitals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from research.release.lists import Lists, lists
from research.release.spans import Span
from research.release.tokens import CLOSED, Token, is_shouted, words

MOST_WORDS = 4
SAINT = re.compile(r"\bSt\.? [A-Z][\w]+(?:['’]s|s['’])?(?: and St\.? [A-Z][\w]+(?:['’]s)?)?")
SAINT_LOW = re.compile(r"\bst\.? [a-z]{3,12}['’]?s?['’]? (?:hospital|school|academy|primary|church|college|hospice|surgery|nursery|clinic|ward|secondary|high)\b")
WARD = re.compile(r"\b[Ww]ard (?:\d{1,3}[A-Z]?|[A-Z]\d{0,3})\b")
MEDICINE = re.compile(
    r"\w{3,}(?:ine|pam|lam|pine|done|zole|pril|olol|statin|mide|cin|cillin|gabalin|pentin|pram|azine|idone|iptan|mab|nib|zepam|etine|oxin"
    r"|asone|olone|profen|barb|parib|sartan|formin|tide|gliptin|flozin|triptan)$"
)


class Reading:
    """One message as rules for names see it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = words(text)
        self.is_loud = is_shouted(text)
        self.known: Lists = lists()

    def spans(self) -> Iterator[Span]:
        """Organisations, then people, then places; a word belongs to whoever takes it first."""
        for pattern in (SAINT, SAINT_LOW, WARD):
            for hit in pattern.finditer(self.text):
                yield Span(*hit.span(), "organisation")
        yield from self._organisations()
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.is_dead or len(token.low) < 2:
                at += 1
                continue
            place = self._place(at)
            is_place = place and (self._is_place_here(at) or self._is_lived_in(at))
            end = None if is_place else self._name(at)
            if end:
                yield self._span(at, end, "name")
            elif place:
                yield self._span(at, place, "place")
                end = place
            at = end or at + 1

    def _span(self, first: int, after: int, kind: str) -> Span:
        among = self.tokens[first:after]
        who = " ".join(one.low for one in among) if kind == "name" else ""
        return Span(among[0].start, among[-1].end, kind, who)

    def _before(self, at: int, back: int = 1) -> str:
        """The word so many before, if nothing but spaces and commas stands between; else nothing."""
        if at - back < 0 or any(self.tokens[at - one].gap.strip(" ,'’(\"“@") for one in range(back)):
            return ""
        return self.tokens[at - back].low

    def _after(self, after: int) -> str:
        """The word that follows, likewise."""
        if after < len(self.tokens) and not self.tokens[after].gap.strip(" "):
            return self.tokens[after].low
        return ""

    def _is_mid(self, at: int) -> bool:
        """A capital that neither the beginning of a sentence nor a neighbour with one explains."""
        token = self.tokens[at]
        return token.is_capital and not token.opens and not self.is_loud

    # People

    def _name(self, at: int) -> int | None:
        """After the last word of a name that begins here, or None."""
        token, known = self.tokens[at], self.known
        low, stay = token.low, known.cues["stay"]
        strong = self._cue(at)
        if (low in stay or low.removesuffix("s") in stay) and not (strong in {"title", "called"} and low in known.first):
            return None
        if MEDICINE.match(low) and low not in known.first:
            return None
        listed, is_word = known.first.get(low), low in known.common
        if listed is None:
            is_name = self._is_unlisted_name(at, strong)
        elif is_word:
            is_name = self._is_wordlike_name(at, strong)
        else:
            is_letters = token.is_capital and token.end - token.start <= 4 and self.text[token.start : token.end].isupper() and not self.is_loud
            is_name = (token.is_capital and not is_letters) or (listed and not is_letters) or (bool(strong) and low in known.cues["gentle"])
        return self._extended(at) if is_name else None

    def _cue(self, at: int) -> str:
        """What announces a name before it: a title, "called", a relative, "I'm", a greeting; or nothing."""
        cues, one, two, three = self.known.cues, self._before(at), self._before(at, 2), self._before(at, 3)
        if not one:
            return ""
        if one in cues["titles"] and (self.tokens[at - 1].is_capital or one in cues["plain_titles"]):
            return "title"
        if one in cues["called"] or (one in {"is", "was"} and two in {"name", "names"}) or (one == "s" and two == "name"):
            return "called"
        if one in {"him", "her", "it", "me"} and two in cues["called"]:
            return "called"
        if one in {"name", "names"} and two in {"my", "his", "her", "their", "s", "by", "real", "first"} and ":" in self.tokens[at].gap:
            return "called"
        if one in cues["kin"]:
            is_owned = two in {"my", "our", "his", "her", "their", "a", "the", "old", "best", "eldest", "youngest", "little", "older", "younger", "big", "s", "ex"}
            return "kin" if is_owned else "greet"
        if (one in {"m", "am"} and two in {"i"}) or (one == "im") or (one == "is" and two in {"this", "here"}):
            return "self"
        if one in cues["greet"] or (one == "you" and two == "thank"):
            return "greet"
        if one in {"is", "s"} and (two in cues["kin"] or three in cues["kin"]):
            return "is"
        return ""

    def _is_unlisted_name(self, at: int, cue: str) -> bool:
        """A word that is in no list of first names: announced, or a surname with a capital, or somebody who spoke."""
        token, known = self.tokens[at], self.known
        low, is_word = token.low, token.low in known.common
        if cue == "title":
            return (token.is_capital and not self.is_loud) or (low in known.surnames and not is_word) or (
                not is_word and self._before(at) in known.cues["plain_titles"]
            )
        if not token.is_capital or is_word or self.is_loud or len(low) < 3:
            is_marked = token.is_capital and not self.is_loud and low not in {"the", "it", "a", "in", "to", "this"}
            return cue == "called" and (not is_word or is_marked) and len(low) > 2
        if self.text[token.start : token.end].isupper():
            return False
        if cue in {"kin", "called"}:
            return True
        if cue == "self":
            return not low.endswith(("ish", "ian", "ic"))
        after = self._after(at + 1)
        if (after in known.cues["said"] - known.cues["weak"] and not low.endswith("s") and low not in known.cues["kin"]) or (cue == "greet" and not low.endswith("s")):
            return True
        is_foreign = low not in known.places and not low.endswith(("ish", "ian", "ism", "ist", "ese", "ic", "tic"))
        return not token.opens and is_foreign

    def _is_wordlike_name(self, at: int, cue: str) -> bool:
        """Will, Mark, Grace, Hope: a word that is also a name."""
        token, cues = self.tokens[at], self.known.cues
        after = self._after(at + 1)
        if not token.is_capital or self.is_loud:
            return cue in {"called", "kin", "title", "self"} and token.low in cues["gentle"] and (
                cue != "self" or after in {"and", "", "from"} and token.low not in {"grace", "joy", "faith", "sandy", "rose"}
            )
        if cue in {"title", "called", "kin", "greet"}:
            return True
        if cue in {"self", "is"}:
            return token.low not in {"sad", "mad", "sorry", "lucky", "sunny", "young", "innocent", "major", "roman", "royal", "merry"}
        if not cue and token.low in self.known.cues["generic"]:
            return False
        if token.opens:
            return (after == "from" and token.low in cues["gentle"]) or after in cues["said"] - (cues["weak"] if token.low in {"hope", "love", "may", "will"} else frozenset())
        is_alone = not self.tokens[at - 1].is_capital or self.tokens[at - 1].low in {"i", "and"} or self.tokens[at - 1].opens
        return is_alone

    def _extended(self, at: int) -> int:
        """Surnames and initials after a first name, in the same spelling."""
        known, end = self.known, at + 1
        is_large = self.tokens[at].is_capital and not self.is_loud
        while end < min(at + MOST_WORDS, len(self.tokens)):
            token = self.tokens[end]
            is_joined = token.gap in CLOSED or token.gap in {". ", " '", " ’"} and len(self.tokens[end - 1].low) == 1
            if not is_joined or token.is_dead:
                break
            low, is_word = token.low, token.low in known.common
            if len(low) == 1:
                if not (is_large and token.is_capital and low not in {"i", "a"}):
                    break
            elif low in known.cues["stay"] or (low in known.cues["organisations"] and token.is_capital):
                break
            elif is_large:
                is_fit = token.is_capital and (not is_word or low in known.surnames or low in known.first)
                if not is_fit and not (low in {"van", "de", "von", "der", "la", "al", "el", "mc", "bin", "del", "da"} and end + 1 < len(self.tokens) and self.tokens[end + 1].is_capital):
                    break
            elif is_word or low not in known.surnames:
                break
            end += 1
        while end > at + 1 and len(self.tokens[end - 1].low) == 1 and self.tokens[end - 1].is_dead:
            end -= 1
        return end

    # Places

    def _is_place_here(self, at: int) -> bool:
        """Whether what stands before a word that is a place and a name says that it is the place."""
        return self._before(at) in self.known.cues["in"]

    def _place(self, at: int) -> int | None:
        """After the last word of a place that begins here, or None."""
        token, known = self.tokens[at], self.known
        low = token.low
        for parts, is_big in known.places.get(low, ()):
            after = at + len(parts)
            among = self.tokens[at:after]
            if tuple(one.low for one in among) != parts or any(one.gap not in CLOSED | {". "} for one in among[1:]):
                continue
            if self._is_place(at, after, is_big):
                return after
        if low in known.cues["stay"] or not token.is_capital:
            return None
        is_mid = self._is_mid(at) and not self.text[token.start : token.end].isupper()
        if is_mid and self._is_lived_in(at) and not MEDICINE.match(low):
            return self._capitals(at)
        if low in known.common or low in known.first:
            return None
        is_town = len(low) > 5 and low.endswith(tuple(known.cues["towns"])) and low not in known.surnames
        return at + 1 if is_mid and is_town else None

    def _is_place(self, at: int, after: int, is_big: bool) -> bool:
        """Whether a listed place is meant."""
        known, among = self.known, self.tokens[at:after]
        is_word = all(one.low in known.common for one in among)
        if len(among) == 1 and among[0].low in known.cues["stay"]:
            return False
        if among[0].is_capital and not self.is_loud:
            if len(among) > 1:
                return not is_word or among[-1].is_capital
            if among[0].low in known.cues["no_places"]:
                return self._is_mid(at) and self._before(at) in known.cues["in"]
            return not is_word or (self._is_mid(at) and self._before(at) != "" and (self.tokens[at - 1].opens or not self.tokens[at - 1].is_capital))
        if is_word or not is_big:
            return False
        return len(among) > 1 or (among[0].low not in known.first and (among[0].low not in known.surnames or self._is_place_here(at)))

    def _is_lived_in(self, at: int) -> bool:
        """ "live in", "moved to", "grew up in", "a village called": what follows is a place, whatever it is."""
        cues, back = self.known.cues, 1
        if self._before(at) not in {"in", "to", "near", "at", "from", "of", "called", "outside"}:
            return False
        while self._before(at, back) in cues["between"] | {"called", "of"} and back < 5:
            back += 1
        return self._before(at, back) in cues["live"] | {"village", "town", "city", "suburb", "estate", "area"}

    def _capitals(self, at: int) -> int:
        """After the last of the words with capitals from here on."""
        end = at + 1
        while end < min(at + MOST_WORDS, len(self.tokens)):
            token = self.tokens[end]
            if token.gap not in CLOSED or not token.is_capital or token.is_dead or token.low in self.known.cues["stay"]:
                break
            end += 1
        return end

    # Organisations

    def _organisations(self) -> Iterator[Span]:
        cues = self.known.cues
        for at, token in enumerate(self.tokens):
            if token.is_dead:
                continue
            if token.low in cues["organisations"]:
                first = self._head(at)
                if first is not None:
                    yield self._span(first, self._tail(at), "organisation")
            if token.low in {"university", "bank", "church", "city", "borough"} and token.is_capital and self._after(at + 1) in {"of", "for"}:
                after = at + 2
                if after < len(self.tokens) and self.tokens[after].is_capital and self.tokens[after].low not in cues["generic"]:
                    yield self._span(at, self._capitals(after), "organisation")
            if token.is_capital and self._is_workplace(at):
                yield self._span(at, self._capitals(at), "organisation")

    def _head(self, at: int) -> int | None:
        """Where the name begins that this word closes: with words that have capitals, one of which says which."""
        cues, token = self.known.cues, self.tokens[at]
        if not token.is_capital and token.low not in cues["small"]:
            return None
        first, distinct, missed = at, None, 0
        while first > 0 and at - first < 6 and self.tokens[first].gap in {" ", "-", "'", "’", " & ", "’ ", "' "}:
            one = self.tokens[first - 1]
            if one.is_capital and not self.is_loud:
                is_first_word = one.opens and one.low in self.known.common and (distinct is None or one.low in cues["openers"])
                if one.low not in cues["generic"] and not is_first_word and one.low not in {"gp", "nhs", "i"}:
                    distinct = first - 1
                elif distinct is not None and one.low not in cues["openers"]:
                    distinct = first - 1
                elif is_first_word or one.low in {"my", "the", "our", "i"}:
                    break
            elif one.low not in {"of", "the", "and", "for", "s", "general", "community", "high", "primary", "medical", "health", "secondary"} or missed > 2:
                break
            else:
                missed += 1
            first -= 1
        return distinct

    def _tail(self, at: int) -> int:
        """After the words with capitals that go on with it: "… Hospital NHS Trust"."""
        end = at + 1
        while end < min(at + 4, len(self.tokens)) and self.tokens[end].gap == " " and (
            self.tokens[end].low in self.known.cues["organisations"] | {"nhs", "school", "general"} and self.tokens[end].is_capital
        ):
            end += 1
        return end

    def _is_workplace(self, at: int) -> bool:
        """ "I work at …": whatever has a capital there is an employer."""
        token, known = self.tokens[at], self.known
        if self._before(at) not in {"at", "for"} or (token.low in known.common and token.low not in {"boots", "next", "target"}) or self.is_loud:
            return False
        return self._before(at, 2) in known.cues["work"] and token.low not in {"nhs", "gp", "dwp", "christmas", "easter"}
