"""Who does what in a group."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community import policies
from community.actions import roles as actions
from community.enums import Role
from community.errors import MayNot
from community.forms.roles import RoleForm
from community.selectors import roles as selectors
from community.selectors.here import Here
from community.views.entry import members_only


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def roles(request: HttpRequest, here: Here) -> HttpResponse:
    """Leads give and take roles. Whoever holds a role without a second factor is told what to do first."""
    if not policies.permits("see_roles", here):
        raise Http404
    if not here.strong:
        return render(request, "community/roles_second_step.html", {"here": here, "group": here.group})
    form = RoleForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            given = form.cleaned_data
            actions.give_role(
                here=here, role=Role(given["role"]), handle=given["handle"], ref=given["holder"]
            )
        except MayNot as refusal:
            form.add_error("handle", refusal.reason)
        else:
            messages.success(request, _("Done. It holds from now on."))
            return redirect("community:roles", gid=here.group.public_id)
    context = {"here": here, "group": here.group, "form": form, "holders": selectors.holders(here=here)}
    return render(request, "community/roles.html", context, status=status)
