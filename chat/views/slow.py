"""Slowing one talk down, for the team."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chat.selectors import threads
from chat.views.entry import in_group
from chat.views.threads import group_context
from community.selectors.here import Here
from moderation.actions import care as actions
from moderation.enums import Slow
from moderation.forms.care import SlowForm
from moderation.selectors import care


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def slow(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """One message, and then a while for the others: in this talk, until an end."""
    if not here.is_team:
        raise Http404
    thread = threads.find(here=here, tid=tid)
    now = care.slow_thread(group=here.group, place=tid)
    initial = {"minutes": now.minutes_between if now else 30, "hours": Slow.DAY}
    form = SlowForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        actions.slow_thread(here=here, place=tid, minutes=given["minutes"], hours=given["hours"])
        messages.success(request, _("Done. Everyone who writes here can read it."))
        return redirect("chat:thread", here.group.public_id, tid)
    context = group_context(here) | {"thread": thread, "form": form, "now": now}
    return render(request, "chat/slow.html", context, status=422 if form.is_bound else 200)
