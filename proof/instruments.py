"""Sets of questions score what was worked out by hand; another set under the same name, or with wrong scores, is not
asked."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from community.errors import NotHere
from proof.harness import Defence, Result, none_found, swapped
from research import instruments
from research.errors import Malformed
from research.instruments import Definition
from research.scoring import Score
from research.selectors import instruments as selector

SHEETS = {"small": 50, "full": 1000}  # answer sheets at random, for each set


def prove(size: str) -> Iterator[Result]:
    """What was worked out by hand; a reference in a few lines over sheets at random; files that are wrong."""
    sets = [one for one in instruments.bundled().values() if one.questions]
    by_hand = [(one, vector) for one in sets for vector in one.raw["test_vectors"]]
    yield none_found(
        f"{len(sets)} sets of questions give the scores that were worked out by hand",
        tried=sum(len(vector["scores"]) for _one, vector in by_hand),
        found=sum(_differing(one.scored(vector["answers"]), vector["scores"]) for one, vector in by_hand),
        part="by hand",
    )
    dice = random.Random(27)
    sheets = [(one, _sheet(one, dice)) for one in sets for _ in range(SHEETS[size])]
    yield none_found(
        "scores of answer sheets at random, with gaps, are those of a reference",
        tried=len(sheets),
        found=sum(bool(_differing(one.scored(sheet), _reference(one, sheet))) for one, sheet in sheets),
        part="at random",
    )
    wrong = [changed for one in sets for changed in _wrong_scores(one)]
    yield none_found(
        "a file whose scores are wrong does not load",
        tried=len(wrong),
        found=sum(map(_loads, wrong)),
        part="wrong scores",
    )
    others = [(one, letter) for one in sets for letter in _letters(one)]
    yield none_found(
        "with one letter changed it is another set, and not asked in place of the first",
        tried=len(others),
        found=sum(_is_asked(one, changed) for one, changed in others),
        part="one letter",
    )


def _differing(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> int:
    written = {code: value if isinstance(value, int | None) else str(value) for code, value in found.items()}
    return sum(written.get(code) != value for code, value in wanted.items()) + len(
        written.keys() ^ wanted.keys()
    )


def _sheet(one: Definition, dice: random.Random) -> dict[str, int]:
    """Answers at random; some are skipped."""
    gaps = dice.random()
    return {
        ask.code: dice.choice(ask.values) for ask in one.questions if ask.values and dice.random() > gaps / 3
    }


def _reference(one: Definition, sheet: Mapping[str, int]) -> dict[str, Any]:
    """The scores once more, from the file alone."""
    found: dict[str, Any] = {}
    values = {
        item["code"]: one.raw["options"][item["options"]] for item in one.raw["items"] if "options" in item
    }
    for score in one.raw["scoring"]:
        turned = score.get("reverse", [])
        given = [
            min(values[code]) + max(values[code]) - sheet[code] if code in turned else sheet[code]
            for code in score["items"]
            if code in sheet
        ]
        total: Any = (
            sum(1 for value in given if value in score["values"]) if "values" in score else sum(given)
        )
        if score["op"] == "mean" and given:
            total = str((Decimal(total) / len(given)).quantize(Decimal("0.01"), ROUND_HALF_EVEN))
        found[score["code"]] = total if len(given) >= score["min_answered"] else None
    return found


def _wrong_scores(one: Definition) -> Iterator[Any]:
    for nth, vector in enumerate(one.raw["test_vectors"]):
        for code, right in vector["scores"].items():
            changed = copy.deepcopy(dict(one.raw))
            changed["test_vectors"][nth]["scores"][code] = 77 if right is None else None
            yield changed


def _loads(raw: Any) -> bool:
    with suppress(Malformed):
        instruments.of(raw)
        return True
    return False


def _letters(one: Definition) -> Iterator[Any]:
    """The same set with one letter more, somewhere in what people read."""
    for code in one.raw["languages"]["en"]["items"]:
        changed = copy.deepcopy(dict(one.raw))
        changed["languages"]["en"]["items"][code] += "?"
        yield changed


def _is_asked(one: Definition, changed: Any) -> bool:
    """Whether the changed set, in the place of the first, would be asked by a study that approved the first."""
    other = {(one.code, one.version): instruments.of(changed)}
    with swapped(instruments, "bundled", lambda: other)(), suppress(NotHere):
        selector.find(code=one.code, version=one.version, digest=one.digest)
        return True
    return False


def _without_a_least() -> Callable[[Score, Any], Any]:
    real = Score.of

    def of(self: Score, answers: Any) -> Any:
        return real(
            self, answers if set(answers) >= set(self.items) else dict.fromkeys(self.items, 1) | dict(answers)
        )

    return of


def _whatever_digest(*, code: str, version: str, digest: str) -> Definition:
    del digest
    return selector.named(code=code, version=version)


instruments.bundled()  # read while all is on: reading looks at the scores, too
DEFENCES = [
    Defence(
        name="what is turned round is turned",
        off=swapped(Score, "_turned", lambda _self, _item, value: value),
    ),
    Defence(name="too few answers give no score", off=swapped(Score, "of", _without_a_least())),
    Defence(
        name="scores are worked out when a file is read",
        off=swapped(instruments, "_vectors", lambda *_: None),
    ),
    Defence(name="a study asks for a digest", off=swapped(selector, "find", _whatever_digest)),
]
