"""Deciding, taking back, and answering whoever asked for another look."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.errors import MayNot, NotHere
from moderation.actions import again, appeals, decisions
from moderation.enums import Act, CaseKind, CaseState, Scope
from moderation.errors import Conflict, Incomplete, Unanswered, Unfinished
from moderation.forms.ruling import AnswerForm, RulingForm, SeenForm, UndoForm
from moderation.presenters import notices as noticing
from moderation.presenters.masking import masks
from moderation.presenters.suggestions import suggest
from moderation.presenters.team import undone
from moderation.selectors import cases, console
from moderation.views.desks import Desk, at_a_desk
from moderation.views.looking import form_of, show


@require_POST
@at_a_desk
def decide(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """First the form, then what the person will read, then it is done. Where nobody is told, it is done at once."""
    if case.kind != CaseKind.REPORT:
        raise NotHere
    form = form_of(desk, case, data=request.POST)
    if not form.is_valid() or request.POST.get("step") == "edit":
        return show(
            request, desk, case, form=form, is_back=not form.errors, status=422 if form.errors else 200
        )
    step = request.POST.get("step")
    try:
        if step != "decide" and form.cleaned_data["act"] != Act.NOTHING:
            return _preview(request, desk, case, form)
        decisions.decide(judge=desk.judge, case=case, fence=form.cleaned_data["fence"], ruling=form.ruling())
    except (Unanswered, Unfinished) as asked:
        return _ask_once(request, desk, case, form, asked)
    except Incomplete as lacking:
        form.add_error(None, lacking.reason)
        return show(request, desk, case, form=form, status=422)
    except Conflict as conflict:
        return show(request, desk, case, form=form, conflict=conflict.reason, status=409)
    said = _("Decided: %(act)s.") % {"act": Act(form.cleaned_data["act"]).label.lower()}
    if form.ruling().also:
        said += " " + _(
            "So it is for the others, where it is yours to decide. What is not waits for someone else."
        )
    messages.success(request, said)
    return _onward(desk, case)


@require_POST
@at_a_desk
def answer(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Keep, change or undo what somebody asked to be looked at again: the form, then the preview, then it is sent."""
    if case.kind != CaseKind.APPEAL:
        raise NotHere
    appeal, form = cases.appeal_of(case), form_of(desk, case, data=request.POST)
    assert isinstance(form, AnswerForm)
    step = request.POST.get("step")
    if not form.is_valid() or step == "edit":
        return show(
            request, desk, case, form=form, is_back=not form.errors, status=422 if form.errors else 200
        )
    found = form.answer(message=_suggestion(form, case))
    try:
        if step != "decide":
            return _preview_answer(request, desk, case, form, appeals.draft(
                judge=desk.judge, appeal=appeal, answer=found
            ))  # fmt: skip
        appeals.resolve(judge=desk.judge, appeal=appeal, fence=form.cleaned_data["fence"], answer=found)
    except Incomplete as lacking:
        form.add_error(None, lacking.reason)
        return show(request, desk, case, form=form, status=422)
    except Conflict as conflict:
        return show(request, desk, case, form=form, conflict=conflict.reason, status=409)
    messages.success(request, _("Your answer is on its way to them."))
    return _onward(desk, case)


@require_POST
@at_a_desk
def undo(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Take a decision back with all it did."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        return show(request, desk, case, undo=form, status=422)
    decision = cases.seen_decision(case, form.cleaned_data["decision"])
    try:
        decisions.undo(judge=desk.judge, decision=decision, because=form.cleaned_data["because"])
    except MayNot as refusal:
        return show(request, desk, case, undo=form, conflict=refusal.reason, status=409)
    waits = cases.with_parties(pk=case.pk).state == CaseState.OPEN
    messages.success(request, undone(decision, waits=waits))
    return redirect(desk.address("case", case.public_id))


@require_POST
@at_a_desk
def still_right(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """A second look: the decision stays."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise NotHere
    decision = cases.seen_decision(case, form.cleaned_data["decision"])
    try:
        again.still_right(judge=desk.judge, decision=decision)
    except Conflict as conflict:
        return show(request, desk, case, conflict=conflict.reason, status=409)
    messages.success(request, _("Thank you. It stays, and it was looked at twice."))
    return redirect(desk.address())


def _ask_once(
    request: HttpRequest, desk: Desk, case: Any, form: RulingForm, asked: Unanswered | Unfinished
) -> HttpResponse:
    """One question, before what somebody in danger wrote last is closed unanswered; or for the words of a note."""
    if isinstance(asked, Unfinished):
        return _preview(request, desk, case, form, lacking=asked.reason)
    context = {
        "form": form_of(desk, case, initial=form.cleaned_data | {"seen": asked.mark}),
        "reason": asked.reason,
        "decide_url": desk.address("decide", case.public_id),
        "write_url": f"{desk.address('case', case.public_id)}#care",
    }
    return _page(request, desk, case, context, template="moderation/unanswered.html", status=409)


def _preview(
    request: HttpRequest, desk: Desk, case: Any, form: RulingForm, *, lacking: str = ""
) -> HttpResponse:
    """What the person will read, to be changed or sent. A note is finished here. Raises Incomplete."""
    given = form.cleaned_data
    words = _suggestion(form, case)
    typed = given["message"].strip()
    message = words if typed in {"", given["suggested"].strip()} else typed
    given["message"] = message
    ruling = form.ruling()
    with suppress(Unfinished):
        decisions.check(case=case, ruling=ruling)
    filled = form_of(desk, case, initial=given | {"suggested": words, "message": message})
    fence = given["fence"]
    decision, notice = decisions.draft(judge=desk.judge, case=case, ruling=ruling, fence=fence)
    context = {
        "form": filled,
        "words": filled["message"],
        "is_open": ruling.act == Act.NOTE,
        "also": ruling.also,
        "lacking": lacking,
        "decide_url": desk.address("decide", case.public_id),
        **_drafted(decision, notice),
    }
    return _page(request, desk, case, context, status=422 if lacking else 200)


def _preview_answer(
    request: HttpRequest, desk: Desk, case: Any, form: AnswerForm, draft: tuple[Any, Any]
) -> HttpResponse:
    """The answer as they will read it, and the note about what comes instead."""
    answered, instead = draft
    filled = form_of(desk, case, initial=form.cleaned_data)
    context = {
        "form": filled,
        "words": filled["text"],
        "look": noticing.answered(answered),
        "decide_url": desk.address("answer", case.public_id),
        **(_drafted(*instead, appeal=answered) if instead else {}),
    }
    return _page(request, desk, case, context)


def _drafted(decision: Any, notice: Any, *, appeal: Any = None) -> dict[str, Any]:
    """The note about a decision that is not made yet, and what is to be known of it."""
    case = decision.case
    see = masks(case, texts=[case.text])
    return {
        "page": noticing.drafted(decision, notice, see=see, appeal=appeal),
        "is_masked": decision.restricts and see(case.text) != case.text,
        "is_everywhere": decision.scope == Scope.SITE,
        "is_hard": decision.act in decisions.HARD,
        "asks_at_once": decision.again_on == decision.decided_on,
    }


def _page(
    request: HttpRequest, desk: Desk, case: Any, context: dict[str, Any], *,
    template: str = "moderation/preview.html", status: int = 200,
) -> HttpResponse:  # fmt: skip
    context |= {
        "here": desk.here,
        "group": desk.judge.group,
        "is_outside": desk.here is None,
        "keep_url": desk.address("keep", case.public_id),
        **console.preferences(judge=desk.judge),
    }
    return render(request, template, context, status=status)


def _suggestion(form: RulingForm, case: Any) -> str:
    if not form.cleaned_data.get("act"):
        return ""
    ruling = form.ruling()
    return suggest(ruling.act, days=ruling.days, is_worry=case.is_worry)


def _onward(desk: Desk, case: Any) -> HttpResponse:
    """To the next that is free, which takes the focus; to the list where nothing waits."""
    following = cases.next_after(judge=desk.judge, public_id=case.public_id)
    if following is None:
        return redirect(desk.address())
    return redirect(f"{desk.address('case', following.public_id)}?after={case.public_id}")
