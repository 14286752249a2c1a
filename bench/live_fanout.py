"""Handing one message to many sockets: the hub beside the consumer of the Channels tutorial, in one process.

Both go through Channels and the same ASGI `send`, which here only counts; the network, which is the same for
both, is left out. The tutorial's consumer subscribes each socket to a channel-layer group and encodes for itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
import django

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 after setup
from channels.layers import InMemoryChannelLayer  # noqa: E402 after setup

from chat.consumers import ThreadConsumer  # noqa: E402 after setup
from core.live import doorbell, hub, revocations  # noqa: E402 after setup
from core.live.reader import Viewer  # noqa: E402 after setup
from core.live.source import Event, Fragment  # noqa: E402 after setup

HTML = "<li>" + "x" * 590 + "</li>"  # about the size of a short post
SOCKETS = 500
ROUNDS = 3


class Paper:
    """A log in memory: no database, as the tutorial has none."""

    prefix = "paper"

    def __init__(self) -> None:
        self.head = 0

    def heads(self, *, keys: Collection[int]) -> Mapping[int, int]:
        return dict.fromkeys(keys, self.head)

    def read_after(self, *, key: int, after: int, limit: int) -> Sequence[Event]:
        upto = min(self.head, after + limit)
        return [Event(seq=seq, kind="post_published", ref=str(seq)) for seq in range(after + 1, upto + 1)]

    def render(self, *, key: int, refs: Collection[str], language: str) -> Mapping[str, Fragment]:
        return {ref: Fragment(author="someone", html=HTML) for ref in refs}


class HubConsumer(ThreadConsumer):
    """Kith's consumer with an open door."""

    paper: Paper

    async def connect(self) -> None:
        ticket = hub.Ticket(
            source=self.paper,
            key=1,
            viewer=Viewer(language="en"),
            keys={"s": str(id(self))},
            look=lambda: Viewer(language="en"),
        )
        self._reader = await hub.here().join(admit=lambda: ticket, outlet=self, after=0)
        await self._set_out(self._reader)


class TutorialConsumer(AsyncWebsocketConsumer):
    """The Channels tutorial's chat consumer."""

    layer: InMemoryChannelLayer

    async def connect(self) -> None:
        self.channel_layer = self.layer
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


class Sockets:
    """Many sockets whose network takes everything at once."""

    def __init__(self, app: Any) -> None:
        self.accepted = self.events = 0
        self._inputs: list[asyncio.Queue[dict[str, Any]]] = [asyncio.Queue() for _ in range(SOCKETS)]
        self._tasks = [
            asyncio.create_task(app({"type": "websocket"}, one.get, self.send)) for one in self._inputs
        ]
        for one in self._inputs:
            one.put_nowait({"type": "websocket.connect"})

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "websocket.accept":
            self.accepted += 1
        elif "text" in message:
            self.events += message["text"].count("<li>")

    async def until(self, count: int) -> None:
        while self.events < count:
            await asyncio.sleep(0.001)

    async def opened(self) -> None:
        while self.accepted < SOCKETS:
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        for one in self._inputs:
            one.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await asyncio.gather(*self._tasks)


async def through_hub(*, messages: int, at_once: int) -> float:
    """CPU seconds for each delivery."""
    HubConsumer.paper = paper = Paper()
    sockets = Sockets(HubConsumer.as_asgi())
    await sockets.opened()
    started = time.process_time()
    for _ in range(messages // at_once):
        for _ in range(at_once):
            paper.head += 1
            doorbell.hear("paper:1", paper.head)
        await sockets.until(paper.head * SOCKETS)
    spent = time.process_time() - started
    await sockets.close()
    return spent / (messages * SOCKETS)


async def through_layer(*, messages: int) -> float:
    """CPU seconds for each delivery."""
    layer = InMemoryChannelLayer()
    TutorialConsumer.layer = layer
    from channels import consumer

    consumer.get_channel_layer = lambda _: layer
    sockets = Sockets(TutorialConsumer.as_asgi())
    await sockets.opened()
    started = time.process_time()
    for number in range(1, messages + 1):
        await layer.group_send("room", {"type": "chat.message", "message": HTML})
        await sockets.until(number * SOCKETS)
    spent = time.process_time() - started
    consumer.get_channel_layer = lambda _: None
    await sockets.close()
    return spent / (messages * SOCKETS)


def run() -> Iterator[str]:
    """Medians of interleaved rounds."""
    revocations.streams().clear()  # no database here
    one: list[float] = []
    burst: list[float] = []
    tutorial: list[float] = []
    for _ in range(ROUNDS):
        tutorial.append(asyncio.run(through_layer(messages=4)))
        one.append(asyncio.run(through_hub(messages=40, at_once=1)))
        burst.append(asyncio.run(through_hub(messages=400, at_once=20)))
    base, single, joined = (statistics.median(found) for found in (tutorial, one, burst))
    yield (
        f"{SOCKETS} sockets in one thread, CPU per delivery: the hub {single * 1e6:.0f} µs, the tutorial's consumer "
        f"{base * 1e6:.0f} µs: {base / single:.0f} times less"
    )
    yield f"20 messages at once share frames: {joined * 1e6:.1f} µs a delivery, {base / joined:.0f} times less"
