"""The demo's doors: each signs a visitor in as everyone signs in, and says what it cannot show."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from accounts.actions import accounts
from accounts.views import entry, signing_in
from config.demo import cast, rooms, study
from config.guard import DEMO_SIGN_IN

MODERATOR, RESEARCHER = "demo-moderator", "demo-researcher"


def door(request: HttpRequest) -> HttpResponse:
    """What there is to see, and one button for each way in."""
    context = {
        "sign_ins": cast.SIGN_INS,
        "passphrase": cast.PASSPHRASE,
        "cant": CANNOT,
        "team_cant": TEAM_CANNOT,
        "research_cant": RESEARCH_CANNOT,
        "after": urlencode({REDIRECT_FIELD_NAME: _console(rooms.public_id_of("dementia"))}),
        "to_study": urlencode({REDIRECT_FIELD_NAME: _desk()}),
    }
    return render(request, "demo/door.html", context)


def _console(gid: str) -> str:
    """Where a team finds what waits for it."""
    try:
        return reverse("moderation:team", args=[gid])
    except NoReverseMatch:
        return reverse("chat:group", args=[gid])


def _desk() -> str:
    """Where a researcher finds the study; their home in a demo of an earlier Kith."""
    sid = study.public_id()
    return reverse("research:progress", args=[sid]) if sid else reverse("chat:home")


@require_POST
def as_member(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's member."""
    return _sign_in(request, DEMO_SIGN_IN)


@require_POST
def as_moderator(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's moderator."""
    return _with_code(request, MODERATOR)


@require_POST
def as_researcher(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo's researcher."""
    return _with_code(request, RESEARCHER)


def _with_code(request: HttpRequest, name: str) -> HttpResponse:
    """Sign in as somebody who has to show a second factor: this types the code that `make code` prints. A code that was
    used is refused as everyone's is, and so the next one is tried."""
    response = _sign_in(request, name)
    if request.user.is_authenticated:  # never without a second factor
        return response
    for code in cast.codes():
        request.POST = QueryDict(urlencode({"code": code}))
        response = signing_in.second_step(request)
        if request.user.is_authenticated:
            break
    return response


def _sign_in(request: HttpRequest, name: str) -> HttpResponse:
    """As on the sign-in page, with the name and passphrase that the door prints. Who was here before is signed out."""
    opened = accounts.prove(name=name, passphrase=cast.PASSPHRASE)
    if opened is None:
        return redirect("accounts:sign_in")
    return entry.let_in(request, opened=opened, lasting=False)


CANNOT = [
    "Hide how you write, or when. People who know you well may know your style.",
    "Stop someone from taking a picture of their screen.",
    "Keep you safe from someone who has altered the server itself, or who holds your phone.",
    "Take the place of a doctor, a crisis line or emergency help.",
]
RESEARCH_CANNOT = [
    "Tell you who somebody is. No page holds a name, and no answer points to a member.",
    "Say who has not answered. You see how many, so nobody can be chased.",
    "Show a count under five of one version, or what would give it away.",
    "Show that it helps. With six groups it can only show whether it can be done.",
    "Let you take a file alone. A program checks it, and someone else of the team lets it go.",
]
TEAM_CANNOT = [
    "Tell you who someone is. Nobody on the team can see the account behind a name.",
    "Send help to somebody's home. You can write to them, and show them where help is.",
    "Read when nobody is there. Someone has to have the time, and the page says when nobody has.",
    "Keep out for good whoever makes a new sign-in name.",
]
