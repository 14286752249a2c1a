"""Tables of a file, with every column described: what stands in it, and what each value means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from research.enums import Missing
from research.instruments import Definition

Cell = int | str | None
WHY_NONE: Mapping[int | str, str] = {
    Missing.REFUSED: "skipped",
    Missing.NOT_SHOWN: "never shown",
    Missing.NOT_APPLICABLE: "does not apply",
    Missing.TECHNICAL: "something technical",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column. `values`: what each may be and what it means, in order; none where anything may stand. `is_words`:
    somebody wrote it. `sensitivity` is that of the question; `why_empty` says why a cell can be empty."""

    name: str
    kind: str  # 'integer' or 'string'
    title: str
    values: Mapping[int | str, str] = field(default_factory=dict)
    is_words: bool = False
    is_needed: bool = False
    sensitivity: str = ""
    why_empty: str = ""
    asked_in: str = ""  # the set of questions
    before: str = ""  # what stood before its questions

    @property
    def is_answer(self) -> bool:
        """Whether it is a choice, which can say why there is none."""
        return self.kind == "integer" and bool(self.values)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table. `key`: the columns that tell its rows apart; `refs`: a column -> the table whose `number` it names."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    key: Sequence[str] = ()
    refs: Mapping[str, str] = field(default_factory=dict)


def answer_columns(one: Definition, *, leave_out: frozenset[str]) -> list[tuple[str, Column]]:
    """The questions of one set, by code, but for those of these sensitivities."""
    words, found = one.words("en"), []
    for asked in one.questions:
        if asked.sensitivity in leave_out:
            continue
        texts = words["options"][asked.options] if asked.values else []
        column = Column(
            name=f"{one.code}_{asked.code}", kind="string" if asked.is_text else "integer",
            title=words["items"][asked.code], values=dict(zip(asked.values, texts, strict=True)),
            is_words=asked.is_text, sensitivity=asked.sensitivity,
            asked_in=f"{one.title}, version {one.version}{'' if one.is_validated else ' (not validated)'}",
            before=words["preamble"],
        )  # fmt: skip
        found.append((asked.code, column))
    return found
