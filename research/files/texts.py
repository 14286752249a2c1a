"""What people wrote, as it may leave: without the words of others, without what says who somebody is, and as somebody
on the team has read it."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from markdown_it import MarkdownIt

from chat.enums import PostState
from chat.models import Post
from research.files.gather import Gathered, Said, Writer, each_said
from research.files.identifiers import Identifiers
from research.release.scrub import Known, Numbering, scrub

QUOTED, OUT = "[quoted words]", "[words taken out]"
MOST = 7  # words of somebody else in a row
_blocks = MarkdownIt("commonmark")
_word = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """One message as it would leave. `mark` stands for its words: with one letter changed it is another."""

    source: Writer
    said: Said
    text: str
    mark: str
    replaced: int  # how much was replaced by rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What somebody did to one message: words taken out, by their places; all of it; and that it was read."""

    mark: str
    cuts: tuple[tuple[int, int], ...] = ()
    is_out: bool = False
    is_read: bool = False


def prepared(found: Gathered, identifiers: Identifiers) -> Iterator[Prepared]:
    """Every message, talk by talk."""
    known, numbers = Known(identifiers.names, identifiers.titles), dict[int, Numbering]()
    for talk, rows in itertools.groupby(each_said(found), key=lambda row: row[1].talk):
        others = _Others(talk)
        for source, said in rows:
            written = others.up_to(said)
            if written is None:  # taken away just now
                continue
            own = _own_words(written)
            text, repeats = others.left_out(own, said, written=written)
            scrubbed = scrub(text, known=known, numbers=numbers.setdefault(source.pk, Numbering()))
            mark = sha256(f"{said.mid}|{scrubbed.text}".encode()).hexdigest()[:20]
            count = len(scrubbed.found) + repeats + (own != written)
            yield Prepared(source=source, said=said, text=scrubbed.text, mark=mark, replaced=count)


def is_read(row: Prepared, reading: Mapping[str, Reading]) -> bool:
    """Whether a message was read as it is now."""
    read = reading.get(row.said.mid)
    return read is not None and read.mark == row.mark and read.is_read


def final(rows: Iterable[Prepared], reading: Mapping[str, Reading]) -> Iterator[Prepared]:
    """Those that were not left out, with the words taken out that whoever read them chose."""
    for row in rows:
        read = reading[row.said.mid]
        if not read.is_out and not read.cuts:
            yield row
        elif not read.is_out:
            yield Prepared(
                source=row.source, said=row.said, text=cut(row.text, read.cuts), mark=row.mark,
                replaced=row.replaced + len(read.cuts),
            )  # fmt: skip


def message_at(line: int, rows: Sequence[Prepared]) -> Prepared | None:
    """The message that stands at a line of a table of these, where one of several lines takes as many; the heads stand
    in the first."""
    ends = 1
    for row in rows:
        ends += 1 + row.text.count("\n")
        if 1 < line <= ends:
            return row
    return None


def cut(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    """A text with these places taken out."""
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + OUT + text[end:]
    return text


def _own_words(text: str) -> str:
    """A message without its blocks of quoted words."""
    if ">" not in text:
        return text
    lines, keep = text.split("\n"), list[str]()
    quoted = [token.map for token in _blocks.parse(text) if token.type == "blockquote_open" and token.map]
    inside = {nth for first, last in quoted for nth in range(first, last)}
    for nth, one in enumerate(lines):
        if nth not in inside:
            keep.append(one)
        elif nth - 1 not in inside:
            keep.append(QUOTED)
    return "\n".join(keep)


class _Others:
    """All messages of one talk, read once: the words of those that are in the file, and what others wrote before. More
    than a few words of it in a row are theirs, wherever they stand."""

    def __init__(self, talk: int) -> None:
        rows = Post.objects.filter(thread=talk).order_by("seq").values_list("seq", "byline", "text", "state")
        self.left = iter(rows.iterator())
        self.runs: dict[int, int] = {}  # a run of words -> who wrote it first

    def up_to(self, said: Said) -> str | None:
        """The words of one message, once all before it were read; None if it is not there any more."""
        for seq, byline, written, state in self.left:
            if seq == said.seq and state == PostState.SHOWN:
                return str(written)
            self._add(_runs(written), byline)
            if seq == said.seq:
                break
        return None

    def _add(self, runs: Iterable[int], byline: int) -> None:
        for run in runs:
            self.runs.setdefault(run, byline)

    def left_out(self, text: str, said: Said, *, written: str) -> tuple[str, int]:
        """A text with what it repeats of others left out, and how often. Then all of it is of those before."""
        runs, merged = _runs(text), list[tuple[int, int]]()
        theirs = [nth for nth, run in enumerate(runs) if self.runs.get(run, said.byline) != said.byline]
        places = [one.span() for one in _word.finditer(text)] if theirs else []
        for nth in theirs:
            start, end = places[nth][0], places[nth + MOST][1]
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
            else:
                merged.append((start, end))
        self._add(runs if text == written else _runs(written), said.byline)
        for start, end in reversed(merged):
            text = text[:start] + QUOTED + text[end:]
        return text, len(merged)


def _runs(text: str) -> list[int]:
    """Every run of one word more than there may be, by what it is known by."""
    words = [one.casefold() for one in _word.findall(text)]
    return [*map(hash, zip(*(words[nth:] for nth in range(MOST + 1)), strict=False))]


def readings(kept: bytes) -> dict[str, Reading]:
    """What was done while it was read, as it is kept."""
    rows: dict[str, list[Any]] = json.loads(kept)
    return {
        mid: Reading(
            mark=mark, cuts=tuple((start, end) for start, end in cuts), is_out=is_out, is_read=is_read
        )
        for mid, (mark, cuts, is_out, is_read) in rows.items()
    }


def as_kept(reading: Mapping[str, Reading]) -> bytes:
    """The same for keeping."""
    return json.dumps(
        {mid: [one.mark, one.cuts, one.is_out, one.is_read] for mid, one in reading.items()}
    ).encode()
