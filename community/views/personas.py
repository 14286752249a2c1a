"""Choosing a name in a group, and putting it down."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import handles, linkage
from community.actions import personas as actions
from community.errors import MayNot
from community.forms.personas import OFFERED, NameForm
from community.selectors import here as places
from community.selectors import personas
from community.selectors.here import Here
from community.views.doors import onward
from community.views.entry import members_only


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name(request: HttpRequest, here: Here) -> HttpResponse:
    """Pick a name and a picture before the first post. Asking for other names changes nothing but the offer."""
    target = onward(request, fallback=reverse("chat:group", args=[here.group.public_id]))
    if here.persona or not here.may_post:
        return render(request, "community/name_now.html", {"here": here, "group": here.group, "next": target})
    again = "again" in request.POST
    form = _form(request, here, bound=request.method == "POST" and not again)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        try:
            actions.create_persona(
                here=here, handle=chosen["chosen"], avatar=chosen["avatar"], about=chosen["about"]
            )
        except MayNot as refusal:
            form.add_error("own" if chosen.get("own") else "handle", refusal.reason)
        else:
            return redirect(target)
    context = {"form": form, "here": here, "group": here.group, "next": target}
    return render(request, "community/name.html", context, status=422 if form.is_bound else 200)


@require_POST
@members_only
def name_stop(request: HttpRequest, here: Here) -> HttpResponse:
    """Stop using the current name."""
    actions.stop_using_name(here=here)
    messages.success(request, _("You no longer use that name. You can pick a new one when you next write."))
    return redirect("chat:group", gid=here.group.public_id)


def _form(request: HttpRequest, here: Here, *, bound: bool) -> NameForm:
    def is_own_elsewhere(handle: str) -> bool:
        others = [gid for gid in places.all_group_ids() if gid != here.group.public_id]
        return personas.used_under(owner_tags=linkage.owner_tags(request, groups=others), handle=handle)

    return NameForm(
        request.POST if bound else None,
        offered=handles.propose(group=here.group, n=OFFERED),
        is_taken=lambda handle: personas.is_taken(here=here, handle=handle),
        is_own_elsewhere=is_own_elsewhere,
        names_the_account=lambda text: linkage.names_the_account(request, text=text),
    )
