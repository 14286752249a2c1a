"""Answers when something goes wrong: plain words, what to do now, and what was written is kept.

Django calls these for whatever a view or another layer raises. No answer says anything of the exception.
"""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import (
    DataError,
    InterfaceError,
    InternalError,
    NotSupportedError,
    OperationalError,
    connection,
)
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext

from accounts.views.entry import came_from
from accounts.work import Busy
from chat.views.entry import wants_json
from community import linkage
from config.kept import words_in
from core.keyring import RingAway
from core.ledger import LedgerAway
from moderation.views.entry import kept_out

# The database, the key ring or the ledger is locked, full, gone or out of reach: trying again may well work.
# So it does where a table changed under a query that PostgreSQL had planned before.
AWAY = (OperationalError, InterfaceError, InternalError, NotSupportedError, RingAway, LedgerAway, Busy)
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent)
WAIT = 10  # seconds


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: say what to do, and that nothing was sent. A script is told what is over: the
    sign-in, or only this page."""
    if not wants_json(request):
        # The page it was sent from; of an address that begins with two strokes it could be another site's.
        again = "/" + came_from(request).lstrip("/")
        return render(request, "403_csrf.html", {"again": again}, status=403)
    if not request.user.is_authenticated:
        return JsonResponse({"message": gettext("You were signed out."), "over": "out"}, status=403)
    message = gettext("This page is too old. It has to load again.")
    return JsonResponse({"message": message, "over": "old"}, status=403)


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is missing and for what is not theirs to see."""
    user = getattr(request, "user", None)  # an address that no row can have is refused before it is known
    is_known = bool(user and user.is_authenticated)
    is_limited = is_known and _is_kept_out(request)
    if not wants_json(request):
        return render(request, "404.html", {"is_kept_out": is_limited}, status=404)
    if is_known:
        message = gettext("This is not here for you.")
        if is_limited:
            message = gettext("A limit keeps you out of a group. Load the page again to read more.")
        return JsonResponse({"message": message, "over": ""}, status=404)
    return JsonResponse({"message": gettext("You were signed out."), "over": "out"}, status=404)


def _is_kept_out(request: HttpRequest) -> bool:
    """Whether a limit keeps this person out of any group: the same at every address that is not there for them."""
    try:
        with linkage.despite_limits():
            return bool(kept_out(request))
    except AWAY:
        return False


def broken(request: HttpRequest) -> HttpResponse:
    """503 while rows or keys are out of reach, 400 for what no row can hold, 500 for a fault of ours."""
    error = sys.exc_info()[1]
    if isinstance(error, DataError):
        return not_understood(request, error)
    if not isinstance(error, AWAY):
        return _alone(request, "500.html", status=500, message=gettext("Something broke on our side."))
    # It may lead to a server that only reads by now: the next request asks on a new one.
    connection.close_at = 0.0
    message = gettext("We can't save anything just now. Please wait a minute.")
    answer = _alone(request, "503.html", status=503, message=message)
    answer["Retry-After"] = str(WAIT)
    return answer


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what no page of ours sends, 413 for more than we read."""
    if isinstance(exception, TOO_BIG):
        return _alone(request, "413.html", status=413, message=gettext("That was too much at once."))
    return _alone(request, "400.html", status=400, message=gettext("We could not read that."))


def not_that_way(request: HttpRequest, refusal: HttpResponseNotAllowed) -> HttpResponse:
    """405 in words."""
    answer = _alone(request, "405.html", status=405, message=gettext("This page can't do that."))
    answer["Allow"] = refusal["Allow"]
    return answer


def _alone(request: HttpRequest, template: str, *, status: int, message: str) -> HttpResponse:
    """Drawn without the request's context, which would ask the database who is signed in."""
    if wants_json(request):
        return JsonResponse({"message": message}, status=status)
    page = render_to_string(template, {"kept": words_in(request)})
    return HttpResponse(page, status=status)
