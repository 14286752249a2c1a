"""Reporting something in three steps, and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from core.registries.subjects import Subject
from moderation.actions import reports as reporting
from moderation.actions.reports import Told
from moderation.enums import REPORTED, WORRIES, Reason
from moderation.forms.reports import AnswerForm, ReportForm
from moderation.presenters import reports as presenter
from moderation.presenters.reports import Line
from moderation.selectors import reports as reading
from moderation.selectors.reports import Mine
from moderation.views.entry import Seat, own_only, seconds_to_wait

AN_HOUR, DAY = 3600, 86_400
STEPS = {"reason": 1, "note": 2, "check": 3}
MARK, WORRY = "receipt", "worry"


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def report(request: HttpRequest, here: Here, kind: str, thing: str) -> HttpResponse:
    """Why, a note if they wish, what happens next. Nothing is kept before the last press; the answer to it is the
    receipt, which is here for whoever reported this already, too."""
    keys = key_of(request)
    thing_of = {"kind": kind, "subject_id": thing}
    if mine := reading.about(group=here.group, key_of=keys, **thing_of):
        return _receipt(request, here, mine)
    subject = reading.subject_for(here=here, key_of=keys, **thing_of)
    form = ReportForm(_given(request))
    step, context = _step(form), {"back_url": subject.page(public_id=thing)}
    if step != "send":
        return _page(request, here, form, step=step, context=context)
    tag = bytes(here.member.owner_tag)
    wait = seconds_to_wait(act="report", tag=tag, limit=10, seconds=AN_HOUR)
    wait = wait or seconds_to_wait(act="reports", tag=tag, limit=40, seconds=DAY)
    if wait:
        return _too_many(request, here, form, wait=wait, context=context)
    told = Told(**thing_of, reason=Reason(form.cleaned_data["reason"]), note=form.cleaned_data["note"])
    reporting.report(here=here, told=told, key_of=keys)
    made = reading.about(group=here.group, key_of=keys, **thing_of)
    if made is None:
        raise NotHere
    return _receipt(request, here, made, hidden=_hide(request, here, subject, thing, form))


def _given(request: HttpRequest) -> QueryDict | dict[str, str] | None:
    """What was picked so far: the link beside a message says by itself that somebody is worried."""
    if request.method == "POST":
        return request.POST
    return {"reason": Reason.WORRIED} if WORRY in request.GET else None


def _step(form: ReportForm) -> str:
    """The step to show: the one that was asked for, or the first that needs another look."""
    asked = form.data.get("then", "note") if form.is_bound else "reason"
    if asked == "reason" or not form.is_bound or (not form.is_valid() and "reason" in form.errors):
        return "reason"
    if form.errors or asked not in {"check", "send"} or (form.is_worry and asked == "check"):
        return "note"
    return str(asked)


def _page(
    request: HttpRequest, here: Here, form: ReportForm, *, step: str, context: dict[str, Any]
) -> HttpResponse:
    is_wrong = step == "note" and bool(form.errors)
    shown = {
        "here": here,
        "group": here.group,
        "group_tone": str(here.group.tone),
        "form": form if is_wrong else None,
        "fields": form,
        "reasons": [(one.value, one.label) for one in REPORTED],
        "step": STEPS[step],
        "steps": len(STEPS) - form.is_worry,  # whoever worries sends on the page that asks for a note
        "next": presenter.what_happens(here, is_worry=form.is_worry)
        if step == "check" or form.is_worry
        else None,
    }
    return render(request, "moderation/report.html", shown | context, status=422 if is_wrong else 200)


def _too_many(
    request: HttpRequest, here: Here, form: ReportForm, *, wait: int, context: dict[str, Any]
) -> HttpResponse:
    minutes = max(1, round(wait / 60))
    words = ngettext(
        "Thank you for looking out. That was a lot at once. Please send this one in %(n)s minute.",
        "Thank you for looking out. That was a lot at once. Please send this one in %(n)s minutes.",
        minutes,
    )
    page = _page(request, here, form, step="check", context=context | {"wait": words % {"n": minutes}})
    page.status_code = 429
    page["Retry-After"] = str(wait)
    return page


def _hide(request: HttpRequest, here: Here, subject: Subject, thing: str, form: ReportForm) -> str:
    """Stop seeing whoever wrote it, where they asked for that. Says what came of it."""
    if not form.cleaned_data["hide"]:
        return ""
    try:
        subject.stop_seeing_writer(viewer=here, key_of=key_of(request), public_id=thing)
    except MayNot as refusal:
        return refusal.reason
    return gettext("You no longer see what they write under this name.")


def _receipt(request: HttpRequest, here: Here, mine: Mine, *, hidden: str = "") -> HttpResponse:
    is_worry = mine.report.reason in WORRIES
    shown = {
        "here": here,
        "group": here.group,
        "group_tone": str(here.group.tone),
        "line": _line(mine, key_of(request)),
        "next": presenter.what_happens(here, is_worry=is_worry),
        "is_worry": is_worry,
        "gives_away": mine.report.reason == Reason.GIVES_AWAY,
        "hidden": hidden,
    }
    return render(request, "moderation/reported.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def mine(request: HttpRequest, seat: Seat) -> HttpResponse:
    """What I reported here, where it stands, and what the team asks me."""
    found = reading.of(group=seat.group, key_of=seat.key_of)
    reporting.mark_read(reports=[one.report for one in found])
    lines = [_line(one, seat.key_of) for one in found]
    form = AnswerForm(request.POST if request.method == "POST" else None, auto_id=False)
    if request.method != "POST":
        return render(request, "moderation/reports.html", seat.shown | {"lines": lines})
    asked = next((one for one in lines if one.is_asked and one.mark == request.POST.get("mark")), None)
    if asked is None:
        raise NotHere
    context = seat.shown | {"lines": lines, "answering": asked.mark, "answer": form}
    if not form.is_valid():
        return render(request, "moderation/reports.html", context, status=422)
    try:
        reporting.answer(report=asked.mine.report, words=form.cleaned_data["note"])
    except MayNot as refusal:
        return render(request, "moderation/reports.html", context | {"trouble": refusal.reason}, status=409)
    return redirect(f"{reverse('moderation:reports', args=[seat.door, seat.group.public_id])}#{asked.mark}")


def _line(mine: Mine, keys: Any) -> Line:
    """A report with a mark that says nothing: not the one that the record and the team know it by."""
    return presenter.line(mine, mark="r" + keys(MARK, mine.report.case.public_id).hex()[:16])
