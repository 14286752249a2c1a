"""A group's library: what the team looked at, what members suggest, and the talks that are kept at the top."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from chat import presenters
from chat.actions import threads as pinning
from chat.selectors import threads
from chat.views.answers import Hold, in_words
from chat.views.entry import in_group, seconds_to_wait, sent_to
from chat.views.threads import group_context
from community import policies
from community.actions import library as actions
from community.actions.library import Words
from community.errors import MayNot, NotHere
from community.forms.library import NotTakenForm, ResourceForm, ShelfForm
from community.selectors import announcements
from community.selectors import library as reading
from community.selectors.here import Here
from community.views.entry import key_of


@require_safe
@in_group
def library(request: HttpRequest, here: Here) -> HttpResponse:
    """The shelf, with the talks that are kept at the top."""
    keeps = policies.permits("keep_library", here)
    context = group_context(here) | {
        "shelf": presenters.shelf(reading.shelf(here=here)),
        "suggested": reading.suggested(here=here) if keeps else [],
        "own": reading.own(here=here, key_of=key_of(request)),
        "keeps": keeps,
        "news": announcements.current(here=here),
        "announces": policies.permits("announce", here),
        "pinned": presenters.lines(
            threads.seen_rows(here=here, key_of=key_of(request), among=threads.at_the_top())
        ),
    }
    return render(request, "chat/library.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def suggest(request: HttpRequest, here: Here) -> HttpResponse:
    """Suggest something to read."""
    if not policies.permits("suggest_resource", here):
        raise NotHere
    form = ResourceForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, here, form, Hold.again() if form.is_bound else None)
    if wait := seconds_to_wait(act="suggest", here=here, limit=6, seconds=3600):
        return _form(request, here, form, Hold.pace(wait))
    try:
        actions.suggest(here=here, words=Words(**form.cleaned_data), key_of=key_of(request))
    except MayNot as refusal:
        return _form(request, here, form, Hold(status=422, reason=refusal.reason))
    messages.success(request, _("Thank you. The team looks at it first."))
    return redirect("chat:library", here.group.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@in_group
def resource(request: HttpRequest, here: Here, rid: str) -> HttpResponse:
    """Look at something: put it on the shelf, or take it away."""
    found = reading.find(here=here, rid=rid)
    if request.method == "POST" and "away" in request.POST:
        return _away(request, here, rid)
    initial = {"title": found.title, "note": found.note, "link": found.link}
    form = ShelfForm(request.POST if request.method == "POST" else None, initial=initial)
    why = None if found.is_shelved else NotTakenForm()
    if not form.is_valid():
        return _form(request, here, form, Hold.again() if form.is_bound else None, why)
    words = Words(**{name: form.cleaned_data[name] for name in initial})
    try:
        actions.shelve(here=here, rid=rid, words=words, days=form.cleaned_data["days"])
    except MayNot as refusal:
        return _form(request, here, form, Hold(status=422, reason=refusal.reason), why)
    messages.success(request, _("It is on the shelf."))
    return redirect("chat:library", here.group.public_id)


def _away(request: HttpRequest, here: Here, rid: str) -> HttpResponse:
    found, why = reading.find(here=here, rid=rid), NotTakenForm(request.POST)
    try:
        if why.is_valid():
            actions.take_away(here=here, rid=rid, answer=why.cleaned_data["answer"])
            messages.success(request, _("It is gone from here."))
            return redirect("chat:library", here.group.public_id)
    except MayNot as refusal:
        why.add_error("answer", refusal.reason)
    initial = {"title": found.title, "note": found.note, "link": found.link}
    return _form(request, here, ShelfForm(initial=initial), Hold.again(), why)


def _form(
    request: HttpRequest, here: Here, form: ResourceForm, hold: Hold | None, why: NotTakenForm | None = None
) -> HttpResponse:
    context = group_context(here) | {"form": form, "hold": hold, "shelves": isinstance(form, ShelfForm)}
    context["why"] = why
    return in_words(render(request, "chat/library_form.html", context), hold)


@sent_to
def pin(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Keep a talk at the top, or no longer."""
    thread = threads.find(here=here, tid=tid)
    try:
        pinning.pin(here=here, thread=thread, pinned="pinned" in request.POST)
    except MayNot as refusal:
        messages.warning(request, refusal.reason)
    return redirect("chat:thread", here.group.public_id, tid)
