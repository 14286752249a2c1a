"""Getting ready for an appointment: a private list that prints."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community import linkage
from community.actions import own_lists as actions
from community.errors import MayNot
from community.forms.appointment import AppointmentForm
from community.selectors import own_lists
from community.selectors.here import Here
from community.views.entry import members_only


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def appointment(request: HttpRequest, here: Here) -> HttpResponse:
    """Write it, keep it or not, print it."""
    keys = own_lists.keys_for(key_of=partial(_key, request), gid=here.group.public_id)
    if request.method != "POST":
        kept = own_lists.read(keys=keys)
        return _page(request, here, AppointmentForm(initial=kept), kept)
    form = AppointmentForm(request.POST)
    if not form.is_valid():
        return _page(request, here, form, {}, status=422)
    if "show" in request.POST:
        return _page(request, here, form, form.cleaned_data, is_shown=True)
    try:
        actions.keep(here=here, keys=keys, lines={} if "away" in request.POST else form.cleaned_data)
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, here, form, form.cleaned_data, status=422)
    messages.success(request, _("It is gone.") if "away" in request.POST else _("It is kept, for you alone."))
    return redirect("community:appointment", here.group.public_id)


def _key(request: HttpRequest, kind: str, ref: str) -> bytes:
    return linkage.keyed(request, kind=kind, ref=ref)


def _page(
    request: HttpRequest,
    here: Here,
    form: AppointmentForm,
    said: dict[str, str],
    *,
    status: int = 200,
    is_shown: bool = False,
) -> HttpResponse:
    lines = [(field.label, said[name]) for name, field in form.fields.items() if said.get(name)]
    context = {"here": here, "group": here.group, "form": form, "lines": lines, "is_shown": is_shown}
    return render(request, "community/appointment.html", context, status=status)
