"""Sign-up: age, name, passphrase, words. Nothing is stored, and no session begins, before the passphrase."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import pacing, signin_names
from accounts.actions import accounts
from accounts.errors import NameTaken
from accounts.forms.entry import TOO_YOUNG, Age, ChoosePassphrase, Device
from accounts.forms.fields import asks_to_look
from accounts.selectors import accounts as selectors
from accounts.views.entry import (
    let_in,
    onward,
    page,
    signed_in_only,
    strangers_only,
    to_first_words,
    too_soon,
    with_next,
)

STEPS = 6


def at_step(step: int) -> dict[str, Any]:
    """How far somebody is with their sign-in. Joining a group counts its own pages."""
    return {"step": step, "steps": STEPS, "part": gettext("Your sign-in")}


@strangers_only
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """How old are you? The answer is used here and nowhere else."""
    form = Age(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["age"] == TOO_YOUNG:
            return page(request, "accounts/too_young.html", {})
        return redirect(with_next(request, "accounts:sign_up_name"))
    context = {"form": form, "sign_in": with_next(request, "accounts:sign_in"), **at_step(1)}
    return page(request, "accounts/sign_up.html", context)


@strangers_only
@require_http_methods(["GET", "POST"])
def sign_up_name(request: HttpRequest) -> HttpResponse:
    """A proposed name. Loading the page again proposes another; whoever comes back from the next page finds theirs."""
    return _name_page(request, name=signin_names.open_signed(request.POST.get("token", "")))


def _name_page(request: HttpRequest, *, name: str | None = None, trouble: str = "") -> HttpResponse:
    name = name or selectors.free_name()
    context = {
        "name": name,
        "token": signin_names.sign(name),
        "trouble": trouble,
        **at_step(2),
        "back_url": with_next(request, "accounts:sign_up"),
        "another": with_next(request, "accounts:sign_up_name"),
        "onward": with_next(request, "accounts:sign_up_passphrase"),
    }
    return page(request, "accounts/sign_up_name.html", context, status=422 if trouble else 200)


@strangers_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_up_passphrase(request: HttpRequest) -> HttpResponse:
    """A passphrase for the name that was proposed. Then the account is made."""
    if request.method == "GET":
        return redirect(with_next(request, "accounts:sign_up_name"))
    name = signin_names.open_signed(request.POST.get("token", ""))
    if name is None:
        return _name_page(request, trouble=gettext("That name was held for an hour. Here is another."))
    show, looks = "show" in request.POST, asks_to_look(request.POST)
    typed = "new_passphrase" in request.POST and not looks
    form = ChoosePassphrase(
        request.POST if typed else None, initial=request.POST.dict() if looks else None, name=name, show=show
    )
    context = {
        "form": form,
        "name": name,
        "token": request.POST["token"],
        **at_step(3),
        "shown": show,
        "back_url": with_next(request, "accounts:sign_up_name"),
    }
    if not typed or not form.is_valid():
        return page(request, "accounts/sign_up_passphrase.html", context)
    wait = pacing.wait_to_sign_up(origin=pacing.origin_of(request))
    if wait:
        return too_soon(request, "accounts/sign_up_passphrase.html", context, wait=wait)
    try:
        opened = accounts.create(name=name, passphrase=form.cleaned_data["new_passphrase"])
    except NameTaken:
        return _name_page(request, trouble=gettext("Somebody just took that name. Here is another."))
    return let_in(request, opened=opened, lasting=False, then=to_first_words(request))


@signed_in_only
@require_http_methods(["GET", "POST"])
def sign_up_device(request: HttpRequest) -> HttpResponse:
    """Whether only this person uses the device. Until they say so, the session ends with the browser."""
    form = Device(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session.set_expiry(None if form.cleaned_data["only_mine"] == "yes" else 0)
        return onward(request)
    return page(request, "accounts/sign_up_device.html", {"form": form, **at_step(STEPS)})
