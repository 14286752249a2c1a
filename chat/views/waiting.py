"""What the page for another name says of messages that wait under the one that is given up."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from chat.selectors import later
from community.views.entry import key_of


def on_another_name(request: HttpRequest) -> str:
    """A line where something waits: it would not appear any more. Nothing where nothing does."""
    gid = request.resolver_match.kwargs["gid"] if request.resolver_match else ""
    if not later.waits_under_a_name(key_of=key_of(request), gid=gid):
        return ""
    return render_to_string("chat/_waits.html", {"gid": gid}, request=request)
