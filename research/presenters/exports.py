"""Files in plain words: what the check found and what to do, how messages look once names are out, what stages did."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research.enums import ExportState, ExportTier
from research.files import reporting, texts
from research.files.recipe import of_json
from research.files.texts import Prepared, Reading
from research.models import Export
from research.selectors.exports import REPORT, File

A_PAGE = 20
_TAKEN_OUT = re.compile(r"\[[A-Za-z][A-Za-z0-9_ ]*\]")

FOUND: Mapping[str, Any] = {
    "phone": gettext_lazy(
        "Digits in a row, as in a phone number. Read this message again and take them out."
    ),
    "mail": gettext_lazy("What looks like an e-mail address. Read this message again and take it out."),
    "link": gettext_lazy("A web address. Read this message again and take it out."),
    "name": gettext_lazy("The name of someone in a group. Read this message again and take it out."),
    "id": gettext_lazy("A sign by which Kith knows something. Take the message out that has it."),
    "date": gettext_lazy("A day or a time. Such a file has none. Take it out."),
    "alike": gettext_lazy("Too few people look alike. Ask for fewer rounds."),
    "risk": gettext_lazy("People can be told apart too well. Ask for fewer rounds."),
    "sensitive": gettext_lazy("People who look alike all gave one answer. Ask for fewer rounds."),
    "count": gettext_lazy("A count is too small."),
    "given away": gettext_lazy("A count that is not shown could be worked out from the others."),
}
OTHER = gettext_lazy("The file is not as it should be. Ask the person who runs this site.")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that the check found, where, and what to do."""

    file: str
    line: int
    words: str
    message: int = 0  # its number on the page on which messages are read; 0 for what is about none

    @property
    def page(self) -> int:
        """The page on which that message is read."""
        return (self.message - 1) // A_PAGE + 1


def findings(export: Export) -> list[Finding]:
    """Everything that it found; both forms of a table say the same, so that one of them is told."""
    found = [
        Finding(file=file, line=line, words=str(FOUND.get(what, OTHER)), message=nth[0] if nth else 0)
        for file, line, what, *nth in export.found
    ]
    return [one for one in found if not one.file.endswith(".jsonl")] or found


def stages(export: Export) -> list[tuple[str, str]]:
    """What each stage did."""
    return [
        (str(one["stage"]), " · ".join(f"{key}: {value}" for key, value in one.items() if key != "stage"))
        for one in export.trace if one["stage"] != REPORT
    ]  # fmt: skip


def report(export: Export) -> dict[str, Any]:
    """What it can tell of people, and which tables it has; nothing for one that was not checked."""
    found: Mapping[str, Any] = next((one for one in export.trace if one["stage"] == REPORT), {})
    sections = [
        (title, heads, [list(zip(heads, row, strict=True)) for row in rows])
        for title, heads, rows in reporting.sections(found)[:-1]
    ]
    return {"tables": found.get("tables", []), "sections": sections}


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One message to be read."""

    mid: str
    seen: str
    number: str
    nth: int  # among all that are read, from 1
    html: SafeString
    is_out: bool
    is_read: bool
    is_cut: bool


def to_read(rows: Sequence[Prepared], reading: Mapping[str, Reading], *, page: int) -> list[Shown]:
    """One page of messages, each with what was replaced marked."""
    first = (page - 1) * A_PAGE
    return list(_shown(rows, reading, first))


def _shown(rows: Sequence[Prepared], reading: Mapping[str, Reading], first: int) -> Iterator[Shown]:
    for nth, row in enumerate(rows[first : first + A_PAGE], start=first + 1):
        known = reading.get(row.said.mid)
        said = known if known and known.mark == row.mark else Reading(mark=row.mark)
        text = texts.cut(row.text, said.cuts)
        yield Shown(
            mid=row.said.mid, seen=row.mark, number=row.source.pid, nth=nth, html=_marked(text),
            is_out=said.is_out, is_read=said.is_read, is_cut=bool(said.cuts),
        )  # fmt: skip


def _marked(text: str) -> SafeString:
    safe = escape(text).replace("\n", "<br>")
    return mark_safe(_TAKEN_OUT.sub(lambda found: f"<mark>{found.group()}</mark>", safe))  # noqa: S308 - escaped above


def contents(found: File) -> list[str]:
    """What a file holds, in words."""
    recipe, told = found.export.recipe, list[str]()
    if found.export.tier == ExportTier.T3:
        told.append(_("totals up to round %(n)s") % {"n": recipe["last_round"]})
    elif recipe["last_round"]:
        told.append(_("answers up to round %(n)s") % {"n": recipe["last_round"]})
    told += [str(words) for key, words in _CONTENTS.items() if recipe.get(key)]
    return told


_CONTENTS = {
    "messages": gettext_lazy("messages"),
    "once": gettext_lazy("messages under one-thread names"),
    "activity": gettext_lazy("how often people write"),
    "quotes": gettext_lazy("quotes"),
}


def state(found: File) -> str:
    """How it stands, in words."""
    export = found.export
    if found.is_over:
        return _("its three days are over")
    if export.gone_on:
        return _("no copy is left")
    if export.wanted:
        return _("being made")
    if export.state == ExportState.READING and not of_json(export.recipe).reads:
        return _("it could not be made") if export.refusal else _("to be checked")
    if export.state == ExportState.STALE:
        return _("something has changed: ask for it again")
    return str(export.get_state_display())


def name_of(export: Export) -> str:
    """What a file is called when it is saved."""
    kind = {ExportTier.T0: "team", ExportTier.T1: "recipient", ExportTier.T3: "totals"}[
        ExportTier(export.tier)
    ]
    return f"study-file-{kind}.zip"
