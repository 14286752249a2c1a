"""Deleting one's account: what happens when, the passphrase, a receipt, and the way back for three days."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import keys
from accounts.actions import closing as closings
from accounts.forms.entry import Again
from accounts.views.entry import is_closing, onward, page, signed_in_only, too_soon
from accounts.views.settings import prove
from core import clock
from core.registries import closing as groups
from core.registries import slots

SLOT = "close account"  # what other apps have to say to whoever deletes their account
CLOSED = "closed account"  # and to whoever did, and can still undo it


@signed_in_only
@require_GET
def close(request: HttpRequest) -> HttpResponse:
    """What it means, and what else there is."""
    plan = groups.look(request, start=closings.undo_until())
    return page(request, "accounts/close.html", {"plan": plan, "more": slots.contents(SLOT, request)})


@signed_in_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def close_now(request: HttpRequest) -> HttpResponse:
    """When what happens; then the passphrase, however lately it was typed: an open browser alone closes nothing. Then
    it happens, and the answer is the receipt, with the same days."""
    until = closings.undo_until()
    plan = groups.look(request, start=until)
    days = closings.days(until=until, groups_gone=plan.last.date() if plan.last else None)
    form = Again(request.POST if request.method == "POST" else None)
    context = {"form": form, "days": days, "plan": plan, "more": slots.contents(SLOT, request)}
    if not form.is_valid():
        return page(request, "accounts/close_now.html", context)
    wait, opened = prove(request, form.cleaned_data["passphrase"])
    if wait:
        return too_soon(request, "accounts/close_now.html", context, wait=wait)
    if opened is None:
        form.add_error("passphrase", gettext("That is not your passphrase. Try again."))
        return page(request, "accounts/close_now.html", context)
    _close(request, until)
    response = page(request, "accounts/closed.html", context | {"form": None, "signed_in": False})
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _close(request: HttpRequest, until: dt.datetime) -> None:
    secret = keys.carried(request.session)
    assert secret is not None
    # The account first: what waits in groups must never wait for somebody whose account stays open.
    closings.close(account=_me(request), owner_tag=keys.tag_of(secret), until=until)
    try:
        groups.close(request, start=until)
    except Exception:
        groups.reopen(request)
        closings.reopen(account=_me(request))
        raise
    request.session.flush()


@login_required
@require_http_methods(["GET", "POST"])
def closing(request: HttpRequest) -> HttpResponse:
    """All there is for somebody who closed their account: take it back, or leave it so."""
    if not is_closing(request):
        return onward(request)
    if request.method != "POST":
        until = _me(request).closing_at
        return page(request, "accounts/closing.html", {"until": until, **_meanwhile(request, until)})
    if _me(request).closing_at <= clock.now():
        return redirect("accounts:sign_out")  # a moment too late
    _me(request).closing_at = None  # from here on this request is somebody in their groups again
    groups.reopen(request)
    if not closings.reopen(account=_me(request)):  # last: until then, asking again does all of it again
        return redirect("accounts:sign_out")
    messages.success(
        request,
        gettext(
            "Undone. Your account is open, and what you wrote is still there. "
            "If you were in one group only, the details you showed there are private again, "
            "and the line about you is gone."
        ),
    )
    return redirect("accounts:settings")


def _meanwhile(request: HttpRequest, until: dt.datetime) -> dict[str, Any]:
    """What goes from groups, and what other apps have to say, for somebody who closed their account: for this look
    alone they are in them again."""
    account = _me(request)
    account.closing_at = None
    try:
        return {"plan": groups.look(request, start=until), "more": slots.contents(CLOSED, request)}
    finally:
        account.closing_at = until


def _me(request: HttpRequest) -> Any:
    return cast(Any, request.user)
