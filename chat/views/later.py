"""What waits to appear: sent at once after all, or taken back."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from chat.actions import later
from chat.enums import FaceKind
from chat.errors import TooSoon
from chat.forms.posts import PostForm, ThreadForm
from chat.selectors import threads
from chat.selectors.later import Keys, keys_for, keys_to_open
from chat.selectors.posts import Place
from chat.views.answers import Hold, as_written
from chat.views.entry import sent_to
from chat.views.posts import thread_url
from chat.views.threads import start_page, thread_page
from community.actions import due
from community.errors import NotHere
from community.selectors.here import Here
from community.views.entry import key_of

Written = dict[str, Any]
Show = Callable[
    [Written, Hold | None, list[str]], HttpResponse
]  # what stands in the form, why, words to be copied


@sent_to
def settle(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """A message: `now` sends it, `back` takes it back."""
    threads.find(here=here, tid=tid)

    def show(written: Written, hold: Hold | None, kept: list[str]) -> HttpResponse:
        form = PostForm(initial=written)
        return thread_page(request, here, tid, place=Place(newest=True), form=form, hold=hold, kept=kept)

    return _settle(request, here, keys=keys_for(key_of=key_of(request), tid=tid), show=show)


@sent_to
def settle_opening(request: HttpRequest, here: Here) -> HttpResponse:
    """A talk that is to be started: the same."""

    def show(written: Written, hold: Hold | None, kept: list[str]) -> HttpResponse:
        form = ThreadForm(initial=written, topics=here.group.heads_ups)
        return start_page(request, here, form, hold, kept=kept)

    keys = keys_to_open(key_of=key_of(request), gid=here.group.public_id)
    return _settle(request, here, keys=keys, show=show)


def _settle(request: HttpRequest, here: Here, *, keys: Keys, show: Show) -> HttpResponse:
    """Both buttons bring along what stands in the form, and it stays there. What is taken back goes into an empty
    form with all that was picked for it; beside other words it is shown to be copied."""
    written = as_written(request)
    is_empty = not (written.get("text", "").strip() or written.get("title", "").strip())
    try:
        if "back" in request.POST:
            payload = later.take_back(keys=keys.both, pk=_number(request.POST["back"]))
            back = _form_of(payload) | {"client_id": written["client_id"]}
            words = "\n\n".join(filter(None, [payload.get("title"), payload["text"]]))
            return show(back, None, []) if is_empty else show(written, None, [words])
        tid = later.publish_now(keys=keys.both, pk=_number(request.POST.get("now", "")))
    except TooSoon as refusal:
        return show(written, Hold(status=429, reason=refusal.reason, wait=ceil(refusal.wait)), [])
    except due.CannotBeDone as refusal:
        return show(written, Hold(status=409, reason=refusal.reason), [])
    except NotHere:
        reason = gettext("It waits no longer. It may have appeared just now.")
        return show(written, Hold(status=409, reason=reason), [])
    return redirect(f"{thread_url(here, tid)}?newest=1#latest") if is_empty else show(written, None, [])


def _form_of(payload: due.Payload) -> Written:
    fields = {name: payload[name] for name in ("text", "title", "ask", "heads_ups") if name in payload}
    fields |= {"when": str(payload.get("hours", "")), "stays": str(payload["stays"] or "")}
    if not payload["as_alias"]:
        return fields | {"face": FaceKind.NAME}
    return fields | {"face": FaceKind.ONCE, "once": payload["handle"]}


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 20 else 0
