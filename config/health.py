"""The health page."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse

from core import ticker
from core.live import doorbell


def healthz(request: HttpRequest) -> JsonResponse:
    """The state of database, doorbell and ticker: 200 when pages can be served, 503 when not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        database = "ok"
    except Error:
        database = "away"
    state = {
        "database": database,
        "doorbell": doorbell.state(),
        "ticker": ticker.state(),
    }
    return JsonResponse(state, status=200 if database == "ok" else 503)
