"""Taking a break, and coming back."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from accounts import keys
from accounts.actions import breaks
from accounts.forms.reminders import BreakForm
from accounts.views.entry import page, signed_in_only


@signed_in_only
@require_http_methods(["GET", "POST"])
def take_a_break(request: HttpRequest) -> HttpResponse:
    """Until which day; home says the rest."""
    secret = cast(bytes, keys.carried(request.session))
    account_id = request.user.pk or 0
    if "back" in request.POST:
        breaks.end(account_id=account_id, secret=secret)
        return redirect("chat:home")
    form = BreakForm(request.POST or None)
    if form.is_valid():
        breaks.take(account_id=account_id, secret=secret, until=form.cleaned_data["until"])
        return redirect("chat:home")
    return page(request, "accounts/break.html", {"form": form})
