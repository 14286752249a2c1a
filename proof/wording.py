"""Made-up people's way of writing: which of two words, which marks, how long. No real text, and no real person."""

from __future__ import annotations

import random
from collections import Counter
from operator import mul

from proof.pairing import Closeness

PAIRS = [
    ("really", "very"), ("but", "though"), ("because", "cause"), ("I am", "I'm"), ("do not", "don't"),
    ("maybe", "perhaps"), ("okay", "ok"), ("a lot", "loads"), ("always", "all the time"), ("kind of", "sort of"),
    ("thank you", "thanks"), ("going to", "gonna"), ("also", "too"), ("big", "huge"), ("now", "right now"),
    ("often", "many times"),
]  # fmt: skip
_PLAIN = (
    "we it that this was is have had not feel felt think know day night week sleep work home people time again good "
    "bad hard help talk talked said told doctor family friend tired better worse first last never still just about"
)
_TOPICS = (
    "pills dose clinic mood sleepless swings diary lithium low high spring therapy",
    "school child lesson teacher nappies bath toddler play nursery cousin football lunch",
)
PLAIN, TOPICS = _PLAIN.split(), [topic.split() for topic in _TOPICS]
MARKS = (". ", "... ", "! ", " :) ", "? ", "; ")
GRAMS, LENGTH = 250, 3


class Writer:
    """One person's habits, the same wherever they write."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.leans = [dice.betavariate(1.5, 1.5) for _ in PAIRS]
        self.marks = [dice.gammavariate(1.5, 1.0) + (1.5 if mark == ". " else 0.02) for mark in MARKS]
        self.plain = [dice.gammavariate(6, 1.0) for _ in PLAIN]
        self.capitals = dice.random() < 0.7
        self.words = dice.uniform(7, 12)

    def post(self, topic: list[str]) -> str:
        """One post of a few sentences."""
        return "".join(self._sentence(topic) for _ in range(self.dice.randint(1, 4)))

    def _sentence(self, topic: list[str]) -> str:
        dice, words = self.dice, []
        for _ in range(max(3, round(dice.gauss(self.words, 2)))):
            which = dice.random()
            if which < 0.3:
                number = dice.randrange(len(PAIRS))
                words.append(PAIRS[number][dice.random() < self.leans[number]])
            else:
                words += [dice.choice(topic)] if which < 0.5 else dice.choices(PLAIN, self.plain)
        text = " ".join(words)
        return (text[0].upper() + text[1:] if self.capitals else text) + dice.choices(MARKS, self.marks)[0]


def closeness(first: list[str], second: list[str]) -> Closeness:
    """How alike two people's texts are: the cosine of the frequencies of runs of letters, each against how people
    here write on average."""
    counts = [[_grams(text) for text in side] for side in (first, second)]
    every: Counter[str] = Counter()
    for side in counts:
        for one in side:
            every.update(one)
    grams = [gram for gram, _ in every.most_common(GRAMS)]
    left, right = (_standard([_shares(one, grams) for one in side]) for side in counts)
    return lambda one, other: sum(map(mul, left[one], right[other]))


def _grams(text: str) -> Counter[str]:
    return Counter(text[at : at + LENGTH] for at in range(len(text) - LENGTH + 1))


def _shares(counts: Counter[str], grams: list[str]) -> list[float]:
    total = sum(counts.values()) or 1
    return [counts[gram] / total for gram in grams]


def _standard(rows: list[list[float]]) -> list[list[float]]:
    """Each column against its mean and spread on this side (the topic is taken out), each row of length one."""
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / len(column) for column in columns]
    spreads = [
        (sum((v - mean) ** 2 for v in column) / len(column)) ** 0.5 or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    scaled = [[(v - m) / s for v, m, s in zip(row, means, spreads, strict=True)] for row in rows]
    lengths = [sum(v * v for v in row) ** 0.5 or 1.0 for row in scaled]
    return [[v / length for v in row] for row, length in zip(scaled, lengths, strict=True)]
