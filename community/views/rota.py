"""The rota of a group, and being off duty."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.actions import rota as actions
from community.enums import Away
from community.errors import MayNot, NotHere
from community.forms.rota import DutyAddressForm, OffDutyForm, ShiftForm
from community.presenters import rota as presenter
from community.presenters.strip import place_of
from community.selectors import rota as selectors
from community.selectors.here import Here
from community.views.entry import members_only, team_only
from core import clock, mail
from core.mailed_codes import MailedCode


@members_only
@require_http_methods(["GET", "HEAD", "POST"])
def rota(request: HttpRequest, here: Here) -> HttpResponse:
    """The hours, for members; for the team also their own shifts, and a form for one more."""
    if request.method == "POST":
        return _add(request, here)
    return _page(request, here, form=None)


@team_only
@require_POST
def remove(request: HttpRequest, here: Here) -> HttpResponse:
    """Take a shift out of the rota."""
    try:
        actions.remove_shift(here=here, shift_id=request.POST.get("shift", "")[:20].replace("\0", ""))
    except NotHere:
        raise Http404 from None
    messages.success(request, _("That shift is off the rota."))
    return redirect("community:rota", here.group.public_id)


@team_only
@require_http_methods(["GET", "HEAD", "POST"])
def off_duty(request: HttpRequest, here: Here) -> HttpResponse:
    """Say that you are off duty."""
    now = clock.now()
    has_shift = selectors.own_shift_end(here=here, moment=now) is not None
    morning = selectors.next_morning(group=here.group, moment=now)
    form = OffDutyForm(request.POST or None, has_shift=has_shift, morning=morning)
    if request.method == "POST" and form.is_valid():
        given_back = actions.go_off_duty(here=here, choice=Away(form.cleaned_data["choice"]))
        what = _("What you had is given back. Someone else can take it.") if given_back else ""
        messages.success(request, f"{_('You are off duty. Rest well.')} {what}".strip())
        return redirect("community:rota", here.group.public_id)
    context = {"form": form, "back_url": reverse("community:rota", args=[here.group.public_id])}
    status = 422 if request.method == "POST" else 200
    return render(request, "community/off_duty.html", context, status=status)


@team_only
@require_POST
def back_on_duty(request: HttpRequest, here: Here) -> HttpResponse:
    """Say that you are back."""
    actions.come_back(here=here)
    messages.success(request, _("Welcome back. The rota holds again."))
    return redirect("community:rota", here.group.public_id)


@team_only
@require_POST
def address(request: HttpRequest, here: Here) -> HttpResponse:
    """Where a mail goes in one's hours when somebody is not well: given, then confirmed with the code from there."""
    is_code = "code" in request.POST
    form: Form = MailedCode(request.POST) if is_code else DutyAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, here, form=None, address=form)
    try:
        if is_code:
            actions.confirm_duty_address(here=here, **form.cleaned_data)
            messages.success(request, _("Kept. It is used in your hours alone."))
        else:
            actions.give_duty_address(here=here, **form.cleaned_data)
            if not form.cleaned_data["address"]:
                messages.success(request, _("We keep no address."))
    except MayNot as refusal:
        form.add_error("code" if is_code else "address", refusal.reason)
        return _page(request, here, form=None, address=form)
    return redirect("community:rota", here.group.public_id)


def _add(request: HttpRequest, here: Here) -> HttpResponse:
    if not here.is_team:
        raise Http404
    form = ShiftForm(request.POST, names=selectors.names_of_team(here=here))
    if not form.is_valid():
        return _page(request, here, form=form)
    values = form.cleaned_data
    try:
        actions.add_shift(
            here=here,
            weekday=values["weekday"],
            starts=values["starts"],
            ends=values["ends"],
            persona_id=values.get("persona", ""),
        )
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return _page(request, here, form=form)
    messages.success(request, _("That shift is on the rota."))
    return redirect("community:rota", here.group.public_id)


def _page(
    request: HttpRequest, here: Here, *, form: ShiftForm | None, address: Form | None = None
) -> HttpResponse:
    found, (mine, waits) = selectors.rota(here=here), selectors.duty_address(here=here)
    fresh: Form = MailedCode() if waits else DutyAddressForm(initial={"address": mine})
    context = {
        "here": here,
        "group": here.group,
        "group_tone": here.group.tone,
        "group_url": reverse("chat:group", args=[here.group.public_id]),
        "rota": presenter.present(found),
        "clock_of": place_of(here.group),
        "is_team": here.is_team,
        "is_lead": here.is_lead,
        "form": form or ShiftForm(names=found.names),
        "has_mail": mail.is_set_up(),
        "own_address": mine,
        "address": address or fresh,
    }
    return render(request, "community/rota.html", context, status=422 if form or address else 200)
