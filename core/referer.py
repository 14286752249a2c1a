"""The page that a request says it comes from."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def page(request: HttpRequest) -> SplitResult:
    """Its address in parts; all of them empty where there is none, or none that makes sense."""
    try:
        return urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return urlsplit("")
