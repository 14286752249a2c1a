"""Leaving a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.actions import leaving
from community.selectors import roles
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from core.registries import slots


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def leave_group(request: HttpRequest, here: Here) -> HttpResponse:
    """Say what happens, then leave."""
    if request.method != "POST":
        context = {
            "here": here,
            "group": here.group,
            "is_only_lead": roles.is_only_lead(here=here),
            "had_a_name": here.member.personas.exists(),
            "more": slots.contents("leave group", request),
        }
        return render(request, "community/leave.html", context)
    leaving.leave_group(here=here, key_of=key_of(request))
    messages.success(
        request, _("You have left. Thank you for being here. You can come back any time, with a new name.")
    )
    return redirect("chat:home")
