"""Saying one of the kind things to a post, and taking it back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from chat import presenters
from chat.actions import reactions as reacting
from chat.actions import thanks as thanking
from chat.enums import ReactionKind
from chat.policies import Face
from chat.selectors import posts
from chat.views.answers import Hold, in_words
from chat.views.entry import face_of, seconds_to_wait, sent_to, wants_json
from chat.views.posts import thread_url
from chat.views.threads import group_context
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of


@sent_to
def react(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """`kind` says it, `undo` takes it back."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    kind = request.POST.get("kind") or request.POST.get("undo", "")
    if kind not in ReactionKind.values:
        raise NotHere
    act = reacting.react if request.POST.get("kind") else reacting.unreact
    wait = seconds_to_wait(act="react", here=here, limit=60, seconds=60)
    hold = Hold.pace(wait) if wait else None
    try:
        if hold is None:
            act(
                face=face,
                post=found,
                kind=ReactionKind(kind),
                key_of=key_of(request),
            )
    except MayNot as refusal:
        hold = Hold(status=403, reason=refusal.reason)
    if wants_json(request):
        return in_words(_as_it_is(face, tid, pid, hold), hold)
    if hold is not None:
        return in_words(render(request, "chat/held.html", group_context(here) | {"hold": hold}), hold)
    return redirect(f"{thread_url(here, tid)}?around={found.seq}#p-{pid}")


@sent_to
def thank(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """Tell the writer alone that it helped, or take that back."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    if wait := seconds_to_wait(act="react", here=here, limit=60, seconds=60):
        hold = Hold.pace(wait)
        return in_words(render(request, "chat/held.html", group_context(here) | {"hold": hold}), hold)
    thanking.set_thanks(face=face, post=found, helped="helped" in request.POST, key_of=key_of(request))
    return redirect("chat:post", here.group.public_id, tid, pid)


def _as_it_is(face: Face, tid: str, pid: str, hold: Hold | None) -> JsonResponse:
    if hold is not None:
        return JsonResponse({"message": hold.reason})
    now = posts.find(face=face, tid=tid, pid=pid)
    return JsonResponse({"id": pid, "html": presenters.render_post(now, language=get_language() or "en")})
