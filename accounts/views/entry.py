"""What the pages of the private world share: who may come in, how they are let in, and where they go next."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import ngettext

from accounts import keys, local_paths
from accounts.actions import sessions
from accounts.actions.accounts import Opened
from accounts.selectors import accounts
from core import referer

View = Callable[..., HttpResponse]
FRESH = 600  # seconds a typed passphrase counts for what matters


def next_path(request: HttpRequest) -> str:
    """Where ?next= leads, if it stays on this site. It is carried in addresses, never in the session: a
    session that knew which group somebody came for would join the two worlds."""
    wanted = request.GET.get(REDIRECT_FIELD_NAME)
    return str(wanted) if local_paths.is_local(wanted) else ""


def with_next(request: HttpRequest, name: str, *, then: str = "") -> str:
    """The address of a page, passing on ?next=, or another address to go to after it."""
    path, wanted = reverse(name), then or next_path(request)
    return f"{path}?{urlencode({REDIRECT_FIELD_NAME: wanted})}" if wanted else path


def to_first_words(request: HttpRequest) -> str:
    """The address of the words of a new account, and then on with signing up."""
    return with_next(request, "accounts:words", then=with_next(request, "accounts:sign_up_device"))


def is_closing(request: HttpRequest) -> bool:
    """Whether whoever is signed in has closed their account, and may only take that back."""
    return accounts.is_closing(request.user)


def came_from(request: HttpRequest) -> str:
    """The path of the page of ours whose link was followed, or nothing."""
    page = referer.page(request)
    return page.path if page.netloc == request.headers.get("Host") else ""


def onward(request: HttpRequest) -> HttpResponseRedirect:
    """To ?next=, or home."""
    if is_closing(request):
        return redirect("accounts:closing")
    return redirect(next_path(request) or resolve_url(settings.LOGIN_REDIRECT_URL))


def let_in(request: HttpRequest, *, opened: Opened, lasting: bool, then: str = "") -> HttpResponse:
    """Start a fresh session that carries S, and go on through allauth's stages (the second step).

    Whatever the browser carried before is dropped first, so that nobody can plant a session. Django changes
    the session's key once more when the last stage is done, and keeps what it carries.
    """
    sessions.end_this(session=request.session)  # open pages of whoever was signed in here fall silent
    logout(request)
    keys.carry(request.session, opened.secret)
    # Whether the passphrase is still the one that was typed, the second step asks: Django keeps this from then on.
    request.session[HASH_SESSION_KEY] = opened.account.get_session_auth_hash()
    request.session.set_expiry(None if lasting else 0)
    if opened.words:
        request.session["words"] = opened.words
    # No address is stashed with the login: it could name a group.
    response = perform_password_login(request, {}, Login(user=opened.account))
    if request.user.is_authenticated:
        return redirect(then) if then else onward(request)
    if response.headers.get("Location") == reverse("mfa_authenticate"):
        return redirect(with_next(request, "accounts:second_step", then=then))
    return cast(HttpResponse, response)


def proved(request: HttpRequest, *, method: str, **details: Any) -> None:
    """Note in the session that somebody proved again who they are."""
    record_authentication(request, cast(Any, request.user), method=method, **details)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the passphrase was typed in the last minutes."""
    records = get_authentication_records(request, cast(Any, request.user))
    return any(r["method"] == "password" and time.time() - r["at"] < FRESH for r in records)


def signed_in_only(view: View) -> View:
    """Only for a signed-in session that carries S."""

    @login_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if keys.carried(request.session) is None:
            return redirect("accounts:sign_out")
        if is_closing(request):
            return redirect("accounts:closing")
        return view(request, *args, **kwargs)

    return wrapped


def fresh_only(view: View) -> View:
    """Only after the passphrase was typed a moment ago; otherwise it is asked for first."""

    @signed_in_only
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_fresh(request):
            return redirect(
                f"{reverse('accounts:again')}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
            )
        return view(request, *args, **kwargs)

    return wrapped


def strangers_only(view: View) -> View:
    """Who is signed in already goes on to where they wanted."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if "words" in request.session and request.path.startswith(reverse("accounts:sign_up")):
            return redirect(to_first_words(request))  # who goes back from them has not kept them yet
        return onward(request)

    return wrapped


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page; 422 if its form has errors."""
    form = context.get("form")
    if status == 200 and form is not None and form.is_bound and form.errors:
        status = 422
    return render(request, template, context, status=status)


def too_soon(request: HttpRequest, template: str, context: dict[str, Any], *, wait: float) -> HttpResponse:
    """The same page, saying in a plain sentence how long to wait."""
    seconds = math.ceil(wait)
    minutes = math.ceil(seconds / 60)
    if seconds < 60:
        text = ngettext("Please wait %(n)s second.", "Please wait %(n)s seconds.", seconds) % {"n": seconds}
    else:
        text = ngettext("Please wait %(n)s minute.", "Please wait %(n)s minutes.", minutes) % {"n": minutes}
    response = page(request, template, context | {"wait": text}, status=429)
    response["Retry-After"] = str(seconds)
    return response
