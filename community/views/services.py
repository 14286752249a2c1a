"""Get help now: for anyone, signed in or not."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from community.presenters import services as presenter
from community.presenters.services import COOKIE
from community.selectors import services as selectors
from core import referer

REMEMBERED = 180 * 86_400  # seconds


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Services for the place somebody picks. It is never guessed, and kept on the device only where they ask."""
    if "forget" in request.GET and _is_asked_here(request):
        forgotten = redirect("community:services")
        forgotten.delete_cookie(COOKIE, samesite="Lax")
        return forgotten
    kept = request.COOKIES.get(COOKIE, "")
    found = selectors.help_in(code=request.GET.get("region", kept))
    if found.chosen and "remember" in request.GET and _is_asked_here(request):
        return _remember(found.chosen.code)
    context = {"help": presenter.help_page(found), "is_kept": bool(kept)}
    return render(request, "community/services.html", context)


def _is_asked_here(request: HttpRequest) -> bool:
    """Whether this page itself asks, and no link from elsewhere. A token would need a cookie, and this page sets none
    unasked."""
    sent_from = referer.page(request)
    return (sent_from.netloc, sent_from.path) == (request.get_host(), request.path)


def _remember(code: str) -> HttpResponse:
    response = redirect(f"{reverse('community:services')}?{urlencode({'region': code})}")
    response.set_cookie(
        COOKIE, code, max_age=REMEMBERED, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response
