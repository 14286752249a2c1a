"""What somebody can change about their own sign-in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import keys, pacing
from accounts.actions import accounts, sessions
from accounts.actions.accounts import Opened
from accounts.enums import Guess
from accounts.forms.entry import Again, ChangePassphrase
from accounts.forms.fields import asks_to_look
from accounts.selectors import reminders
from accounts.selectors import sessions as session_selectors
from accounts.session_store import fingerprint_of
from accounts.views.entry import onward, page, proved, signed_in_only, too_soon
from core import mail


@signed_in_only
@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """The list of what can be changed."""
    has_mail = mail.is_set_up() or reminders.own(account_id=request.user.pk or 0) is not None
    context = {"name": request.user.get_username(), "has_mail": has_mail}
    return page(request, "accounts/settings.html", context)


def prove(request: HttpRequest, passphrase: str) -> tuple[float, Opened | None]:
    """Check the passphrase of whoever is signed in, at the pace of signing in: (seconds to wait, result)."""
    name, origin = request.user.get_username(), pacing.origin_of(request)
    wait = pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose=name, origin=origin)
    if wait:
        return wait, None
    opened = accounts.prove(name=name, passphrase=passphrase)
    if opened:
        pacing.guessed_right(guess=Guess.PASSPHRASE, whose=name, origin=origin)
    return 0.0, opened


@signed_in_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """The passphrase once more, before something that matters."""
    form = Again(request.POST or None)
    context = {"form": form}
    if not form.is_valid():
        return page(request, "accounts/again.html", context)
    wait, opened = prove(request, form.cleaned_data["passphrase"])
    if wait:
        return too_soon(request, "accounts/again.html", context, wait=wait)
    if opened is None:
        form.add_error("passphrase", gettext("That is not your passphrase. Try again."))
        return page(request, "accounts/again.html", context)
    proved(request, method="password")
    return onward(request)


@signed_in_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def passphrase(request: HttpRequest) -> HttpResponse:
    """A new passphrase. S stays, so that nothing changes in any group; all other sessions end."""
    show, looks = "show" in request.POST, asks_to_look(request.POST)
    form = ChangePassphrase(
        request.POST if request.method == "POST" and not looks else None,
        initial=request.POST.dict() if looks else None,
        show=show,
        name=request.user.get_username(),
    )
    context = {"form": form, "shown": show}
    if not form.is_valid():
        return page(request, "accounts/passphrase.html", context)
    wait, opened = prove(request, form.cleaned_data["passphrase"])
    if wait:
        return too_soon(request, "accounts/passphrase.html", context, wait=wait)
    new = form.cleaned_data["new_passphrase"]
    if opened is None or not accounts.change_passphrase(opened=opened, passphrase=new):
        form.add_error("passphrase", gettext("That is not the passphrase you have now. Try again."))
        return page(request, "accounts/passphrase.html", context)
    # The old key of this session ended with the others; this browser goes on under a new one.
    update_session_auth_hash(request, opened.account)
    return page(request, "accounts/passphrase_changed.html", {})


@signed_in_only
@require_http_methods(["GET", "POST"])
def sessions_page(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; ending one of them."""
    tag = cast(bytes, keys.session_tag(request.session))
    if request.method == "POST":
        key = request.POST.get("key", "")
        if key.isdecimal() and len(key) < 20:
            sessions.end_one(owner_tag=tag, key=int(key))
        return redirect("accounts:sessions")
    mine = fingerprint_of(request.session.session_key or "")
    browsers = session_selectors.of(owner_tag=tag, fingerprint=mine)
    return page(request, "accounts/sessions.html", {"browsers": browsers})


@signed_in_only
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this account, this one last."""
    sessions.end_all(owner_tag=cast(bytes, keys.session_tag(request.session)))
    request.session.flush()
    messages.success(request, gettext("You are signed out."))
    response = redirect("landing")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
