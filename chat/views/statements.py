"""Joint statements: a lead words them, members stand behind them or not, the group says them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chat.actions import statements as actions
from chat.forms.statements import SayForm, StatementForm
from chat.selectors import statements, threads
from chat.views.answers import Hold, in_words
from chat.views.entry import in_group, seconds_to_wait, sent_to
from chat.views.threads import group_context
from community import policies
from community.enums import Reach
from community.errors import MayNot, NotHere
from community.selectors import given_away
from community.selectors.here import Here
from community.views.entry import key_of


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def word(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Word it, or word it anew; or leave it."""
    thread = threads.find(here=here, tid=tid)
    if not policies.permits("announce", here):
        raise NotHere
    if request.method == "POST" and "drop" in request.POST:
        actions.drop(here=here, thread=thread)
        messages.success(request, gettext("It is gone from here."))
        return redirect("chat:thread", here.group.public_id, tid)
    now = getattr(thread, "statement", None)
    initial = {name: getattr(now, name, "") for name in ("title", "for_whom", "text")}
    form = StatementForm(request.POST if request.method == "POST" else None, initial=initial)
    hold = Hold.again() if form.is_bound else None
    if form.is_valid() and (advice := _advice(request, here, *form.cleaned_data.values())):
        hold = advice
    elif form.is_valid():
        try:
            actions.write(here=here, thread=thread, **form.cleaned_data)
            return redirect("chat:thread", here.group.public_id, tid)
        except MayNot as refusal:
            hold = Hold(status=422, reason=refusal.reason)
    context = group_context(here) | {"thread": thread, "form": form, "hold": hold, "is_there": now}
    return in_words(render(request, "chat/statement_form.html", context), hold)


@sent_to
def sign(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Stand behind it, or no longer."""
    thread, version = threads.find(here=here, tid=tid), request.POST.get("version", "")
    try:
        if wait := seconds_to_wait(act="sign", here=here, limit=20, seconds=3600):
            raise MayNot(Hold.pace(wait).reason)
        actions.sign(
            here=here, thread=thread, stands="stands" in request.POST, key_of=key_of(request),
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )  # fmt: skip
    except MayNot as refusal:
        messages.warning(request, refusal.reason)
    return redirect("chat:thread", here.group.public_id, tid)


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def say(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Say it to whom it is for."""
    thread = threads.find(here=here, tid=tid)
    if not policies.permits("announce", here):
        raise NotHere
    found = statements.of(thread=thread)
    form = SayForm(request.POST if request.method == "POST" else None)
    hold = Hold.again() if form.is_bound else None
    if form.is_valid() and (advice := _advice(request, here, found.title, found.for_whom, found.text)):
        hold = advice
    elif form.is_valid():
        reach, ends_on = Reach(form.cleaned_data["reach"]), form.cleaned_data["ends_on"]
        try:
            made = actions.publish(here=here, thread=thread, reach=reach, ends_on=ends_on)
            return redirect("community:announcement", here.group.public_id, made.public_id)
        except MayNot as refusal:
            hold = Hold(status=422, reason=refusal.reason)
    context = group_context(here) | {"thread": thread, "form": form, "hold": hold, "it": found}
    return in_words(render(request, "chat/statement_say.html", context), hold)


def _advice(request: HttpRequest, here: Here, *words: str) -> Hold | None:
    """What to look at once before these words are shown to others; nothing where they are refused."""
    text = "\n".join(words)
    if "as_it_is" in request.POST or given_away.refusal(group=here.group, text=text):
        return None
    found = given_away.advice(group=here.group, text=text)
    return Hold(status=409, step="advice", reason="", advice=tuple(found)) if found else None
