"""What every template may use."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from config.kept import words_in


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, where quick exit leads, whether somebody is signed in and wants no name of the site in
    sight, and what they wrote."""
    user = getattr(request, "user", None)
    return {
        "site_name": settings.KITH_SITE_NAME,
        "operator_line": settings.KITH_OPERATOR_LINE,
        "exit_to": settings.KITH_EXIT_TO,
        "signed_in": bool(user and user.is_authenticated),
        "discreet": bool(user and user.is_authenticated and user.discreet),
        "demo": settings.KITH_DEMO,
        "kept": partial(words_in, request),
    }
