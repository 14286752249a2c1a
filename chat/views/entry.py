"""What the pages of a group's talk share: the door, whose eyes, and how a page is asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from chat.policies import Face, watches
from chat.selectors import hidden, threads
from community import linkage
from community.errors import NotHere
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from core import clock, ratelimit
from core.ids import public_id_of
from core.registries.watching import stop_at


def in_group(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `members_only`; a thread or post that is not here answers like a group that is not. For who is here to watch
    it opens once everyone can read that."""

    @members_only
    @wraps(view)
    def wrapped(request: HttpRequest, here: Here, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if "tid" in kwargs and watches(here) and (instead := stop_at(request, here, kwargs["tid"])):
                return instead
            return view(request, here, *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


def sent_to(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `in_group`, for an address that is only sent to. Whoever just opens it, as a page that is loaded again
    does, comes to the page one step up, if its thread is there for them."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @in_group
    @wraps(view)
    def wrapped(request: HttpRequest, here: Here, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            return view(request, here, *args, **kwargs)
        if "tid" in kwargs:
            threads.find(here=here, tid=kwargs["tid"])
        return redirect("../")

    return wrapped


def face_of(request: HttpRequest, *, here: Here, tid: str) -> Face:
    """Who looks at a thread: the member, the alias they may have in it, and whom they do not see there."""
    return hidden.face_in(here=here, key_of=key_of(request), tid=tid)


def keep_mark(request: HttpRequest, *, ref: str) -> str:
    """What marks a draft in the browser as one's own: another one in each place, so that no two can be joined up,
    and the same after signing in again."""
    return linkage.keyed(request, kind="draft", ref=ref).hex()[:32]


def new_tid(request: HttpRequest, *, here: Here, words: str, turn: int = 0) -> str:
    """The public id of the thread that these words open today: the same each time they are sent, from whichever page,
    and nobody else can tell what it was made from. Where what they opened was taken away, they open another."""
    ref = f"{here.member.pk}|{clock.today()}|{turn}|{words}"
    tid = public_id_of(linkage.keyed(request, kind="talk", ref=ref))
    return new_tid(request, here=here, words=words, turn=turn + 1) if threads.is_empty(tid=tid) else tid


def wants_json(request: HttpRequest) -> bool:
    """Whether the page's script asks, rather than a form."""
    return "application/json" in request.headers.get("Accept", "")


def number(request: HttpRequest, *, name: str) -> int | None:
    """A number from the address, or None where there is none that makes sense."""
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) < 16 else None  # what a row number can be


def seconds_to_wait(*, act: str, here: Here, limit: int, seconds: int) -> int:
    """0, or how long somebody has to wait before doing this again."""
    wait = ratelimit.hit(act, bytes(here.member.owner_tag).hex(), limit=limit, seconds=seconds)
    return int(wait + 1) if wait else 0
