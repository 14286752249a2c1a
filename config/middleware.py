"""What every request must keep to, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed

from config import errors
from core import memory

CACHED_PATHS = ("/static/", "/a/")  # the same for everyone, under names that never change


class PrivatePages:
    """No page and no error is kept by a browser or a proxy, or by this process for longer than a day; and none may use
    a device's sensors."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        memory.begin_day()
        response = self.get_response(request)
        if response.status_code >= 400 or not request.path.startswith(CACHED_PATHS):
            response["Cache-Control"] = "no-store"
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), interest-cohort=()"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class HealthUnderAnyName:
    """The health page says the same to all and makes no address: it answers a monitor on the machine itself, which
    knows no name of the site. Every other page answers to its own names alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info == "/healthz":
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0]
        return self.get_response(request)


class PlainRefusals:
    """Refuses, in words, what no page of ours sends: a body too long to be read, an address no row can have,
    a method that a page does not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django counts a form's own fields only: files that nobody asked for would fill the disk.
        if _length(request) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig
        if "\x00" in request.path_info:  # PostgreSQL has no such text
            raise Http404
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return errors.not_that_way(request, response)
        return response


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest from None
