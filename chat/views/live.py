"""The live thread for browsers without sockets: the same events, when asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from chat.presenters import render_post
from chat.selectors import events as happened
from chat.selectors import hidden, threads
from chat.views.entry import face_of, in_group
from community.selectors.here import Here
from core.live import frames

LOG = happened.ThreadLog(present=render_post)


@require_GET
@in_group
def events(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """What happened after ?after=N, as a live frame would say it; or, where the page was made for other eyes than
    ?view says, that it has to be made again."""
    face = face_of(request, here=here, tid=tid)
    thread = threads.find(here=here, tid=tid)
    after = frames.parse_seq(request.GET.get("after", ""))
    if after is None:
        return JsonResponse({"message": gettext("Say after which message: ?after=12")}, status=400)
    if request.GET.get("view", "") not in {"", hidden.view_of(here=here, hidden=face.hidden)}:
        return JsonResponse({"renew": True})
    found = happened.missed(
        source=LOG, thread=thread, after=after, language=get_language() or "", hidden=face.hidden.refs
    )
    if found is None:
        return JsonResponse({"reload": True})
    items = [frames.item(event=event, html=html) for event, html in found.events]
    return JsonResponse({"to": found.to, "head": found.head, "events": items})
