"""What every template may use."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.urls import reverse

from config.kept import words_in
from core import referer


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, where quick exit leads, whether somebody is signed in and wants no name of the site in
    sight, and what they wrote."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.KITH_SITE_NAME,
        "operator_line": settings.KITH_OPERATOR_LINE,
        "exit_to": settings.KITH_EXIT_TO,
        "exit_mark": settings.EXIT_MARK,
        "signed_in": bool(user and user.is_authenticated),
        "discreet": bool(user and user.is_authenticated and user.discreet),
        "demo": settings.KITH_DEMO,
        "kept": partial(words_in, request),
        "sign_in_again": partial(_sign_in_again, request),
    }


def _sign_in_again(request: HttpRequest) -> str:
    """The sign-in page that leads back to here. It asks the browser where that is, so that this page is the same to
    the byte wherever it stands; from an answer to a form it leads back to the form."""
    sent_from = referer.page(request)
    if request.method in ("GET", "HEAD") or sent_from.netloc != request.headers.get("Host"):
        return f"{reverse('accounts:sign_in')}?again=1"
    return f"{reverse('accounts:sign_in')}?{urlencode({REDIRECT_FIELD_NAME: sent_from.path})}"
