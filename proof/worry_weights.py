"""Learning what words weigh: `python -m proof.worry_weights` writes moderation/automatic/weights.txt anew, the same
each time. `python -m proof.worry_weights "some text"` says what weighs most in a text.

Learned is a line between what has to be raised and what has not (a support vector machine with squared hinge loss, by
dual coordinate descent), once for worry and once for danger. How much must come together to be raised is set on writers
and groups that taught nothing: each in turn, `held_apart`. Sentences that nobody may look at
(`worry_words.is_held_out`) teach nothing at all.
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from moderation.automatic import weights, worry
from moderation.automatic.worry import Level, worried
from proof import worry_words

COST = 0.02  # of a sentence on the wrong side, of average weight
TALK = 10  # times: talk that nobody has to look at is what members mostly write
ROUNDS = 12
LEAST = 0.02  # what weighs less is left out
MOST_GRAVE = 0.015  # of harmless sentences and talk may be taken for danger
SURE = {"danger", "worried"}  # kinds of signs of which one is enough
Learned = tuple[dict[str, float], float]


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its label, who wrote it, and how often each piece is in it, by its length: in the whole, and in each
    part that is weighed by itself. Where it `is_sure` a sign raises it, whatever it weighs."""

    label: str
    source: str
    has: dict[str, float]
    parts: list[dict[str, float]]
    is_sure: bool


def example(text: str, label: str, source: str, *, with_signs: bool = True) -> Example:
    """A text as it is learned from."""
    said: list[Iterable[str]] = []
    kinds = set[str]()
    for sentence in worry._sentences(text):
        found = worry._signs_in(sentence) if with_signs else []
        kinds.update(found)
        plain = weights.shortened(each[0] for each in sentence)
        said += [weights.pieces_of(before, word) for before, word in pairwise((weights.BEGIN, *plain))]
        said.append(weights.pieces_at_end(plain[-1], found))
    each_part = [_counted(part) for part in weights.parts(said)]
    return Example(label, source, _counted(said), each_part, not kinds.isdisjoint(SURE))


def _counted(said: list[Iterable[str]]) -> dict[str, float]:
    by = weights.scale(len(said))
    return {piece: number / by for piece, number in Counter(chain.from_iterable(said)).items()}


@cache
def examples() -> list[Example]:
    """All that may be learned from. The signs were made with one half of the first writer's sentences before the eyes:
    there they fit better than anywhere, so that they teach nothing there."""
    first = [row for row in worry_words.rows() if not worry_words.is_held_out(row)]
    found = [example(row["text"], row["label"], "first", with_signs=False) for row in first]
    for name in worry_words.WRITERS:
        found += [example(row["text"], row["label"], name) for row in worry_words.rows(name)]
    for name, texts in worry_words.talk().items():
        found += [example(text, "talk", f"talk: {name}") for text in texts]
    return found


def learn(among: list[Example], is_one: Callable[[Example], bool]) -> Learned:
    """What each piece weighs, and what a text weighs without any."""
    ones = sum(map(is_one, among)) / sum(one.label != "talk" for one in among)
    rows = []
    for each in among:
        side = 1 if is_one(each) else -1
        cost = COST * 0.5 / (ones if side > 0 else 1 - ones) * (TALK if each.label == "talk" else 1)
        slack = 0.5 / cost
        rows.append((each.has, side, slack, 1 + slack + sum(has * has for has in each.has.values())))
    weigh: dict[str, float] = defaultdict(float)
    always, alphas, order = 0.0, [0.0] * len(rows), list(range(len(rows)))
    shuffle = random.Random(1).shuffle
    for _ in range(ROUNDS):
        shuffle(order)
        for at in order:
            has, side, slack, curve = rows[at]
            score = always + sum(weigh[piece] * much for piece, much in has.items())
            alpha = max(0.0, alphas[at] - (side * score - 1 + alphas[at] * slack) / curve)
            if step := (alpha - alphas[at]) * side:
                alphas[at] = alpha
                always += step
                for piece, much in has.items():
                    weigh[piece] += step * much
    return {piece: weight for piece, weight in weigh.items() if abs(weight) >= LEAST}, always


def weigh(learned: Learned, one: Example) -> float:
    """What a text weighs, where it weighs most."""
    return learned[1] + max(
        sum(learned[0].get(piece, 0) * much for piece, much in part.items()) for part in one.parts
    )


def is_worry(one: Example) -> bool:
    return one.label in ("worried", "danger")


def is_danger(one: Example) -> bool:
    return one.label == "danger"


@cache
def held_apart() -> list[tuple[Example, float, float]]:
    """Every text with what it weighs towards worry and danger by what all other writers and groups teach."""
    found = []
    for source in sorted({one.source for one in examples()}):
        others = [one for one in examples() if one.source != source]
        to_worry, to_danger = learn(others, is_worry), learn(others, is_danger)
        own = [one for one in examples() if one.source == source]
        found += [(one, weigh(to_worry, one), weigh(to_danger, one)) for one in own]
    return found


def bars(apart: list[tuple[Example, float, float]], most: float = worry_words.MOST) -> tuple[float, float]:
    """How much a text must weigh to be raised, and to be taken for danger: so that of harmless sentences, and of talk,
    no more are than may be."""
    both = [[one for one in apart if one[0].label == label] for label in ("fine", "talk")]
    to_worry = [_bar((math.inf if one.is_sure else worry for one, worry, _ in among), most) for among in both]
    to_danger = [_bar((danger for _, _, danger in among), MOST_GRAVE) for among in both]
    return max(to_worry), max(to_danger)


def _bar(scores: Iterable[float], most: float) -> float:
    """What no more than this share of the scores is above."""
    ordered = sorted(scores, reverse=True)
    return ordered[int(most * len(ordered))]


def levels(
    apart: list[tuple[Example, float, float]], to_worry: float, to_danger: float
) -> list[tuple[Example, Level]]:
    """What would be raised, with these bars."""
    found = []
    for one, worry_weight, danger_weight in apart:
        level = Level.WORRIED if one.is_sure or worry_weight > to_worry else Level.NONE
        found.append((one, Level.IN_DANGER if level and danger_weight > to_danger else level))
    return found


def write() -> None:
    """Learn from everything, and keep it."""
    to_worry, to_danger = bars(held_apart())
    ill, grave = learn(examples(), is_worry), learn(examples(), is_danger)
    found = {piece: (ill[0].get(piece, 0.0), grave[0].get(piece, 0.0)) for piece in {*ill[0], *grave[0]}}
    lines = [f"{worry:.2f} {danger:.2f} {piece}" for piece, (worry, danger) in sorted(found.items())]
    base = f"{ill[1] - to_worry:.2f} {grave[1] - to_danger:.2f} {weights.ALWAYS}"
    weights.FILE.write_text("\n".join([HEAD, base, *lines, ""]), encoding="utf-8")
    weights.learned.cache_clear()


HEAD = """\
# What words weigh, towards worry and towards danger: see weights.py. Learned: `python -m proof.worry_weights` writes
# this file anew. What people know, and not from sentences alone, belongs in signs.txt."""


def why(text: str) -> Iterator[str]:
    """What weighs most in a text, heaviest first."""
    known = weights.learned()
    has = example(text, "", "").has
    for piece in sorted(has, key=lambda one: -known.get(one, (0, 0))[0] * has[one]):
        if piece in known and abs(known[piece][0] * has[piece]) >= 0.05:
            yield f"{known[piece][0] * has[piece]:+.2f} {piece}"


if __name__ == "__main__":
    if sys.argv[1:]:
        print(worried(sys.argv[1]).name, *why(sys.argv[1]), sep="\n")
    else:
        write()
