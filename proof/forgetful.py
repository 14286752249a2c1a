"""The settings of proof.faults, with live processes that hand out nothing that was missed: whoever comes in stands
where all the others are."""

from __future__ import annotations

from core.live.reader import Reader
from proof.hurried import *  # noqa: F403 all of the others

_run = Reader.run


async def _from_the_end(reader: Reader) -> None:
    reader.cursor = max(reader.cursor, reader.stream.head)
    await _run(reader)


Reader.run = _from_the_end  # type: ignore[method-assign]  # what is taken away
