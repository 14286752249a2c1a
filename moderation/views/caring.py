"""What a team does for somebody who is not well, each with one press, on the page of the case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.errors import NotHere
from moderation.actions import worries
from moderation.enums import Later
from moderation.errors import Conflict, Incomplete
from moderation.forms.worries import CareForm, WriteForm
from moderation.presenters import worries as presenter
from moderation.selectors import console
from moderation.views.desks import Desk, at_a_desk
from moderation.views.looking import show


@require_POST
@at_a_desk
def write(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Write to them; or put some words into the box first, to be changed. What was typed stays."""
    script = request.POST.get("script", "")
    if script.isdecimal() and len(script) < 3 and int(script) < len(presenter.SCRIPTS):
        words = presenter.with_script(request.POST.get("message", ""), int(script))
        given = request.POST.dict() | {"message": words, "shows_help": "shows_help" in request.POST}
        return show(request, desk, case, write=WriteForm(initial=given), is_begun=True)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return show(request, desk, case, write=form, status=422)
    words = form.cleaned_data["message"]
    if form.cleaned_data["shows_help"]:
        words = presenter.with_help(words)
    try:
        worries.write(judge=desk.judge, case=case, fence=form.cleaned_data["fence"], words=words)
    except Incomplete as lacking:
        form.add_error("message", lacking.reason)
        return show(request, desk, case, write=form, status=422)
    except Conflict as conflict:
        return show(request, desk, case, write=form, conflict=conflict.reason, status=409)
    # the same whether they are there or not: that one more name is gone tells whose call this was
    messages.success(
        request, _("If they are still here, it waits for them. If they have left, nobody reads it.")
    )
    return _back(desk, case)


@require_POST
@at_a_desk
def care(request: HttpRequest, desk: Desk, case: Any) -> HttpResponse:
    """Ask a colleague, come back later, a note for the others, in danger now."""
    form = CareForm(request.POST)  # with every choice: what is too late to pick is said in words
    if not form.is_valid():
        return show(request, desk, case, status=422)
    given: dict[str, Any] = {"judge": desk.judge, "case": case, "fence": form.cleaned_data["fence"]}
    does = request.POST.get("does", "")
    try:
        if does == "colleague":
            worries.ask_colleague(**given)
            said = presenter.asked(others_here=console.others_here(judge=desk.judge))
        elif does == "danger":
            worries.say_danger(**given)
            said = _("It stands before all else now.")
        elif does in {"note", "no_note"}:
            worries.note_for_others(**given, shown=does == "note")
            said = _("The note is in the talk.") if does == "note" else _("The note is gone.")
        elif does == "later" and form.cleaned_data["later"]:
            worries.look_again(**given, later=Later(form.cleaned_data["later"]))
            messages.success(request, _("It comes back then. You gave it back until then."))
            return redirect(desk.address())
        else:
            raise NotHere
    except Incomplete as lacking:
        form = CareForm(request.POST, is_soon=True, refused=lacking.reason)
        return show(request, desk, case, later=form, status=422)
    except Conflict as conflict:
        return show(request, desk, case, conflict=conflict.reason, status=409)
    messages.success(request, said)
    return _back(desk, case)


def _back(desk: Desk, case: Any) -> HttpResponse:
    return redirect(f"{desk.address('case', case.public_id)}#care")
