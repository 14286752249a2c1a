"""Changes of the group promise that members ask for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_safe

from chat.actions import proposals as actions
from chat.enums import Outcome
from chat.errors import Refused
from chat.forms.proposals import AnswerForm
from chat.policies import Act, may
from chat.selectors import proposals, threads
from chat.views.answers import Hold, in_words
from chat.views.entry import face_of, in_group, sent_to
from chat.views.threads import group_context
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of, place_of


@require_safe
@in_group
def asked(request: HttpRequest, here: Here) -> HttpResponse:
    """What members ask for, and what became of it."""
    found = proposals.asked(here=here, key_of=key_of(request))
    return render(request, "chat/proposals.html", group_context(here) | {"asked": found})


def on_promise_page(request: HttpRequest) -> str:
    """What a lead said that they would change, where they change it; nothing where all is done."""
    match = request.resolver_match
    here = place_of(request, gid=str(match.kwargs["gid"]) if match else "")
    to_do = [one for one in proposals.asked(here=here, key_of=key_of(request)) if one.to_do]
    return render_to_string("chat/_promised.html", {"group": here.group, "to_do": to_do}) if to_do else ""


@sent_to
def propose(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Let one's own talk ask for a change."""
    thread = threads.find(here=here, tid=tid)
    try:
        actions.propose(face=face_of(request, here=here, tid=tid), thread=thread)
    except MayNot as refusal:
        messages.warning(request, refusal.reason)
    return redirect("chat:thread", here.group.public_id, tid)


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def answer(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """The leads' answer."""
    face, thread = face_of(request, here=here, tid=tid), threads.find(here=here, tid=tid)
    if not may(Act.ANSWER_PROPOSAL, face=face, thread=thread):
        raise NotHere
    proposals.of(thread=thread)
    form, hold = AnswerForm(request.POST if request.method == "POST" else None), None
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.answer(face=face, thread=thread, outcome=Outcome(given["outcome"]), text=given["text"])
            return redirect("chat:thread", here.group.public_id, tid)
        except Refused as refusal:
            form.add_error("text", refusal.reasons)
        except MayNot as refusal:
            hold = Hold(status=409, reason=refusal.reason)
    if hold is None and form.is_bound:
        hold = Hold.again()
    context = group_context(here) | {"thread": thread, "form": form, "hold": hold}
    return in_words(render(request, "chat/proposal_answer.html", context), hold)
