"""A study as those who work on it see it: how it stands, what comes next, the groups, and the numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.errors import MayNot, NotHere
from research import policies
from research.actions import hosting as hosting_actions
from research.actions import studies as actions
from research.forms.approving import GoOnForm
from research.presenters import numbers as presenter
from research.selectors import hosting, retention, studies
from research.selectors.desks import Desk
from research.views.entry import colleagues_only, to_look_at


@require_safe
@colleagues_only
def study(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How it stands, and what comes next."""
    return _study(request, desk, GoOnForm())


def _study(request: HttpRequest, desk: Desk, form: GoOnForm, *, advice: Sequence[str] = ()) -> HttpResponse:
    may = {action: policies.permits(action, desk) for action in policies.TABLE}
    context: dict[str, Any] = {
        "desk": desk, "study": desk.study, "settings": studies.settings_of(desk.study), "may": may, "form": form,
        **(_before_open(desk) if desk.study.state == "approved" else {}),
        "has_group": hosting.has_group(desk.study), "goes_on": retention.goes_on(desk.study),
        "kept_until": retention.day(desk.study), "advice": advice,
    }  # fmt: skip
    status = 422 if form.errors else 409 if advice else 200
    return render(request, "research/study.html", context, status=status)


def _before_open(desk: Desk) -> dict[str, Any]:
    """What keeps it from opening, and what becomes of the groups."""
    rows = hosting.of_study(desk=desk)
    return {
        "reasons": actions.why_not_open(desk.study), "no_group_yet": actions.no_group_yet(desk.study),
        "can_ask": any(row.group and not row.host and not row.no_room for row in rows),
        "is_waiting": any(row.host and row.host.state == "asked" for row in rows),
    }  # fmt: skip


TURNS: dict[str, Callable[..., None]] = {
    "open": actions.open_to_people, "nobody_new": actions.take_nobody_new, "close": actions.close,
    "pause": actions.pause,
}  # fmt: skip


@require_POST
@colleagues_only
def turn(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One step of a study, named by its button."""
    given = {*request.POST, request.POST.get("as_it_is")}
    asked = next((name for name in (*TURNS, "go_on") if name in given), "")
    if not asked:
        raise Http404
    form = GoOnForm(request.POST)
    try:
        if asked == "go_on":
            why = request.POST.get("why", "")
            policies.require("open_and_close", desk)  # nobody else finds out by it who is there
            if advice := to_look_at(request, desk, why):
                return _study(request, desk, form, advice=advice)
            actions.go_on(desk=desk, why=why)
        else:
            TURNS[asked](desk=desk)
    except MayNot as refusal:
        form.add_error(None if asked != "go_on" else "why", refusal.reason)
        return _study(request, desk, form)
    messages.success(request, _("Done. It holds from now on, and it is on the record."))
    return redirect("research:study", desk.study.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def groups(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The groups of the study: each is asked by itself, and says yes or no by itself."""
    if request.method == "POST":
        try:
            hosting_actions.ask(desk=desk, gid=request.POST.get("gid", ""))
            messages.success(request, _("Asked. The lead of the group reads everything, and answers."))
        except MayNot as refusal:
            messages.error(request, refusal.reason)
        return redirect("research:groups", desk.study.public_id)
    context = {
        "desk": desk, "rows": hosting.of_study(desk=desk), "may_ask": policies.permits("ask_groups", desk),
        "is_draft": desk.study.state == "draft",
    }  # fmt: skip
    return render(request, "research/groups.html", context)


@require_safe
@colleagues_only
def numbers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What so few groups or people can show, and where the rules stand."""
    try:
        context = {"desk": desk, "told": presenter.told(desk=desk)}
    except NotHere:
        raise Http404 from None
    return render(request, "research/numbers.html", context)
