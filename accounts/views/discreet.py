"""Keeping this place out of sight: a title and an icon that say nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from accounts.actions.discreet import set_discreet
from accounts.views.entry import page, signed_in_only


@signed_in_only
@require_http_methods(["GET", "POST"])
def discreet(request: HttpRequest) -> HttpResponse:
    """What it does, what it cannot do, and one button."""
    if request.method != "POST":
        return page(request, "accounts/discreet.html", {})
    on = "on" in request.POST
    set_discreet(account_id=request.user.pk or 0, on=on)
    messages.success(request, gettext("It is on now.") if on else gettext("It is off now."))
    return redirect("accounts:discreet")
