"""Checked roles: the team checks them, and whoever holds one shows it or not."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.actions import badges as actions
from community.errors import MayNot
from community.forms.badges import BadgeForm, WearForm
from community.presenters.badges import role_words, what_was_checked
from community.selectors import badges as selectors
from community.selectors.here import Here
from community.views.entry import key_of, members_only, team_only


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def checked(request: HttpRequest, here: Here) -> HttpResponse:
    """What the team checked, and what it has to look at; saying that somebody was checked."""
    form = BadgeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        handle = given.pop("handle")
        try:
            made = actions.propose(
                here=here, handle=handle, claim=actions.Claim(**given), key_of=key_of(request)
            )
        except MayNot as refusal:
            form.add_error("role" if isinstance(refusal, actions.TeamRole) else "handle", refusal.reason)
        else:
            waits = _("Noted. It holds once somebody else from the team confirms it.")
            alone = _("Done. You were alone, so it holds for two weeks. Look at it again within that time.")
            messages.success(request, alone if made.expires_on else waits)
            return redirect("community:checked", here.group.public_id)
    rows = [
        (row, role_words(row.badge, whole=True), what_was_checked(row.badge))
        for row in selectors.held(here=here, key_of=key_of(request))
    ]
    context = {"here": here, "group": here.group, "form": form, "rows": rows}
    return render(request, "community/checked.html", context, status=422 if form.is_bound else 200)


@require_POST
@team_only
def checked_one(request: HttpRequest, here: Here, bid: str) -> HttpResponse:
    """Confirm one, or take it away."""
    try:
        if "confirm" in request.POST:
            actions.confirm(here=here, bid=bid, key_of=key_of(request))
            messages.success(request, _("Done. They can now show it beside their name."))
        else:
            actions.take_away(here=here, bid=bid)
            messages.success(request, _("It is gone."))
    except MayNot as refusal:
        messages.error(request, refusal.reason)
    return redirect("community:checked", here.group.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def own_checked(request: HttpRequest, here: Here) -> HttpResponse:
    """What one was checked as oneself: show it, hide it, give it up."""
    if request.method == "POST":
        bid, form = request.POST.get("badge", ""), WearForm(request.POST)
        if "give_up" in request.POST:
            actions.give_up(here=here, bid=bid)
            messages.success(request, _("It is gone."))
        elif form.is_valid():
            actions.wear(here=here, bid=bid, **form.cleaned_data)
            messages.success(request, _("Saved. It holds from now on."))
        return redirect("community:own_checked", here.group.public_id)
    rows = [(one, role_words(one, whole=True), what_was_checked(one)) for one in selectors.own(here=here)]
    return render(
        request, "community/own_checked.html",
        {"here": here, "group": here.group, "rows": rows, "few": selectors.FEW},
    )  # fmt: skip
