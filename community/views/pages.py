"""The pages before the door. None of them sets a cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from community import linkage
from community.presenters.services import COOKIE as PLACE
from community.selectors import pages as selectors


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The first page; whoever is signed in goes on to their groups."""
    if linkage.is_signed_in(request):
        return redirect("chat:home")
    page = selectors.first_page(place=request.COOKIES.get(PLACE, ""))
    return render(request, "pages/landing.html", {"help_services": page.help_services})


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """How Kith keeps people safe, and what it cannot hide."""
    return render(request, "pages/safety.html")


@require_safe
def safety_model(request: HttpRequest) -> HttpResponse:
    """The whole of it: who could try what, and what they would learn."""
    return render(request, "pages/safety_model.html", {"model": selectors.safety_model()})


@require_safe
def cover_tracks(request: HttpRequest) -> HttpResponse:
    """How to leave few traces on a device."""
    return render(request, "pages/cover_tracks.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this place is, who runs it and who pays."""
    return render(request, "pages/about.html")
