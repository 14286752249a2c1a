"""What waits to appear: sent at once after all, or taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from chat.actions import later
from chat.enums import FaceKind
from chat.forms.posts import PostForm
from chat.selectors import threads
from chat.selectors.later import keys_for
from chat.selectors.posts import Place
from chat.views.answers import Hold, as_written
from chat.views.entry import in_group, key_of
from chat.views.posts import thread_url
from chat.views.threads import thread_page
from community.actions import due
from community.errors import NotHere
from community.selectors.here import Here

NEWEST = Place(newest=True)


@require_POST
@in_group
def settle(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """`now` sends it, `back` takes it back. Both buttons bring what stands in the box along, and it stays there."""
    threads.find(here=here, tid=tid)
    keys = keys_for(key_of=key_of(request), tid=tid).both
    written = as_written(request)
    try:
        if "back" in request.POST:
            payload = later.take_back(keys=keys, pk=_number(request.POST["back"]))
            return _given_back(request, here, tid, written, payload)
        later.publish_now(keys=keys, pk=_number(request.POST.get("now", "")))
    except due.CannotBeDone as refusal:
        return _page(request, here, tid, written, Hold(status=409, reason=refusal.reason))
    except NotHere:
        reason = gettext("It waits no longer. It may have appeared just now.")
        return _page(request, here, tid, written, Hold(status=409, reason=reason))
    if str(written.get("text", "")).strip():
        return _page(request, here, tid, written, None)
    return redirect(f"{thread_url(here, tid)}?newest=1#latest")


def _given_back(
    request: HttpRequest, here: Here, tid: str, written: dict[str, Any], payload: due.Payload
) -> HttpResponse:
    """Back in the box under the face it was for; where other words stand there, beside it, to be copied."""
    if str(written.get("text", "")).strip():
        return _page(request, here, tid, written, None, kept=payload["text"])
    face = FaceKind.ONCE if payload["as_alias"] else FaceKind.NAME
    again = {"client_id": written["client_id"], "text": payload["text"], "face": face}
    return _page(request, here, tid, again, None)


def _page(
    request: HttpRequest,
    here: Here,
    tid: str,
    written: dict[str, Any],
    hold: Hold | None,
    *,
    kept: str = "",
) -> HttpResponse:
    form = PostForm(initial=written)
    words = [kept] if kept else []
    return thread_page(request, here, tid, place=NEWEST, form=form, hold=hold, kept=words)


def _number(given: str) -> int:
    return int(given) if given.isdecimal() and len(given) < 20 else 0
