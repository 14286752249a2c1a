"""One thing to look at: its page, whose it is for now, and what one may ask to see."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.errors import MayNot, NotHere
from community.selectors import charters, rota
from core import clock
from moderation.actions import claims, decisions, earlier, looks, reports, visits
from moderation.acts import KINDS, possible
from moderation.enums import CALL, Act, CaseKind, CaseState, Scope
from moderation.errors import Conflict
from moderation.forms.ruling import AnswerForm, RulingForm, UndoForm
from moderation.forms.team import QuestionForm
from moderation.forms.worries import CareForm, WriteForm
from moderation.policies.reach import acts_of
from moderation.presenters import team as presenter
from moderation.presenters import worries as scripts
from moderation.presenters.masking import masks
from moderation.selectors import again, cases, console, folds, worries
from moderation.views.desks import Desk, at_a_desk

SLUG = re.compile(r"[\w-]{1,20}", re.ASCII)
STEPS = (
    "write",
    "care",
    "take",
    "keep",
    "give_back",
    "look",
    "ask",
    "decide",
    "answer",
    "undo",
    "still_right",
)


@require_safe
@at_a_desk
def case(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """One thing to look at, with the form to decide it for whoever has it."""
    return show(request, desk, case)


@require_POST
@at_a_desk
def take(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """It is theirs for ten minutes. What they had written when an earlier time ran out is still there."""
    try:
        held = claims.claim(judge=desk.judge, case=case)
    except Conflict as conflict:
        return show(
            request, desk, case, conflict=conflict.reason, form=_typed(request, desk, case), status=409
        )
    if "act" in request.POST or "facts" in request.POST:
        return show(request, desk, held, form=_typed(request, desk, held), is_back=True)
    if held.is_worry and "message" in request.POST:
        write = WriteForm(initial=request.POST.dict() | {"fence": held.fence})
        return show(request, desk, held, write=write, is_begun=True)
    return redirect(f"{desk.address('case', case.public_id)}#{'care' if held.is_worry else 'decide'}")


@require_POST
@at_a_desk
def keep(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """An open page says that somebody still has it."""
    fence = request.POST.get("fence", "")
    try:
        held = claims.keep(
            judge=desk.judge, case=case, fence=int(fence) if fence.isdecimal() and len(fence) < 16 else 0
        )
    except Conflict as conflict:
        return JsonResponse({"message": conflict.reason}, status=409)
    return JsonResponse({"until": presenter.until(held)})


@require_POST
@at_a_desk
def give_back(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Somebody else may take it."""
    claims.release(judge=desk.judge, case=case)
    messages.success(request, _("You gave it back. Someone else can take it."))
    return redirect(desk.address())


@require_POST
@at_a_desk
def look(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """See the name, the ways to reach somebody, or the talk with its names: each is on the record."""
    if request.POST.get("what") == "talk":
        return redirect(looks.look_in_talk(judge=desk.judge, case=case))
    if request.POST.get("what") == "advice":
        return redirect(looks.look_at_advice(judge=desk.judge, here=desk.here, case=case))
    if request.POST.get("what") == "contacts":
        looks.look_at_contacts(judge=desk.judge, case=case)
        return show(request, desk, case, open_contacts=True)
    name = looks.look(judge=desk.judge, case=case)
    if desk.here:
        return redirect(f"{desk.address('case', case.public_id)}#name")
    return show(request, desk, case, name=name)


@require_POST
@at_a_desk
def ask(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Ask somebody who reported one thing, without learning who it is."""
    form = QuestionForm(request.POST)
    found = next(
        (
            one
            for one in cases.reports_of(judge=desk.judge, case=case)
            if str(one.pk) == request.POST.get("report")
        ),
        None,
    )
    if found is None:
        raise NotHere
    if not form.is_valid():
        return show(request, desk, case, question=form, asked=found.pk, status=422)
    try:
        reports.ask(judge=desk.judge, case=case, report=found, question=form.cleaned_data["question"])
    except MayNot as refusal:
        return show(request, desk, case, conflict=refusal.reason, status=409)
    messages.success(request, _("They can answer when they next look in."))
    return redirect(f"{desk.address('case', case.public_id)}#why")


def form_of(desk: Desk, case: Any, **given: Any) -> RulingForm | AnswerForm:
    """The form for a case: to decide it, or to answer an appeal."""
    rules = [(rule.code, rule.text) for rule in charters.current(group=case.group).rules_in_order]
    more = {"rules": rules, "heads_ups": case.group.heads_ups}
    mine = acts_of(desk.judge)
    acts = [act for act in possible(is_alias=case.is_alias) if act in mine]
    if case.subject_kind == CALL or case.is_told_more:
        acts = [act for act in acts if not KINDS[act].restricts]
    if case.kind == CaseKind.REPORT:
        is_folded = folds.to_judge(case=case)
        more |= {"where": cases.where(case), "is_once": case.is_alias}
        others = [] if case.is_worry else list(cases.beside(case))
        return RulingForm(
            acts=acts, is_worry=case.is_worry, is_folded=is_folded, others=others, **more, **given
        )
    decision, order = cases.appeal_of(case).decision, list(Act)
    end = order.index(Act(decision.act)) + (1 if decision.days else 0)
    milder = [act for act in acts if order.index(act) < end and act != Act.NOTE]  # the answer is one
    if "initial" in given:
        given["initial"] = {"rule": decision.rule_code, "facts": decision.facts} | given["initial"]
    return AnswerForm(
        acts=milder, **more, reach=Scope(decision.scope), at_most=decisions.days_left(decision), **given
    )


def _typed(request: HttpRequest, desk: Desk, case: Any) -> RulingForm | AnswerForm:
    """What somebody had typed, unchecked, for their present hold on it."""
    return form_of(
        desk, case, initial=request.POST.dict() | {"also": request.POST.getlist("also"), "fence": case.fence}
    )


def show(request: HttpRequest, desk: Desk, case: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page. `more`: a form that came back, a name or contacts that were asked for, what happened meanwhile."""
    judge, now = desk.judge, cases.with_parties(pk=case.pk)
    visits.open_page(judge=judge)
    given: dict[str, Any] = {
        "question": QuestionForm(),
        "undo": UndoForm(),
        "conflict": "",
        "open_contacts": False,
    } | more
    is_mine = cases.holds(judge, now)
    if is_mine and given["conflict"]:
        given["form"] = _typed(request, desk, now)  # taken anew in another tab: the words go along
    elif is_mine and "form" not in given:
        given["form"] = form_of(desk, now, initial={"fence": now.fence})
    after = request.GET.get("after", "")
    has_earlier = not now.is_worry and now.pk in earlier.known(judge=judge, among=[now])
    context = {
        "desk": desk,
        "here": desk.here,
        "group": judge.group,
        "is_outside": desk.here is None,
        "list_url": desk.address(),
        "to": {name: desk.address(name, case.public_id) for name in ("case", *STEPS)},
        "case": now,
        "head": console.head(judge=judge),
        "is_open": now.state == CaseState.OPEN,
        "row": presenter.row(now, is_mine=is_mine, has_earlier=has_earlier, week=desk.week),
        "problems": [] if now.is_worry else earlier.problems(judge=judge, case=now),
        "name": looks.name_of(judge=judge, case=now),
        "is_folded": folds.to_judge(case=now),
        "has_advice": bool(looks.advice_page(here=desk.here, case=now)),
        "has_talk": bool(looks.talk_page(judge=judge, case=now)),
        "after_url": desk.address("case", after) if SLUG.fullmatch(after) else "",
        **_copy(desk, now, open_contacts=given["open_contacts"]),
        **_decided(desk, now),
        **(_caring(desk, now) if now.is_worry else {}),
        **console.preferences(judge=judge),
        **given,
    }
    return render(request, "moderation/case.html", context, status=status)


def _caring(desk: Desk, case: Any) -> dict[str, Any]:
    """What a team can do for somebody, and what it did."""
    worry = worries.of(case)
    same = looks.of_the_same_name(judge=desk.judge, case=case)
    rows = [
        presenter.row(one, is_mine=cases.holds(desk.judge, one), has_earlier=False, week=desk.week)
        for one in same
    ]
    return {
        "same_name": [(desk.address("case", one.public_id), one) for one in rows],
        "worry": worry,
        "sent": scripts.sent(case),
        "has_note": bool(worry.note_until and worry.note_until >= clock.today()),
        "scripts": [gettext(name) for name, _ in scripts.SCRIPTS],
        "help_words": scripts.where_help_is(),
        "write": WriteForm(initial={"fence": case.fence}),
        "later": CareForm(initial={"fence": case.fence}, is_soon=worries.awaits_words(worry)),
        "no_mail": scripts.mail_words(),
        "local_hour": clock.now().astimezone(rota.zone_of(case.group)).strftime("%H:%M"),
    }


def _copy(desk: Desk, case: Any, *, open_contacts: bool) -> dict[str, Any]:
    """What was said and why it was reported, with names and ways to reach somebody out of sight."""
    found = cases.reports_of(judge=desk.judge, case=case)
    appeal = cases.appeal_of(case) if case.kind == CaseKind.APPEAL else None
    note = cases.note_in(case)
    texts = [line["text"] for line in case.context] + [note]
    texts += [text for one in found for text in (one.note, one.answer)] + ([appeal.words] if appeal else [])
    see = str if open_contacts else masks(case, texts=texts)
    return {
        "said": presenter.said(case, see=see),
        "told": scripts.told(case, see=see),
        "turns": scripts.turns(case, see=see),
        "hides_contacts": any(see(text) != text for text in texts),
        "reports": [
            {"pk": one.pk, "reason": one.get_reason_display(), "note": see(one.note), "question": one.question,
             "answer": see(one.answer)}
            for one in found
        ],
        "appeal_words": see(appeal.words) if appeal else "",
        "note_words": see(note),
    }  # fmt: skip


def _decided(desk: Desk, case: Any) -> dict[str, Any]:
    """What was decided about it, or what an appeal is about."""
    decision, answered = cases.decision_of(case), {}
    if case.kind == CaseKind.APPEAL:
        appeal = cases.appeal_of(case)
        decision = appeal.decision
        answered = {"outcome": appeal.get_outcome_display(), "answer": appeal.answer}
    if decision is None:
        return {"decided": None}
    version = decision.charter_version or case.group.charter_version
    texts = {rule.code: rule.text for rule in charters.at(group=case.group, version=version).rules_in_order}
    return {
        "decided": presenter.done(decision, rule=texts.get(decision.rule_code, "")),
        "may_undo": case.kind == CaseKind.REPORT
        and decision.undone_on is None
        and again.may_undo(judge=desk.judge, case=case, decision=decision),
        "is_due": case.kind == CaseKind.REPORT and again.of_case(judge=desk.judge, case=case) is not None,
        **answered,
    }
