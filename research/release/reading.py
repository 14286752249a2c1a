"""One message as the rules for names see it: its words, and what stands beside each."""

from __future__ import annotations

from research.release.lists import Lists, lists
from research.release.spans import Span
from research.release.tokens import CLOSED, is_shouted, words

MOST_WORDS = 4
BESIDE = " ,'\u2019(\"\u201c@"


class Reading:
    """A message, its words, and the lists. A place in it is the number of a word."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = words(text)
        self.is_loud = is_shouted(text)
        self.known: Lists = lists()

    def span(self, first: int, after: int, kind: str) -> Span:
        """From one word up to another; a name says whose number it takes."""
        among = self.tokens[first:after]
        who = " ".join(one.low for one in among) if kind == "name" else ""
        return Span(among[0].start, among[-1].end, kind, who)

    def before(self, at: int, back: int = 1) -> str:
        """The word so many before, if nothing but spaces and commas stands between; else nothing."""
        if at < back:
            return ""
        for one in range(at - back + 1, at + 1):
            gap = self.tokens[one].gap
            if gap != " " and gap.strip(BESIDE):
                return ""
        return self.tokens[at - back].low

    def after(self, after: int) -> str:
        """The word that follows, likewise."""
        if after < len(self.tokens) and not self.tokens[after].gap.strip(" "):
            return self.tokens[after].low
        return ""

    def is_mid(self, at: int) -> bool:
        """Whether it has a capital that the beginning of a sentence does not explain."""
        token = self.tokens[at]
        return token.is_capital and not token.opens and not self.is_loud

    def is_letters(self, at: int) -> bool:
        """Whether all of it is in capitals, in a message that is not."""
        token = self.tokens[at]
        return not self.is_loud and self.text[token.start : token.end].isupper()

    def capitals(self, at: int) -> int:
        """After the last of the words with capitals from here on."""
        end = at + 1
        while end < min(at + MOST_WORDS, len(self.tokens)):
            token = self.tokens[end]
            is_part = token.gap in CLOSED and token.is_capital and not token.is_dead
            if not is_part or token.low in self.known.cues["stay"]:
                break
            end += 1
        return end
