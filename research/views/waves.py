"""Questions over time: answering them on one's own pages, and how many did."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of, members_only, place_of
from research import policies
from research.actions import waves as actions
from research.enums import Opening
from research.forms.waves import QuestionsForm
from research.presenters import progress as presenter
from research.selectors import progress as counting
from research.selectors import sheets
from research.selectors import waves as selectors
from research.selectors.desks import Desk
from research.selectors.waves import Round
from research.views.entry import colleagues_only


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def questions(request: HttpRequest, here: Here, sid: str, number: str) -> HttpResponse:
    """One's own round, a page at a time: each is kept as it is sent, and each question can be skipped."""
    where: dict[str, Any] = {"here": here, "sid": sid, "number": _whole(number), "key_of": key_of(request)}
    own = selectors.find(**where)
    if request.method == "POST":
        return _act(request, own, where)
    return _page(request, own, here, page=_asked_for(request.GET.get("page", ""), own))


def _act(request: HttpRequest, own: Round, where: dict[str, Any]) -> HttpResponse:
    """Keep a page, finish, or leave the round out. Whoever is too late is told so."""
    then, page = request.POST.get("then", ""), _asked_for(request.POST.get("page", ""), own)
    late: dict[str, Any] = {"page": 0, "status": 409, "is_lost": then not in {"finish", "decline"}}
    try:
        if then == "finish":
            actions.finish(**where)
            return redirect(request.path)
        if then == "decline":
            actions.decline(**where)
            return redirect(request.path)
        if page < len(own.steps) and own.steps[page].questions:
            form = _form(own, page, request.POST)
            if not form.is_valid():
                return _page(request, own, where["here"], page=page, form=form)
            actions.save(**where, page=page, given=form.given, rest_skipped=then != "back")
        elif own.opening != Opening.OPEN:
            return _page(request, own, where["here"], **late)
    except MayNot:
        return _page(request, selectors.find(**where), where["here"], **late)
    return redirect(f"{request.path}?page={page if then == 'back' else page + 2}")


def _asked_for(written: str, own: Round) -> int:
    """The page with this number, else the first with something that was not asked yet."""
    nth = _whole(written) - 1
    return nth if 0 <= nth <= len(own.steps) else own.at


def _whole(written: str) -> int:
    """A small whole number, or 0: what is not one is not there."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 4 else 0


def _form(own: Round, page: int, data: Any = None) -> QuestionsForm:
    step = own.steps[page]
    return QuestionsForm(data, step=step, language=get_language() or "en", before=own.given_on(step))


def _page(
    request: HttpRequest, own: Round, here: Here, *, page: int,
    form: QuestionsForm | None = None, status: int = 200, is_lost: bool = False,
) -> HttpResponse:  # fmt: skip
    """A page of it. `is_lost`: a page was sent and could not be kept."""
    step = own.steps[page] if page < len(own.steps) else None
    if form is None and step and step.questions:
        form = _form(own, page)
    context = {
        "here": here,
        "group": here.group,
        "task": own.task,
        "opening": own.opening.name.lower(),
        "is_lost": is_lost,
        "unanswered": None if step else _unanswered(own),
        "is_calm": bool(step) and form is None,
        "form": form,
        "preamble": form.words["preamble"] if form else "",
        "page": page + 1,
        "back": page,
        "step": page + 1,
        "steps": len(own.steps) + 1,
    }
    return render(request, "research/questions.html", context, status=422 if form and form.errors else status)


def _unanswered(own: Round) -> dict[str, int] | None:
    """How many questions have no answer, and the page of the first, as it is numbered on screen."""
    found = own.unanswered
    skipped = sum(is_skipped for _nth, is_skipped in found)
    return {"skipped": skipped, "open": len(found) - skipped, "page": found[0][0] + 1} if found else None


def on_home(request: HttpRequest) -> str:
    """A card on one's own home page while questions wait; to everyone else nothing."""
    found = selectors.waiting(key_of=key_of(request))
    return _card(
        request,
        [one for one in found.tasks if _is_in(request, one.participant.group.public_id)],
        [one for one in found.quotes if _is_in(request, one.post.thread.group.public_id)],
    )


def on_group(request: HttpRequest) -> str:
    """The same on the page of one group."""
    match = request.resolver_match
    found = selectors.waiting(key_of=key_of(request), gid=str(match and match.kwargs["gid"]))
    return _card(request, list(found.tasks), list(found.quotes))


def _is_in(request: HttpRequest, gid: str) -> bool:
    try:
        place_of(request, gid=gid)
    except NotHere:
        return False
    return True


def _card(request: HttpRequest, tasks: list[Any], quotes: list[Any]) -> str:
    context = {"tasks": tasks, "quotes": quotes}
    return render_to_string("research/_waiting.html", context, request) if tasks or quotes else ""


@require_safe
@colleagues_only
def progress(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How many are how far with each round; never who."""
    policies.require("see_progress", desk)
    study = desk.study
    rounds = presenter.tables(
        counting.counts(desk=desk), opened_on=study.opened_on, closed_on=study.closed_on
    )
    context = {"desk": desk, "rounds": rounds, "counted_on": sheets.of(desk.study).on}
    return render(request, "research/progress.html", context)
