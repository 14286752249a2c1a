"""What waits for a team."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.errors import NotHere
from community.presenters import rota as rota_presenter
from community.selectors import given_away, joining
from community.selectors import rota as rotas
from community.selectors.here import Here
from core import clock
from core.live import frames
from moderation.actions import earlier, visits
from moderation.errors import Conflict
from moderation.forms.team import HandoverForm
from moderation.presenters import team as presenter
from moderation.selectors import again, cases, console, held
from moderation.views.desks import Desk, of_the_team, outside_desks, team_desk

LATELY = 20  # decisions at most
Made = dict[tuple[Any, ...], str]  # parts of pages, by all that they hang on


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
    shown = _fresh(desk, console.read_now(group=desk.judge.group)) | csrf(request)
    return HttpResponse(render_to_string("moderation/_fresh.html", shown))


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
    if "as_it_is" not in request.POST and (advice := given_away.advice(group=desk.judge.group, text=typed)):
        return _page(request, desk, form, advice=advice)
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


def on_off_duty(request: HttpRequest) -> str:
    """What somebody of the team still has, on the page where they go off duty; nothing if that is nothing."""
    match = request.resolver_match
    try:
        desk = team_desk(request, gid=str(match.kwargs["gid"]) if match else "")
    except NotHere:
        return ""
    held = len(cases.held_by(desk.judge))
    return render_to_string("moderation/_still_held.html", {"held": held}) if held else ""


@require_safe
def outside(request: HttpRequest) -> HttpResponse:
    """What the whole team of a group is part of, for whoever looks after the site."""
    try:
        desks = outside_desks(request)
    except NotHere:
        raise Http404 from None
    found = [_from_outside(desk) for desk in desks]
    groups = [one for one in found if any(one[1:])]
    return render(request, "moderation/outside.html", {"groups": groups})


def _from_outside(desk: Desk) -> tuple[Any, ...]:
    group = desk.judge.group
    rows = _rows(desk, cases.waiting(judge=desk.judge), {})
    return group, rows, _due(desk), _lately(desk, console.decided(group=group))


def on_site_page(request: HttpRequest) -> str:
    """How much waits for the outside person, on the page of whoever looks after the site; nothing for others."""
    try:
        desks = outside_desks(request)
    except NotHere:
        return ""
    waiting = sum(len(cases.waiting(judge=desk.judge)) + len(again.due(judge=desk.judge)) for desk in desks)
    return render_to_string("moderation/_site.html", {"waiting": waiting})


def _rows(desk: Desk, found: list[Any], made: Made, new: frozenset[str] = frozenset()) -> list[str]:
    """What waits, in the order of the list. A row is made once for all to whom it is the same: `new` is what is new to
    somebody, and what a row says of its writer's earlier problems is the same to all."""
    language = get_language()
    return [_row(desk, case, made, case.public_id in new, language) for case in found]


def _row(desk: Desk, case: Any, made: Made, is_new: bool, language: str | None) -> str:
    is_mine = cases.holds(desk.judge, case)
    eyes = "row", case.pk, is_mine, is_new, language
    if eyes not in made:
        has_earlier = not case.is_worry and case.pk in earlier.known(judge=desk.judge, among=[case])
        row = presenter.row(case, is_mine=is_mine, has_earlier=has_earlier, week=desk.week)
        shown = {"row": row, "url": desk.address("case", row.public_id), "is_new": is_new}
        made[eyes] = render_to_string("moderation/_row.html", shown)
    return made[eyes]


def _news(desk: Desk, since: console.Since, held_back: int, made: Made) -> str:
    """What is new, in a list that is made once for all to whom it is the same."""
    newcomers = len(joining.waiting(here=_here(desk)))
    worry = since.worries[0].public_id if since.worries else ""
    ids = tuple(one.pk for one in since.decided)
    eyes = "news", worry, len(since.worries), newcomers, held_back, len(since.fresh), ids, get_language()
    if eyes not in made:
        decided = [(one.case.public_id, presenter.act_of(one)) for one in since.decided]
        shown = {"newcomers": newcomers, "held": held_back, "decided": decided}
        made[eyes] = render_to_string(
            "moderation/_since_list.html", {"group": desk.judge.group, "since": since} | shown
        )
    return made[eyes]


def _here(desk: Desk) -> Here:
    assert desk.here is not None
    return desk.here


def _due(desk: Desk) -> list[tuple[str, presenter.Done]]:
    found = [presenter.done(one) for one in again.due(judge=desk.judge)]
    return [(desk.address("case", one.case_id), one) for one in found]


def _lately(desk: Desk, among: list[Any]) -> list[tuple[str, presenter.Done]]:
    found = [presenter.done(one) for one in console.lately(judge=desk.judge, among=among)[:LATELY]]
    return [(f"{desk.address('case', one.case_id)}#undo", one) for one in found]


def _fresh(desk: Desk, read: console.Read) -> dict[str, Any]:
    """What is new to somebody of the team, and what waits."""
    waiting = cases.seen_by(desk.judge, read.waiting)
    since = console.since(judge=desk.judge, read=read, waiting=waiting)
    held_back = held.how_many_wait(judge=desk.judge)
    new = frozenset(case.public_id for case in [*since.worries, *since.fresh])
    return {
        "group": desk.judge.group,
        "upto": since.upto,
        "is_new": bool(new or since.decided),
        "news": _news(desk, since, held_back, read.made),
        "held": held_back,
        "rows": _rows(desk, waiting, read.made, new),
    }


def _page(
    request: HttpRequest, desk: Desk, form: HandoverForm, *, conflict: str = "", advice: Sequence[str] = ()
) -> HttpResponse:
    here, read = _here(desk), console.read(group=desk.judge.group)
    visits.open_page(judge=desk.judge)
    on_duty = {member.pk for member in rotas.on_duty(group=here.group, moment=clock.now())}
    context: dict[str, Any] = {
        "here": here,
        **_fresh(desk, read),
        "on_duty": len(on_duty - {here.member.pk}),
        "is_on_duty": here.member.pk in on_duty,
        "others_here": console.others_here(judge=desk.judge),
        "handover": console.handover(judge=desk.judge),
        "due": _due(desk),
        "lately": _lately(desk, read.decided),
        "form": form,
        "conflict": conflict,
        "advice": advice,
        "away_until": rota_presenter.present(rotas.rota(here=here)).away_until,
        **console.preferences(judge=desk.judge),
    }
    status = 422 if form.errors else 409 if conflict or advice else 200
    return render(request, "moderation/team.html", context, status=status)
