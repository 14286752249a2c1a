"""Adding and taking away the second step: codes from an app, and passkeys."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import keys, pacing
from accounts.actions import second_factors, sessions
from accounts.enums import Guess
from accounts.forms.entry import Code
from accounts.selectors import second_factors as selectors
from accounts.views.entry import fresh_only, page, proved, signed_in_only, too_soon


@signed_in_only
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """What there is: a code app, passkeys by number, never a time."""
    return page(request, "accounts/second_factor.html", {"has": selectors.of(account=_me(request))})


@fresh_only
@require_http_methods(["GET", "POST"])
def codes_add(request: HttpRequest) -> HttpResponse:
    """Show the key, and add the app once a code from it fits."""
    account, origin = _me(request), pacing.origin_of(request)
    if selectors.of(account=account).has_codes:
        return redirect("accounts:second_factor")
    form = Code(request.POST or None)
    if form.is_valid():
        wait = pacing.wait_to_guess(guess=Guess.CODE, whose=str(account.pk), origin=origin)
        context = {"form": form, "setup": second_factors.code_setup(account=account, fresh=False)}
        if wait:
            return too_soon(request, "accounts/codes_add.html", context, wait=wait)
        added = second_factors.add_codes(request=request, account=account, code=form.cleaned_data["code"])
        if added:
            pacing.guessed_right(guess=Guess.CODE, whose=str(account.pk), origin=origin)
            # A code that fits, in a session whose passphrase is fresh, is a sign-in with both.
            proved(request, method="mfa", id=added.pk, type=added.type)
            return redirect("accounts:second_factor")
        form.add_error("code", gettext("That did not fit. Codes change every half minute. Try the next one."))
    setup = second_factors.code_setup(account=account, fresh=request.method == "GET")
    return page(request, "accounts/codes_add.html", {"form": form, "setup": setup})


@fresh_only
@require_http_methods(["GET", "POST"])
def passkey_add(request: HttpRequest) -> HttpResponse:
    """Let the browser make a passkey. This is the one page here that cannot work without JavaScript."""
    account = _me(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        added = second_factors.add_passkey(account=account, credential=request.POST.get("credential", ""))
        if added:
            proved(request, method="mfa", id=added.pk, type=added.type)
            return redirect("accounts:second_factor")
        context["trouble"] = gettext("Your device did not finish. Nothing was changed. You can try again.")
    context["options"] = second_factors.passkey_options(account=account, adding=True)
    return page(request, "accounts/passkey_add.html", context, status=422 if "trouble" in context else 200)


@fresh_only
@require_GET
def second_factor_remove(request: HttpRequest) -> HttpResponse:
    """Ask before a second step is taken away."""
    return page(request, "accounts/second_factor_remove.html", {"has": selectors.of(account=_me(request))})


@fresh_only
@require_POST
def second_factor_removed(request: HttpRequest) -> HttpResponse:
    """Take away the code app, or one passkey. With the last one this session's second step is gone too."""
    which = request.POST.get("which", "")
    if which == "codes" or (which.isdecimal() and len(which) < 20):
        left = second_factors.remove(account=_me(request), key=None if which == "codes" else int(which))
        if not left:
            records = get_authentication_records(request, _me(request))
            kept = [record for record in records if record["method"] != "mfa"]
            request.session[AUTHENTICATION_METHODS_SESSION_KEY] = kept
        # Other browsers signed in with what is gone; this one goes on under a new key.
        sessions.end_all(owner_tag=cast(bytes, keys.session_tag(request.session)))
        request.session.cycle_key()
    return redirect("accounts:second_factor")


def _me(request: HttpRequest) -> Any:
    return cast(Any, request.user)
