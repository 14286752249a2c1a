"""Sets of questions, wherever they are: files that Kith brings, and rows that an operator took in."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language

from community.errors import NotHere
from research import instruments
from research.instruments import Definition
from research.models import Instrument, Response


def named(*, code: str, version: str) -> Definition:
    """By code and version. Raises NotHere."""
    if found := instruments.bundled().get((code, version)):
        return found
    row = Instrument.objects.filter(code=code, version=version).first()
    if row is None:
        raise NotHere
    return instruments.of(row.definition)


def find(*, code: str, version: str, digest: str) -> Definition:
    """The very one that was approved. Raises NotHere for any other, and where it was changed."""
    found = named(code=code, version=version)
    if found.digest != digest:
        raise NotHere
    return found


def known() -> Sequence[Definition]:
    """All of them, by title; stubs too, which say why a scale is not here."""
    rows = [instruments.of(row.definition) for row in Instrument.objects.order_by("code", "version")]
    return sorted([*instruments.bundled().values(), *rows], key=lambda one: (one.title, one.version))


def in_words(*, row: Response) -> tuple[str, str]:
    """The question and the choice behind one answer, as they were read; the choice is '' for what was skipped."""
    version, digest = next(one[1:] for one in row.task.wave.instruments if one[0] == row.instrument)
    one = find(code=row.instrument, version=version, digest=digest)
    words = one.words(get_language() or "en")
    asked = next(question for question in one.questions if question.code == row.item)
    chosen = row.value in asked.values and words["options"][asked.options][asked.values.index(row.value)]
    return words["items"][row.item], str(chosen or "")
