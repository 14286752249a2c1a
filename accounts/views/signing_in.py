"""Signing in, the second step, the way back, signing out."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import pacing
from accounts.actions import accounts, second_factors, sessions
from accounts.enums import Guess
from accounts.forms.entry import Code, SignIn, WayBack
from accounts.forms.fields import asks_to_look
from accounts.selectors import second_factors as second_selectors
from accounts.views.entry import came_from, let_in, onward, page, strangers_only, too_soon, with_next


@strangers_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign-in name and passphrase. Unknown names and wrong passphrases get the same answer for the same work."""
    if request.method == "GET" and "again" in request.GET:
        return redirect(with_next(request, "accounts:sign_in", then=came_from(request)))
    form = SignIn(request.POST or None)
    context = {
        "form": form,
        "sign_up": with_next(request, "accounts:sign_up"),
        "way_back": with_next(request, "accounts:way_back"),
    }
    if request.method != "POST" or not form.is_valid():
        return page(request, "accounts/sign_in.html", context)
    name, origin = form.cleaned_data["name"], pacing.origin_of(request)
    wait = pacing.wait_to_guess(guess=Guess.PASSPHRASE, whose=name, origin=origin)
    if wait:
        return too_soon(request, "accounts/sign_in.html", context, wait=wait)
    opened = accounts.prove(name=name, passphrase=form.cleaned_data["passphrase"])
    if opened is None:
        form.add_error(
            None, gettext("That name and passphrase do not go together. Check both and try again.")
        )
        return page(request, "accounts/sign_in.html", context)
    pacing.guessed_right(guess=Guess.PASSPHRASE, whose=name, origin=origin)
    return let_in(
        request, opened=opened, lasting=form.cleaned_data["lasting"] and not opened.account.closing_at
    )


@login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]  # untyped
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """A code from an app, or a passkey, after the passphrase."""
    stage = request._login_stage  # type: ignore[attr-defined]  # set by the decorator
    account = stage.login.user
    if account is None:  # deleted since the passphrase was typed
        return redirect("accounts:sign_in")
    if request.session.get(HASH_SESSION_KEY) != account.get_session_auth_hash():
        sessions.end_this(session=request.session)
        messages.warning(request, gettext("Your passphrase has changed meanwhile. Sign in with the new one."))
        return redirect(with_next(request, "accounts:sign_in"))
    has = second_selectors.of(account=account)
    context: dict[str, Any] = {"form": Code() if has.has_codes else None, "has": has}
    origin = pacing.origin_of(request)
    if request.method == "POST":
        wait = pacing.wait_to_guess(guess=Guess.CODE, whose=str(account.pk), origin=origin)
        if wait:
            return too_soon(request, "accounts/second_step.html", _with_options(context, account), wait=wait)
        found = None
        if "credential" in request.POST:
            found = second_factors.check_passkey(account=account, credential=request.POST["credential"])
        else:
            form = context["form"] = Code(request.POST)
            if form.is_valid():
                found = second_factors.check_code(account=account, code=form.cleaned_data["code"])
        if found:
            pacing.guessed_right(guess=Guess.CODE, whose=str(account.pk), origin=origin)
            post_authentication(request, found)
            stage.exit()
            return onward(request)
        context["trouble"] = gettext("That did not fit. Codes change every half minute. Try the next one.")
    status = 422 if request.method == "POST" else 200
    return page(request, "accounts/second_step.html", _with_options(context, account), status=status)


def _with_options(context: dict[str, Any], account: Any) -> dict[str, Any]:
    if context["has"].passkeys:
        context["options"] = second_factors.passkey_options(account=account, adding=False)
    return context


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def way_back(request: HttpRequest) -> HttpResponse:
    """Sign-in name, eight words, a new passphrase: one form, one answer for everything that does not fit. Also for
    whoever is signed in: it is the way to a new passphrase without the old one."""
    show, looks = "show" in request.POST, asks_to_look(request.POST)
    form = WayBack(
        request.POST if request.method == "POST" and not looks else None,
        initial=request.POST.dict() if looks else None,
        show=show,
    )
    context = {"form": form, "shown": show, "back_url": with_next(request, "accounts:sign_in")}
    if not form.is_valid():
        return page(request, "accounts/way_back.html", context)
    typed, origin = form.cleaned_data, pacing.origin_of(request)
    wait = pacing.wait_to_guess(guess=Guess.WORDS, whose=typed["name"], origin=origin)
    if wait:
        return too_soon(request, "accounts/way_back.html", context, wait=wait)
    opened = accounts.recover(name=typed["name"], words=typed["words"], passphrase=typed["new_passphrase"])
    if opened is None:
        form.add_error(
            None, gettext("That name and those words do not go together. Check both and try again.")
        )
        return page(request, "accounts/way_back.html", context)
    pacing.guessed_right(guess=Guess.WORDS, whose=typed["name"], origin=origin)
    messages.success(request, gettext("You are in. Your new passphrase holds."))
    return let_in(request, opened=opened, lasting=False, then=with_next(request, "accounts:words"))


@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this browser's session."""
    if request.method == "GET":
        return page(request, "accounts/sign_out.html", {})
    sessions.end_this(session=request.session)
    messages.success(request, gettext("You are signed out."))
    response = redirect("landing")
    # Words that were not sent do not stay for the next person at this device.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
