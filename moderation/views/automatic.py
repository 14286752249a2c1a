"""Automatic help of a group: the team reads what is on, leads try it out and switch it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import NotHere
from community.selectors.here import Here
from community.views.entry import team_only
from moderation.actions import automatic as actions
from moderation.enums import Kind, Step
from moderation.errors import TooBroad
from moderation.forms.automatic import SwitchForm
from moderation.presenters.masking import masked
from moderation.selectors import automatic as selectors


@require_safe
@team_only
def kinds(request: HttpRequest, here: Here) -> HttpResponse:
    """Each kind, and whether it is on."""
    on = selectors.switches(group=here.group)
    rows = [
        {"kind": kind, "on": on.get(kind), "step": _words(on[kind].step) if kind in on else ""}
        for kind in Kind
    ]
    context = {"here": here, "group": here.group, "rows": rows}
    return render(request, "moderation/automatic.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def kind(request: HttpRequest, here: Here, kind: str) -> HttpResponse:
    """One kind: choose, see what it would have found, switch on."""
    if kind not in Kind.values:
        raise NotHere
    which = Kind(kind)
    now = selectors.switches(group=here.group).get(which)
    initial = {"step": now.step, "phrases": now.phrases} if now else {}
    form = SwitchForm(
        request.POST if "try" in request.POST or "on" in request.POST else None, kind=which, initial=initial
    )
    context = {"here": here, "group": here.group, "kind": which, "now": now, "form": form}
    context["now_words"] = _words(now.step) if now else ""
    try:
        if "off" in request.POST:
            actions.switch_off(here=here, kind=which)
            return _done(request, here, _("It is off. That is on the record."))
        if form.is_valid() and "on" in request.POST:
            actions.switch_on(here=here, kind=which, is_sure=request.POST["on"] == "sure", **form.given)
            return _done(request, here, _("It is on from now. That is on the record."))
        if form.is_valid():
            context |= _tried(here, which, form.given)
    except TooBroad:
        context |= _tried(here, which, form.given) | {"asks": True}
        return render(request, "moderation/automatic_kind.html", context, status=409)
    except NotHere:  # a moderator reads what a lead decides; and only what was just tried is switched on
        context["refused"] = here.is_lead
        return render(request, "moderation/automatic_kind.html", context, status=409 if here.is_lead else 403)
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "moderation/automatic_kind.html", context, status=status)


def _tried(here: Here, kind: Kind, given: dict[str, Any]) -> dict[str, Any]:
    trial = actions.try_out(here=here, kind=kind, **given)
    return {
        "trial": trial,
        "examples": [masked(text) for text in trial.examples],
        "given": given,
        "much": selectors.how_much(trial, step=given["step"]),
    }


def _words(step: str) -> str:
    return str(Step(step).label)


def _done(request: HttpRequest, here: Here, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("moderation:automatic", gid=here.group.public_id)
