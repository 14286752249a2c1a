"""The demo's door: it signs a visitor in as everyone signs in, and says what it cannot show."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.actions import accounts
from accounts.views import entry
from config.demo import cast
from config.guard import DEMO_SIGN_IN


def door(request: HttpRequest) -> HttpResponse:
    """What there is to see, and one button to go in."""
    return render(
        request, "demo/door.html", {"sign_ins": cast.SIGN_INS, "passphrase": cast.PASSPHRASE, "cant": CANNOT}
    )


@require_POST
def as_member(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's member, with the name and passphrase that this page prints."""
    opened = accounts.prove(name=DEMO_SIGN_IN, passphrase=cast.PASSPHRASE)
    if opened is None:
        return redirect("accounts:sign_in")
    return entry.let_in(request, opened=opened, lasting=False)


CANNOT = [
    "Hide how you write, or when. People who know you well may know your style.",
    "Stop someone from taking a picture of their screen.",
    "Keep you safe from someone who has altered the server itself, or who holds your phone.",
    "Take the place of a doctor, a crisis line or emergency help.",
]
