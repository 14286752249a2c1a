"""The eight words: shown, saved or copied, and two of them typed back.

The words wait in the session, sealed under the browser's cookie, until they are confirmed or put aside.
"""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import keys
from accounts.actions import accounts, locks
from accounts.forms.entry import CheckWords
from accounts.views.entry import fresh_only, is_fresh, next_path, onward, page, signed_in_only, with_next
from accounts.views.signing_up import at_step


def _waiting(request: HttpRequest) -> list[str]:
    return cast(list[str], request.session.get("words", []))


def _context(request: HttpRequest, *, step: int = 4) -> dict[str, Any]:
    signing_up = "/sign-up/" in next_path(request)
    return {
        "words": _waiting(request),
        "name": request.user.get_username(),
        "first": signing_up,
        **(at_step(step) if signing_up else {}),
        "card": with_next(request, "accounts:words_card"),
        "check": with_next(request, "accounts:words_check"),
        "skip": with_next(request, "accounts:words_skip"),
        "shown": with_next(request, "accounts:words"),
    }


@fresh_only
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """The words that wait to be kept, or an offer to make new ones."""
    template = "accounts/words.html" if _waiting(request) else "accounts/words_new.html"
    return page(request, template, _context(request))


@fresh_only
@require_http_methods(["GET", "POST"])
def words_new(request: HttpRequest) -> HttpResponse:
    """Make new words. The old ones hold until the new are confirmed."""
    if request.method == "POST":
        secret = cast(bytes, keys.carried(request.session))
        request.session["words"] = accounts.new_words(account=cast(Any, request.user), secret=secret)
        return redirect("accounts:words")
    return page(request, "accounts/words_new.html", {"fresh": True})


@signed_in_only
@require_POST
def words_file(request: HttpRequest) -> HttpResponse:
    """The words as a text file, whose name says nothing."""
    if not _waiting(request) or not is_fresh(request):
        return redirect("accounts:words")
    how = gettext(
        "Keep your sign-in name and these eight words apart from this device. To get back in, add %(path)s "
        "to the web address, and type the name and the words."
    )
    lines = [f"{number}. {word}" for number, word in enumerate(_waiting(request), start=1)]
    name = gettext("Your sign-in name: %(name)s") % {"name": request.user.get_username()}
    lines = [name, "", *lines, "", how % {"path": reverse("accounts:way_back")}]
    response = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="words.txt"'
    return response


@fresh_only
@require_GET
def words_card(request: HttpRequest) -> HttpResponse:
    """The way-back card, to print or to copy."""
    if not _waiting(request):
        return redirect("accounts:words")
    return page(request, "accounts/words_card.html", _context(request))


@fresh_only
@require_http_methods(["GET", "POST"])
def words_check(request: HttpRequest) -> HttpResponse:
    """Two words typed back: then these are the words that hold."""
    waiting = _waiting(request)
    if not waiting:
        return redirect("accounts:words")
    form = CheckWords(request.POST or None, words=waiting)
    if request.method == "POST" and form.is_valid():
        held = accounts.confirm_words(account=cast(Any, request.user), words=waiting)
        del request.session["words"]
        if not held:
            return page(request, "accounts/words_new.html", {"fresh": True, "replaced": True}, status=409)
        return onward(request) if next_path(request) else redirect("accounts:settings")
    return page(request, "accounts/words_check.html", _context(request, step=5) | {"form": form})


@signed_in_only
@require_POST
def words_skip(request: HttpRequest) -> HttpResponse:
    """Put the words aside without typing them back. Older words hold; first words hold as they are."""
    locks.drop_next_words(account=cast(Any, request.user))
    request.session.pop("words", None)
    return onward(request) if next_path(request) else redirect("accounts:settings")
