"""Talks one wrote in, and what is new there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from chat import presenters
from chat.selectors import inbox as selectors
from chat.views.entry import in_group
from chat.views.threads import group_context
from community.selectors.here import Here
from community.views.entry import key_of
from moderation.selectors.news import news


@require_GET
@in_group
def inbox(request: HttpRequest, here: Here) -> HttpResponse:
    """One group's; there is none for all groups together."""
    rows = selectors.inbox(here=here, key_of=key_of(request))
    advised = selectors.advised(here=here, key_of=key_of(request))
    told = {
        "lines": presenters.lines(rows),
        "news": news(here=here, key_of=key_of(request)),
        "helped": selectors.helped(here=here, key_of=key_of(request)),
        "advised": [(post, presenters.about_words(post)) for post in advised],
    }
    return render(request, "chat/inbox.html", group_context(here) | told)
