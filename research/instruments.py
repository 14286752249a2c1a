"""Sets of questions as data: what a file may hold, and what makes two of them the same.

A file is JSON without fractions. Its identity is SHA-256 over its canonical form: with one letter changed it is another
set of questions. docs/research.md describes the fields. Whatever else a file holds, it is refused whole.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from audit.encoding import canonical
from research.errors import Malformed
from research.looking import Look
from research.scoring import COUNT, MEAN, OPS, SUM, Score

FOLDER = Path(__file__).parent / "data" / "instruments"
MOST_BYTES = 200_000
MOST_ITEMS, MOST_OPTIONS, HIGHEST = 100, 21, 1000
VECTORS = 5  # worked by hand, for whatever is scored
STATUS = ("bundled", "permission", "stub")  # a stub says that a scale exists and why its words are not here
SENSITIVITY = ("direct", "quasi", "sensitive", "free_text", "safe")
CODE, NUMBER = re.compile(r"[a-z][a-z0-9_]{0,39}"), re.compile(r"[0-9a-z][0-9a-z.]{0,19}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
TOP = {"code", "version", "title", "citation", "licence", "validated", "distressing", "languages", "options", "items",
       "scoring", "test_vectors"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. `values` are those of its choices; it has none where people write freely."""

    code: str
    options: str
    values: tuple[int, ...]
    sensitivity: str

    @property
    def is_text(self) -> bool:
        """Whether it is answered in one's own words."""
        return not self.values


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A set of questions, checked. `raw` is the file; `digest` is its identity."""

    code: str
    version: str
    title: str
    digest: str
    status: str
    is_validated: bool
    is_distressing: bool
    questions: tuple[Question, ...]
    scores: tuple[Score, ...]
    raw: Mapping[str, Any]

    def words(self, language: str) -> Mapping[str, Any]:
        """What people read, with `preamble`, `items` and `options`: in their language, else in the file's first."""
        known = self.raw["languages"]
        found: Mapping[str, Any] = (
            known.get(language) or known.get(language.partition("-")[0]) or known[min(known)]
        )
        return found

    def scored(self, answers: Mapping[str, int | None]) -> dict[str, Any]:
        """Every score by its code; None where too little was answered."""
        return {score.code: score.of(answers) for score in self.scores}


@functools.cache
def bundled() -> Mapping[tuple[str, str], Definition]:
    """All that Kith brings, by code and version."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        one = read(path.read_bytes())
        if path.stem != f"{one.code}-{one.version}":
            raise Malformed([f"{path.name}: holds {one.code}-{one.version}"])
        found[one.code, one.version] = one
    return found


def read(data: bytes) -> Definition:
    """What a file says. Raises Malformed."""
    if len(data) > MOST_BYTES:
        raise Malformed([f"larger than {MOST_BYTES} bytes"])
    try:
        raw = json.loads(
            data.decode(), object_pairs_hook=_once, parse_float=_no_fraction, parse_constant=_no_fraction
        )
    except UnicodeDecodeError:
        raise Malformed(["not in UTF-8"]) from None
    except json.JSONDecodeError as error:
        raise Malformed([f"line {error.lineno}: {error.msg}"]) from None
    except (RecursionError, ValueError) as error:
        raise Malformed([str(error) or "too deep"]) from None
    return of(raw)


def of(raw: Any) -> Definition:
    """Check what a file or a row holds. Raises Malformed with everything that is wrong."""
    look = Look()
    made = _definition(look, raw)
    if look.faults or made is None:
        raise Malformed(look.faults)
    return made


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(f"a name comes twice: {', '.join(name for name, _ in pairs)[:200]}")
    return found


def _no_fraction(written: str) -> None:
    raise ValueError(f"{written[:40]}: whole numbers only")


def _definition(look: Look, raw: Any) -> Definition | None:
    given = look.shape("file", raw, needs=TOP)
    if not given:
        return None
    status = _about(look, given)
    options = _options(look, given["options"])
    questions = _questions(look, given["items"], options)
    if look.faults:
        return None
    if (status == "stub") == bool(questions):
        look.wrong("items", "a stub has none, anything else has some")
    _languages(look, given["languages"], questions, options)
    scores = _scores(look, given["scoring"], questions)
    if not look.faults:
        _vectors(look, given["test_vectors"], questions, scores)
    if look.faults:
        return None
    return Definition(
        code=given["code"], version=given["version"], title=given["title"], status=status,
        digest=sha256(canonical(raw).encode()).hexdigest(), is_validated=given["validated"],
        is_distressing=given["distressing"], questions=questions, scores=scores, raw=raw,
    )  # fmt: skip


def _about(look: Look, given: dict[str, Any]) -> str:
    look.like("code", given["code"], CODE)
    look.like("version", given["version"], NUMBER)
    look.text("title", given["title"])
    look.flag("validated", given["validated"])
    look.flag("distressing", given["distressing"])
    cited = look.shape("citation", given["citation"], needs={"text", "doi"})
    if cited:
        look.text("citation.text", cited["text"])
        look.text("citation.doi", cited["doi"], empty=True)
    needs = {"status", "terms", "attribution", "evidence", "checked_on"}
    licence = look.shape("licence", given["licence"], needs=needs)
    if not licence:
        return ""
    for name in ("terms", "attribution", "evidence"):
        look.text(f"licence.{name}", licence[name])
    try:
        dt.date.fromisoformat(look.text("licence.checked_on", licence["checked_on"]))
    except ValueError:
        look.wrong("licence.checked_on", "must be a day like 2026-11-29")
    return look.among("licence.status", licence["status"], STATUS)


def _options(look: Look, given: Any) -> dict[str, tuple[int, ...]]:
    found = {}
    for name, values in (given if isinstance(given, dict) else {"": given}).items():
        where = f"options.{str(name)[:40]}"
        look.like(where, name, CODE)
        numbers = [
            look.number(where, one, most=HIGHEST) for one in look.list(where, values, most=MOST_OPTIONS)
        ]
        if len(numbers) < 2 or len(set(numbers)) < len(numbers):
            look.wrong(where, "must be two values or more, each another")
        found[name] = tuple(numbers)
    return found


def _questions(look: Look, given: Any, options: Mapping[str, tuple[int, ...]]) -> tuple[Question, ...]:
    found: list[Question] = []
    for nth, item in enumerate(look.list("items", given, most=MOST_ITEMS)):
        where = f"items[{nth}]"
        said = look.shape(where, item, needs={"code", "type", "sensitivity"}, may=frozenset({"options"}))
        if not said:
            continue
        kind = look.among(f"{where}.type", said["type"], ("choice", "text"))
        sensitivity = look.among(f"{where}.sensitivity", said["sensitivity"], SENSITIVITY)
        if (kind == "text") != (sensitivity == "free_text") or (kind == "text" and "options" in said):
            look.wrong(where, "a free answer is free_text without options, and nothing else is")
        chosen = look.among(f"{where}.options", said.get("options"), options) if kind == "choice" else ""
        code = look.like(f"{where}.code", said["code"], CODE)
        if code in {one.code for one in found}:
            look.wrong(f"{where}.code", "comes twice")
        found.append(
            Question(code=code, options=chosen, values=options.get(chosen, ()), sensitivity=sensitivity)
        )
    return tuple(found)


def _languages(
    look: Look, given: Any, questions: tuple[Question, ...], options: Mapping[str, tuple[int, ...]]
) -> None:
    if not isinstance(given, dict) or bool(given) != bool(questions):
        return look.wrong("languages", "must name at least one, with all words; a stub has none")
    for language, words in given.items():
        where = f"languages.{str(language)[:12]}"
        look.like(where, language, LANGUAGE)
        said = look.shape(where, words, needs={"preamble", "items", "options"})
        if not said:
            continue
        look.text(f"{where}.preamble", said["preamble"], empty=True)
        items = look.shape(f"{where}.items", said["items"], needs={one.code for one in questions})
        for code, text in items.items():
            look.text(f"{where}.items.{code}", text)
        for name, labels in look.shape(f"{where}.options", said["options"], needs=set(options)).items():
            if len(look.list(f"{where}.options.{name}", labels, most=MOST_OPTIONS)) != len(
                options.get(name, ())
            ):
                look.wrong(f"{where}.options.{name}", "must have as many as there are values")
            else:
                for label in labels:
                    look.text(f"{where}.options.{name}", label)
    return None


def _scores(look: Look, given: Any, questions: tuple[Question, ...]) -> tuple[Score, ...]:
    asked = {one.code: one for one in questions if not one.is_text}
    found: list[Score] = []
    for nth, score in enumerate(look.list("scoring", given, most=MOST_ITEMS)):
        where, before = f"scoring[{nth}]", len(look.faults)
        needs, may = {"code", "op", "items", "min_answered", "range"}, frozenset({"reverse", "values"})
        said = look.shape(where, score, needs=needs, may=may)
        if not said:
            continue
        op, code = look.among(f"{where}.op", said["op"], OPS), look.like(f"{where}.code", said["code"], CODE)
        listed = {name: look.list(where, said.get(name, []), most=MOST_ITEMS) for name in ("items", *may)}
        items = [look.among(f"{where}.items", one, asked) for one in listed["items"]]
        turned = [look.among(f"{where}.reverse", one, items) for one in listed["reverse"]]
        values = [look.number(f"{where}.values", one, most=HIGHEST) for one in listed["values"]]
        least = look.number(f"{where}.min_answered", said["min_answered"], most=MOST_ITEMS)
        if not items or len(set(items)) < len(items) or code in {one.code for one in found}:
            look.wrong(where, "must have a name and items of its own, each once")
        if not 1 <= least <= len(items) or (op == SUM and least < len(items)):
            look.wrong(
                f"{where}.min_answered", "must be from 1 to all of the items, and all of them for a sum"
            )
        if (op == COUNT) != bool(values):
            look.wrong(f"{where}.values", "says what a count counts, and nothing else has it")
        if len(look.faults) > before:
            continue
        if op == MEAN and len({asked[one].values for one in items}) > 1:
            look.wrong(f"{where}.items", "a mean is over items with the same values")
        bounds = {one: (min(asked[one].values), max(asked[one].values)) for one in items}
        made = Score(code=code, op=op, items=tuple(items), reverse=frozenset(turned), values=frozenset(values),
                     min_answered=least, bounds=bounds)  # fmt: skip
        if said["range"] != list(made.range):
            look.wrong(f"{where}.range", f"is {list(made.range)}")
        found.append(made)
    return tuple(found)


def _vectors(look: Look, given: Any, questions: tuple[Question, ...], scores: tuple[Score, ...]) -> None:
    vectors = look.list("test_vectors", given, most=MOST_ITEMS)
    if scores and len(vectors) < VECTORS:
        look.wrong("test_vectors", f"must be {VECTORS} or more, worked out by hand")
    values = {one.code: one.values for one in questions}
    for nth, vector in enumerate(vectors):
        where = f"test_vectors[{nth}]"
        said = look.shape(where, vector, needs={"answers", "scores"})
        answers = look.shape(where, said.get("answers"), needs=set(), may=frozenset(values))
        for code, value in answers.items():
            if isinstance(value, bool) or value not in values.get(code, ()):
                look.wrong(f"{where}.answers.{code}", "is not among its values")
        wanted = look.shape(where, said.get("scores"), needs={score.code for score in scores})
        for score in scores if wanted and not look.faults else ():
            right = score.of(answers)
            written = right if isinstance(right, int | None) else str(right)
            if isinstance(wanted[score.code], bool) or wanted[score.code] != written:
                look.wrong(
                    f"{where}.scores.{score.code}", f"is {written}, the file says {wanted[score.code]!r}"
                )
