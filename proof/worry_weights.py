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
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise
from operator import mul

from moderation.automatic import weights, worry
from moderation.automatic.worry import Level, worried
from proof import worry_words

COST = 0.015  # of a sentence on the wrong side, of average weight
ROUNDS = 8
BESIDE = 0.5  # times that each piece counts as seen on either side, beside those that it was
LEAST = 0.005  # what weighs less is left out
MOST_GRAVE = 0.015  # of harmless sentences and talk may be taken for danger
DEMO = "demo"  # the label of talk in the demo's groups
HARMLESS = ("fine", "talk", DEMO)
TIMES = {"talk": 2, DEMO: 30}  # that it costs: members mostly write talk, and of the demo's there is little
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
        found += [example(text, DEMO, f"{DEMO}: {name}") for text in texts]
    return found


def _telling(among: list[Example], is_one: Callable[[Example], bool]) -> dict[str, float]:
    """How far each piece tells one side from the other (the logarithm of how much more often it is there), by what is
    usual. What says much needs less weight for it, so that learning goes by that first."""
    seen: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for each in among:
        seen[is_one(each)].update(each.has.keys())
    pieces = seen[0].keys() | seen[1].keys()
    rest, ones = (sum(side.values()) + BESIDE * len(pieces) for side in seen)
    found = {
        piece: math.log((seen[1][piece] + BESIDE) / ones * rest / (seen[0][piece] + BESIDE))
        for piece in pieces
    }
    usual = math.sqrt(math.fsum(tells * tells for tells in found.values()) / len(found))
    return {piece: abs(tells) / usual for piece, tells in found.items()}


def learn(among: list[Example], is_one: Callable[[Example], bool]) -> Learned:
    """What each piece weighs, and what a text weighs without any."""
    ones = sum(map(is_one, among)) / sum(one.label not in ("talk", DEMO) for one in among)
    tells = _telling(among, is_one)
    rows = []
    for each in among:
        side = 1 if is_one(each) else -1
        cost = COST * 0.5 / (ones if side > 0 else 1 - ones) * TIMES.get(each.label, 1)
        slack = 0.5 / cost
        has = [much * tells[piece] for piece, much in each.has.items()]
        rows.append((list(each.has), has, side, slack, 1 + slack + sum(map(mul, has, has))))
    weigh = dict.fromkeys(tells, 0.0)
    always, alphas, order = 0.0, [0.0] * len(rows), list(range(len(rows)))
    shuffle = random.Random(1).shuffle
    for _ in range(ROUNDS):
        shuffle(order)
        for at in order:
            pieces, has, side, slack, curve = rows[at]
            score = always + sum(map(mul, map(weigh.__getitem__, pieces), has))
            alpha = max(0.0, alphas[at] - (side * score - 1 + alphas[at] * slack) / curve)
            if step := (alpha - alphas[at]) * side:
                alphas[at] = alpha
                always += step
                for piece, much in zip(pieces, has, strict=True):
                    weigh[piece] += step * much
    found = {piece: weight * tells[piece] for piece, weight in weigh.items()}
    return {piece: weight for piece, weight in found.items() if abs(weight) >= LEAST}, always


def weigh(learned: Learned, one: Example) -> float:
    """What a text weighs, where it weighs most."""
    return learned[1] + max(
        sum(learned[0].get(piece, 0) * much for piece, much in part.items()) for part in one.parts
    )


def is_worry(one: Example) -> bool:
    return one.label in ("worried", "danger")


def is_danger(one: Example) -> bool:
    return one.label == "danger"


def _by_others(others: list[Example], own: list[Example]) -> list[tuple[Example, float, float]]:
    to_worry, to_danger = learn(others, is_worry), learn(others, is_danger)
    return [(one, weigh(to_worry, one), weigh(to_danger, one)) for one in own]


def demo_apart() -> list[tuple[Example, float, float]]:
    """The talk of all the demo's groups, with what it weighs by what the writers alone teach."""
    demo = [one for one in examples() if one.label == DEMO]
    return _by_others([one for one in examples() if one.label != DEMO], demo)


@cache
def held_apart() -> list[tuple[Example, float, float]]:
    """Every text with what it weighs towards worry and danger by what all other writers and groups teach."""
    found = []
    for source in sorted({one.source for one in examples()}):
        others = [one for one in examples() if one.source != source]
        found += _by_others(others, [one for one in examples() if one.source == source])
    return found


def bars(apart: list[tuple[Example, float, float]], most: float = worry_words.MOST) -> tuple[float, float]:
    """How much a text must weigh to be raised, and to be taken for danger: so that of harmless sentences, of the
    writers' talk and of that of the demo's groups, of each kind by itself, no more are than may be."""
    each = [[one for one in apart if one[0].label == label] for label in HARMLESS]
    to_worry = [_bar((math.inf if one.is_sure else worry for one, worry, _ in among), most) for among in each]
    to_danger = [_bar((danger for _, _, danger in among), MOST_GRAVE) for among in each]
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
    lines = [
        f"{1000 * worry:.0f} {1000 * danger:.0f} {piece}" for piece, (worry, danger) in sorted(found.items())
    ]
    base = f"{1000 * (ill[1] - to_worry):.0f} {1000 * (grave[1] - to_danger):.0f} {weights.ALWAYS}"
    weights.FILE.write_text("\n".join([HEAD, base, *lines, ""]), encoding="utf-8")
    weights.learned.cache_clear()


HEAD = """\
# What words weigh, towards worry and towards danger, in thousandths: see weights.py. Learned: it is written anew by
# `python -m proof.worry_weights`. What people know, and not from sentences alone, belongs in signs.txt."""


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
