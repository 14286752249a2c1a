"""Answers when something goes wrong."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token did not fit: say what to do, and that nothing was sent."""
    return render(request, "403_csrf.html", status=403)
