"""A group's threads, one thread, and starting one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from chat import presenters
from chat.actions import reading
from chat.actions import threads as opening
from chat.actions.bylines import Voice
from chat.errors import NeedsName, NeedsPromise, Refused
from chat.forms.posts import PostForm, ThreadForm
from chat.selectors import threads
from chat.selectors.posts import Place
from chat.views.answers import Hold, hold_for, in_words, other_names, voice_of
from chat.views.entry import face_of, in_group, key_of, number, seconds_to_wait
from community.errors import MayNot
from community.selectors.here import Here


def group_context(here: Here) -> dict[str, Any]:
    """What the group layout needs."""
    return {
        "here": here,
        "group": here.group,
        "group_tone": str(here.group.tone),  # a template takes the number 0 for nothing
        "group_url": reverse("chat:group", args=[here.group.public_id]),
    }


@require_GET
@in_group
def group(request: HttpRequest, here: Here) -> HttpResponse:
    """The page of a group."""
    page = threads.group_page(
        here=here, key_of=key_of(request), page=max(1, number(request, name="page") or 1)
    )
    return render(
        request, "chat/group.html", group_context(here) | {"page": page, "lines": presenters.lines(page.rows)}
    )


@require_GET
@in_group
def thread(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """The page of a thread, where the reader left off."""
    place = Place(
        before=number(request, name="before"),
        after=number(request, name="after"),
        around=number(request, name="around"),
        newest="newest" in request.GET,
    )
    return thread_page(request, here, tid, place=place)


def thread_page(
    request: HttpRequest,
    here: Here,
    tid: str,
    *,
    place: Place,
    form: PostForm | None = None,
    hold: Hold | None = None,
) -> HttpResponse:
    """A thread with its composer. With `hold`, something was not sent: it says why and keeps what was written."""
    face = face_of(request, here=here, tid=tid)
    page = reading.open_page(face=face, tid=tid, key_of=key_of(request), place=place)
    language = get_language() or "en"
    context = group_context(here) | {
        "page": page,
        "thread": page.thread,
        "items": presenters.items(page.window, mine=page.mine, language=language),
        "composer": form or PostForm(),
        "form": form,
        "hold": hold,
    }
    return in_words(render(request, "chat/thread.html", context), hold)


@require_POST
@in_group
def mark_read(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Remember how far the reader has come: the page's script says so."""
    seq = request.POST.get("seq", "")
    found = threads.find(here=here, tid=tid)
    if seq.isdecimal() and len(seq) < 16:
        reading.mark_read(thread=found, key_of=key_of(request), seq=int(seq))
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@in_group
def start(request: HttpRequest, here: Here) -> HttpResponse:
    """Start a thread."""
    if request.method != "POST":
        return _start_page(request, here, ThreadForm(topics=here.group.heads_ups), None)
    form = ThreadForm(request.POST, topics=here.group.heads_ups)
    wait = seconds_to_wait(act="thread", here=here, limit=6, seconds=3600)
    if wait:
        return _start_page(request, here, form, Hold.pace(wait))
    if again := other_names(request, form=form, here=here):
        return _start_page(request, here, form, again)
    if not form.is_valid():
        return _start_page(request, here, form, Hold.again())
    try:
        tid = _open(here, form, voice_of(request, form=form))
    except (Refused, NeedsName, NeedsPromise, MayNot) as refusal:
        return _start_page(request, here, form, hold_for(refusal, form=form, here=here))
    return redirect("chat:thread", here.group.public_id, tid)


def _open(here: Here, form: ThreadForm, voice: Voice) -> str:
    given = form.cleaned_data
    opened = opening.open_thread(
        here=here,
        title=given["title"],
        ask=given["ask"],
        heads_ups=given.get("heads_ups", []),
        text=given["text"],
        client_id=given["client_id"],
        voice=voice,
    )
    return opened.public_id


def _start_page(request: HttpRequest, here: Here, form: ThreadForm, hold: Hold | None) -> HttpResponse:
    context = group_context(here) | {"form": form, "composer": form, "hold": hold}
    return in_words(render(request, "chat/thread_new.html", context), hold)
