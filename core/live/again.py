"""Work that is asked for more often than it can be done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

logger = logging.getLogger("kith.live")


class Again:
    """Runs one piece of work at a time; asked meanwhile, it runs once more."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._asked = False
        self._task: asyncio.Task[None] | None = None

    def ask(self) -> None:
        self._asked = True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def is_busy(self) -> bool:
        """Whether it was asked, and is not done."""
        return self._task is not None

    def cancel(self) -> None:
        self._asked = False
        if self._task:
            self._task.cancel()
            self._task = None

    async def _run(self) -> None:
        try:
            while self._asked:
                self._asked = False
                await self._work()
        except Exception as error:  # the database may be away: the next healing asks again
            logger.warning("%s", type(error).__name__)
        finally:
            if self._task is asyncio.current_task():
                self._task = None
