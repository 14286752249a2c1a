"""The consumer of the Channels tutorial, where a message comes as a POST to a Django view and is kept in PostgreSQL
before it goes out: `python -m bench.servers.posting PORT memory|redis DATABASE`.

The view writes with one open connection, so that no request waits for one; else it is the tutorial's group_send."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

import psycopg
import uvicorn
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path

URL = os.environ.get("KITH_BENCH_REDIS_URL", "redis://127.0.0.1:6379/9")
# channels_redis waits 5 s for a message, and redis-py gives up an answer after 5 s: a quiet socket would be lost
HOSTS = {"hosts": [{"address": URL, "socket_timeout": None}]}
LAYERS = {
    "memory": {"BACKEND": "channels.layers.InMemoryChannelLayer"},
    "redis": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": HOSTS},
}
settings.configure(
    CHANNEL_LAYERS={"default": LAYERS[sys.argv[2]]}, ROOT_URLCONF=__name__, SECRET_KEY="for measuring",  # noqa: S106
    ALLOWED_HOSTS=["127.0.0.1"],
)  # fmt: skip
import django  # noqa: E402 after the settings

django.setup()

from asgiref.sync import sync_to_async  # noqa: E402 after setup
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402 after setup
from channels.layers import get_channel_layer  # noqa: E402 after setup
from channels.routing import ProtocolTypeRouter  # noqa: E402 after setup
from django.core.asgi import get_asgi_application  # noqa: E402 after setup

from config import live  # noqa: E402 after setup

ROOM = "chat_0"
DATABASE, TURN = psycopg.connect(sys.argv[3]), threading.Lock()


class ChatConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """The tutorial's, with one room."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(ROOM, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(ROOM, self.channel_name)

    async def chat_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


def _keep(text: str) -> int:
    with TURN, DATABASE.transaction():
        taken = DATABASE.execute("UPDATE talk SET last_seq = last_seq + 1 WHERE id = 1 RETURNING last_seq")
        (seq,) = taken.fetchone() or (0,)
        DATABASE.execute("INSERT INTO post (talk, seq, text) VALUES (1, %s, %s)", [seq, text])
        DATABASE.execute("INSERT INTO event (talk, seq, kind) VALUES (1, %s, 'post_published')", [seq])
    return int(seq)


async def send(request: HttpRequest) -> JsonResponse:
    """Keep it, then send as the tutorial sends."""
    text = request.body.decode()
    seq = await sync_to_async(_keep, thread_sensitive=False)(text)
    await get_channel_layer().group_send(ROOM, {"type": "chat.message", "message": text})
    return JsonResponse({"seq": seq}, status=201)


urlpatterns = [path("post", send)]

if __name__ == "__main__":
    app = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": ChatConsumer.as_asgi()})
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), lifespan="off", backlog=4096, **live.options())
