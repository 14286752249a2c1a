"""Quick exit: end the session, forget the pages, be somewhere plain."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.actions import sessions


@csrf_exempt  # a beacon carries no token; what another site sends ends nothing
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """GET is the link without JavaScript, POST what the script sends: at once, and again for an exit that met no line.
    A browser that only looks ahead follows a link, and ends nothing; nor does a link of another site."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    if request.method == "GET" and ("prefetch" in purpose or "prerender" in purpose):
        return HttpResponse(status=204)
    is_ours = request.headers.get("Sec-Fetch-Site") not in {"cross-site", "same-site"}
    if is_ours:
        sessions.end_this(session=request.session)
        list(messages.get_messages(request))  # what was to be said on the next page stays unsaid
    if request.method == "POST":
        response = HttpResponse(status=204)
    else:
        # Only ever the operator's address: nothing in the request has a say in it.
        response = HttpResponse(status=303, headers={"Location": settings.KITH_EXIT_TO})
    if is_ours:
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response
