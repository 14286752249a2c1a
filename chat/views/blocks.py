"""Not wanting to see somebody: from one of their messages or from their name, and the list of whom one hides."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from chat.actions import blocks as hiding
from chat.forms.blocks import HideForm
from chat.policies import Face
from chat.selectors import hidden, posts
from chat.selectors.hidden import Someone
from chat.views.answers import Hold, in_words
from chat.views.entry import face_of, in_group, seconds_to_wait, sent_to
from chat.views.threads import group_context
from community.errors import MayNot
from community.selectors.here import Here
from community.views.entry import key_of


@require_http_methods(["GET", "POST"])
@in_group
def hide_writer(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """Stop seeing whoever wrote a message, under the name that signs it."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    back_url = reverse("chat:post", args=[here.group.public_id, tid, pid])
    return _hide(request, face, hidden.writer_of(post=found, face=face), back_url)


@require_http_methods(["GET", "POST"])
@in_group
def hide_name(request: HttpRequest, here: Here, name_id: str) -> HttpResponse:
    """Stop seeing what a name in this group writes."""
    face = Face(here=here)
    back_url = reverse("chat:group", args=[here.group.public_id])
    return _hide(request, face, hidden.called(public_id=name_id, face=face), back_url)


def _hide(request: HttpRequest, face: Face, someone: Someone, back_url: str) -> HttpResponse:
    here = face.here
    form = HideForm(request.POST if request.method == "POST" else None, may_block=someone.may_block)
    context = group_context(here) | {"form": form, "someone": someone, "back_url": back_url}
    if request.method == "GET":
        return render(request, "chat/hide.html", context)
    hold = None if form.is_valid() else Hold.again()
    if hold is None and (wait := seconds_to_wait(act="hide", here=here, limit=60, seconds=3600)):
        hold = Hold.pace(wait)
    try:
        if hold is None:
            _do(request, face, someone, both=form.both)
    except MayNot as refusal:
        hold = Hold(status=403, reason=refusal.reason)
    if hold is not None:
        return in_words(render(request, "chat/hide.html", context | {"hold": hold}), hold)
    messages.success(request, gettext("Done. You can take it back here at any time."))
    return redirect("chat:hidden", here.group.public_id)


def _do(request: HttpRequest, face: Face, someone: Someone, *, both: bool) -> None:
    if both:
        hiding.block(face=face, other=someone.face)
    else:
        hiding.mute(face=face, key=_key(request, face.here), other=someone.face)


@require_GET
@in_group
def people(request: HttpRequest, here: Here) -> HttpResponse:
    """Whom one hides in this group."""
    shown = {"mutes": hidden.mutes(key=_key(request, here)), "blocks": hidden.blocks(here=here)}
    return render(request, "chat/hidden.html", group_context(here) | shown)


@sent_to
def show(request: HttpRequest, here: Here) -> HttpResponse:
    """See somebody again."""
    if pk := _row(request, "block"):
        hiding.unblock(here=here, pk=pk)
    else:
        hiding.unmute(here=here, key=_key(request, here), pk=_row(request, "mute"))
    messages.success(request, gettext("Done. You see them again."))
    return redirect("chat:hidden", here.group.public_id)


def _key(request: HttpRequest, here: Here) -> bytes:
    return hidden.key_for(key_of=key_of(request), gid=here.group.public_id)


def _row(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 20 else 0
