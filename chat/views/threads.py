"""A group's threads, one thread, and starting one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from chat import presenters
from chat.actions import later, reading
from chat.actions import threads as opening
from chat.errors import NeedsCheck, NeedsName, NeedsPromise, Refused
from chat.forms.posts import PostForm, ThreadForm
from chat.policies import watches
from chat.selectors import faces, proposals, statements, terms, threads
from chat.selectors import later as later_reads
from chat.selectors.posts import Place
from chat.selectors.threads import Spot, ThreadPage
from chat.views import care
from chat.views.answers import Hold, Pace, first_hold, given, hold_for, in_words, signature_of, voice_of
from chat.views.entry import face_of, in_group, keep_mark, new_tid, number, sent_to
from community.errors import MayNot
from community.selectors.announcements import is_announced
from community.selectors.here import Here
from community.selectors.names import policy_of
from community.views.entry import key_of, public_id
from core.registries import once
from moderation.selectors.news import news


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
        here=here,
        key_of=key_of(request),
        spot=Spot(below=public_id(request, name="below"), above=public_id(request, name="above")),
    )
    return render(
        request,
        "chat/group.html",
        group_context(here)
        | {
            "page": page,
            "lines": presenters.lines(page.rows),
            "rhythm": presenters.rhythm_words(here.group),
            "announced": is_announced(here.group),
            "names": policy_of(here.group),
            "news": news(here=here, key_of=key_of(request)),
        },
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
    kept: Sequence[str] = (),
) -> HttpResponse:
    """A thread with its composer. With `hold`, something was not sent: it says why and keeps what was written, and
    `kept` are other words that are to be copied."""
    face = face_of(request, here=here, tid=tid)
    page = reading.open_page(face=face, tid=tid, key_of=key_of(request), place=place)
    composer = form or PostForm()
    composer.wear(page.faces, afresh=bool(hold and hold.step == "faces"))
    language = get_language() or "en"
    context = group_context(here) | {
        "page": page,
        "thread": page.thread,
        "items": presenters.items(page.window, mine=page.mine, language=language),
        "composer": composer,
        "is_limited": not here.may_post or here.is_silent_in(page.thread.public_id),
        "form": form,
        "hold": hold,
        "kept": kept,
        "keep": keep_mark(request, ref=tid),
        "statement": statements.shown(here=here, thread=page.thread, key_of=key_of(request)),
        "change_to_do": proposals.is_to_do(thread=page.thread),
        "watched_by": presenters.watchers(page.thread),
        "asks_only": watches(here),  # nobody who watches has a socket: their page asks now and then
        "care": care.in_talk(request, here=here, tid=tid, waiting=[one.text for one in page.waiting]),
        **terms_context(here, page),
    }
    return in_words(render(request, "chat/thread.html", context), hold)


def terms_context(here: Here, page: ThreadPage | None = None) -> dict[str, Any]:
    """On what terms a message would appear, in a thread or as a new one."""
    found = terms.of(here=here, place=page.thread.public_id if page else "")
    return {"terms": found, "checked_words": presenters.checked_words(here.group)}


@sent_to
def mark_read(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Remember how far the reader has come: the page's script says so."""
    seq = request.POST.get("seq", "")
    found = threads.find(here=here, tid=tid)
    if seq.isdecimal() and len(seq) < 16:
        reading.mark_read(here=here, thread=found, key_of=key_of(request), seq=int(seq))
    return HttpResponse(status=204)


@require_http_methods(["GET", "POST"])
@in_group
def start(request: HttpRequest, here: Here) -> HttpResponse:
    """Start a thread."""
    if request.method != "POST":
        return start_page(request, here, ThreadForm(topics=here.group.heads_ups), None)
    form = ThreadForm(**given(request), topics=here.group.heads_ups)
    if hold := first_hold(request, form=form, here=here, pace=Pace(act="thread", limit=6, seconds=3600)):
        return start_page(request, here, form, hold)
    try:
        tid = _open(request, here, form)
    except (Refused, NeedsName, NeedsPromise, MayNot) as refusal:
        return start_page(request, here, form, hold_for(refusal, form=form, here=here))
    if tid is None and care.is_worry(request):
        return redirect("moderation:now_in", "g", here.group.public_id)
    if tid is None:
        return redirect(reverse("chat:thread_new", args=[here.group.public_id]) + "#waiting")
    return redirect("chat:thread", here.group.public_id, tid)


def _open(request: HttpRequest, here: Here, form: ThreadForm) -> str | None:
    """Open it at once, or keep it for its moment or for the team: None."""
    fields = form.cleaned_data
    tid = new_tid(request, here=here, words=f"{fields['title']}\n{fields['text']}")
    given: dict[str, Any] = {
        "here": here,
        "tid": tid,
        "title": fields["title"],
        "ask": fields["ask"],
        "heads_ups": fields.get("heads_ups", []),
        "text": fields["text"],
        "client_id": fields["client_id"],
        "signature": signature_of(request, form=form, tid=tid),
        "stays": form.days,
        "voice": voice_of(request, form=form),
    }
    opened = None
    if form.window is None or threads.is_there(here=here, tid=tid):  # sent before: it waits no more
        with suppress(NeedsCheck):
            opened = opening.open_thread(**given).public_id
    if opened is None:
        keys = later_reads.keys_to_open(key_of=key_of(request), gid=here.group.public_id)
        later.open_later(**given, keys=keys, window=form.window or later.AT_ONCE)
    if form.is_once:
        once.tell(here=here, tid=tid, key_of=key_of(request))
    return opened


def start_page(
    request: HttpRequest, here: Here, form: ThreadForm, hold: Hold | None, *, kept: Sequence[str] = ()
) -> HttpResponse:
    """Where one starts a thread, with those that wait to be opened. With `hold`, it says why nothing was sent."""
    form.wear(faces.faces(here=here), afresh=bool(hold and hold.step == "faces"))
    keys = later_reads.keys_to_open(key_of=key_of(request), gid=here.group.public_id)
    context = group_context(here) | {
        "form": form,
        "composer": form,
        "hold": hold,
        "kept": kept,
        "keep": keep_mark(request, ref=f"new|{here.group.public_id}"),
        "waiting": later_reads.waiting(keys=keys, time_zone=here.group.time_zone, here=here),
        "card": care.held_back(request, here=here),
        **terms_context(here),
    }
    return in_words(render(request, "chat/thread_new.html", context), hold)
