"""The consumer of the Channels tutorial: `python -m bench.servers.naive PORT CONTROL memory|redis|pubsub`.

Each socket joins a group of the channel layer and encodes for itself. The same uvicorn, with the same settings.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from django.conf import settings

URL = os.environ.get("KITH_BENCH_REDIS_URL", "redis://127.0.0.1:6379/9")
# channels_redis waits 5 s for a message, and redis-py gives up an answer after 5 s: a quiet socket would be lost
HOSTS = {"hosts": [{"address": URL, "socket_timeout": None}]}
LAYERS = {
    "memory": {"BACKEND": "channels.layers.InMemoryChannelLayer"},
    "redis": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": HOSTS},
    "pubsub": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": HOSTS},
}
settings.configure(CHANNEL_LAYERS={"default": LAYERS[sys.argv[3]]})
import django  # noqa: E402 after the settings

django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 after setup
from channels.layers import get_channel_layer  # noqa: E402 after setup

from bench.servers import control  # noqa: E402 after setup


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """The tutorial's, with the room taken from `/<talk>`."""

    async def connect(self) -> None:
        self.room = f"chat_{self.scope['path'].strip('/')}"
        await self.channel_layer.group_add(self.room, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(self.room, self.channel_name)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


async def publish(talk: int, message: str) -> None:
    """As the tutorial sends."""
    await get_channel_layer().group_send(f"chat_{talk}", {"type": "chat.message", "message": message})


if __name__ == "__main__":
    control.run(ChatConsumer.as_asgi(), port=int(sys.argv[1]), control=int(sys.argv[2]), publish=publish)
