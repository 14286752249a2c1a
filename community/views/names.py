"""How names work here: read by anyone who may see the group's front page, changed by its lead."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import policies, trade_offs
from community.actions import names as actions
from community.errors import MayNot
from community.forms.names import NamesForm, names_form
from community.policies import Outside
from community.selectors import names
from community.selectors.here import Here
from community.views.doors import at_the_door
from community.views.entry import members_only


@require_safe
@at_the_door
def how_names_work(request: HttpRequest, place: Here | Outside) -> HttpResponse:
    """Every setting as it is here: what it protects, what it costs, what the papers found."""
    reading = names.reading(group=place.group, kinds=names.kinds())
    lines = names.lines(reading.policy, kinds=names.kinds())
    context: dict[str, Any] = {
        "group": place.group,
        "here": place if isinstance(place, Here) else None,
        "is_outside": isinstance(place, Outside),
        "reading": reading,
        "sections": [
            (setting, list(found), trade_offs.of_setting(setting.key))
            for setting, found in groupby(lines, key=lambda line: line.setting)
        ],
        "may_change": policies.permits("publish_names", place),
    }
    return render(request, "community/names.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def names_change(request: HttpRequest, here: Here) -> HttpResponse:
    """Choose, look at what would change and for whom, then publish: the first press only shows."""
    if not policies.permits("publish_names", here):
        raise Http404
    kinds = names.kinds()
    if request.method != "POST":
        reading = names.reading(group=here.group, kinds=kinds)
        form = names_form(
            version=here.group.names_version,
            name=reading.version.name if reading.version else "",
            lines=names.lines(reading.policy, kinds=kinds),
            kinds=kinds,
        )
        return _page(request, here, form, status=200)
    form = NamesForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _page(request, here, form, status=422)
    if "back" in request.POST:
        return _page(request, here, form, status=200)
    if "sure" not in request.POST:
        return _check(request, here, form)
    return _publish(request, here, form)


def _check(request: HttpRequest, here: Here, form: NamesForm) -> HttpResponse:
    changes = names.changes(before=names.policy_of(here.group), after=form.policy(), kinds=form.kinds)
    context = {"here": here, "group": here.group, "form": form, "changes": changes}
    return render(request, "community/names_check.html", context)


def _publish(request: HttpRequest, here: Here, form: NamesForm) -> HttpResponse:
    given = form.cleaned_data
    try:
        actions.publish_names(
            here=here, policy=form.policy(), name=given["name"], base_version=given["base_version"]
        )
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, here, form, status=409)
    messages.success(request, _("This holds from now on. Everyone here can read what changed."))
    return redirect("community:names", gid=here.group.public_id)


def _page(request: HttpRequest, here: Here, form: NamesForm, *, status: int) -> HttpResponse:
    context = {"here": here, "group": here.group, "form": form}
    return render(request, "community/names_change.html", context, status=status)
