"""What waits for a team."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.errors import NotHere
from community.presenters import rota as rota_presenter
from community.selectors import joining
from community.selectors import rota as rotas
from core import clock
from core.live import frames
from moderation.actions import earlier, visits
from moderation.errors import Conflict
from moderation.forms.team import HandoverForm
from moderation.presenters import team as presenter
from moderation.selectors import again, cases, console, held
from moderation.views.desks import Desk, of_the_team, outside_desks

LATELY = 20  # decisions at most


@require_safe
@of_the_team
def team(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is new, then what waits, then what was decided lately."""
    return _page(request, desk, HandoverForm.over(console.handover(judge=desk.judge)))


@require_safe
@of_the_team
def fresh(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Those parts alone that an open page puts in place when its socket says that something changed: a whole team
    asks for them at once."""
    return render(request, "moderation/_fresh.html", _fresh(desk, console.waiting_now(judge=desk.judge)))


@require_POST
@of_the_team
def seen(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was new is not new any more."""
    seq = frames.parse_seq(request.POST.get("seq", ""))
    if seq is not None:
        visits.seen(judge=desk.judge, seq=seq)
    return redirect(f"{desk.address()}#since")


@require_POST
@of_the_team
def hand_over(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Leave a note for whoever comes next."""
    form = HandoverForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, form)
    typed = form.cleaned_data["note"]
    try:
        visits.hand_over(judge=desk.judge, note=typed, before=form.cleaned_data["before"])
    except Conflict as conflict:
        again = HandoverForm.over(console.handover(judge=desk.judge), typed=typed)
        return _page(request, desk, again, conflict=conflict.reason)
    messages.success(request, _("Your note is there for whoever comes next."))
    return redirect(desk.address())


@require_POST
@of_the_team
def preferences(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whether messages show at once, and whether keys work."""
    visits.prefer(judge=desk.judge, shows="shows" in request.POST, keys="keys" in request.POST)
    messages.success(request, _("Saved for your work in this group."))
    return redirect(desk.address())


@require_safe
def outside(request: HttpRequest) -> HttpResponse:
    """What the whole team of a group is part of, for whoever looks after the site."""
    try:
        desks = outside_desks(request)
    except NotHere:
        raise Http404 from None
    found = [
        (desk.judge.group, _waiting(desk, cases.waiting(judge=desk.judge)), _due(desk), _lately(desk))
        for desk in desks
    ]
    groups = [one for one in found if any(one[1:])]
    return render(request, "moderation/outside.html", {"groups": groups})


def on_site_page(request: HttpRequest) -> str:
    """How much waits for the outside person, on the page of whoever looks after the site; nothing for others."""
    try:
        desks = outside_desks(request)
    except NotHere:
        return ""
    waiting = sum(len(cases.waiting(judge=desk.judge)) + len(again.due(judge=desk.judge)) for desk in desks)
    return render_to_string("moderation/_site.html", {"waiting": waiting})


def _waiting(desk: Desk, found: list[Any]) -> list[tuple[str, presenter.Row]]:
    """Address and row of each thing that waits."""
    known = earlier.known(judge=desk.judge, among=[case for case in found if not case.is_worry])
    rows = presenter.rows(found, judge=desk.judge, earlier=known)
    return [(desk.address("case", row.public_id), row) for row in rows]


def _due(desk: Desk) -> list[tuple[str, presenter.Done]]:
    found = [presenter.done(one) for one in again.due(judge=desk.judge)]
    return [(desk.address("case", one.case_id), one) for one in found]


def _lately(desk: Desk) -> list[tuple[str, presenter.Done]]:
    found = [presenter.done(one) for one in console.lately(judge=desk.judge)[:LATELY]]
    return [(f"{desk.address('case', one.case_id)}#undo", one) for one in found]


def _fresh(desk: Desk, waiting: list[Any]) -> dict[str, Any]:
    """What is new to somebody of the team, and what waits."""
    here = desk.here
    assert here is not None
    since = console.since(judge=desk.judge, waiting=waiting)
    return {
        "group": here.group,
        "since": since,
        "new_ids": {case.public_id for case in [*since.worries, *since.fresh]},
        "decided": [presenter.done(one) for one in since.decided],
        "newcomers": len(joining.waiting(here=here)),
        "held": len(held.waiting(judge=desk.judge)),
        "waiting": _waiting(desk, waiting),
    }


def _page(request: HttpRequest, desk: Desk, form: HandoverForm, *, conflict: str = "") -> HttpResponse:
    here = desk.here
    assert here is not None
    visits.open_page(judge=desk.judge)
    on_duty = rotas.on_duty(group=here.group, moment=clock.now())
    context: dict[str, Any] = {
        "here": here,
        **_fresh(desk, cases.waiting(judge=desk.judge)),
        "on_duty": sum(1 for member in on_duty if member.pk != here.member.pk),
        "others_here": console.others_here(judge=desk.judge),
        "handover": console.handover(judge=desk.judge),
        "due": _due(desk),
        "lately": _lately(desk),
        "form": form,
        "conflict": conflict,
        "away_until": rota_presenter.present(rotas.rota(here=here)).away_until,
        **console.preferences(judge=desk.judge),
    }
    status = 422 if form.errors else 409 if conflict else 200
    return render(request, "moderation/team.html", context, status=status)
