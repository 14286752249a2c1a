"""The room of a study: going in, reading, writing, and one's own words."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import ceil
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from chat.errors import NeedsName, NeedsPromise, Refused, TooSoon
from chat.selectors.echoes import Signing
from chat.views import care
from chat.views.coaching import advice_on
from chat.views.entry import seconds_to_wait
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of, members_only, public_id
from research.actions import rooms as actions
from research.enums import Agreement
from research.forms.rooms import ChangeForm, RoomForm
from research.policies.rooms import Act, Inside, may
from research.presenters import rooms as presenter
from research.selectors import parts
from research.selectors import rooms as reading


def inside_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Like `members_only`, for whom a room is open to; to everyone else it answers like one that is not there."""

    @members_only
    @wraps(view)
    def wrapped(request: HttpRequest, here: Here, sid: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            inside = reading.find(here=here, sid=sid, key_of=key_of(request))
            return view(request, inside, *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def room(request: HttpRequest, inside: Inside) -> HttpResponse:
    """What is said there, and the box to write in. The first visit asks, before anything is shown."""
    if not inside.came_in:
        return _door(request, inside)
    if request.method != "POST" or "other" in request.POST:
        given = request.POST.dict() | {"once": "", "face": "once"}  # another name for the room was asked for
        return _page(request, inside, RoomForm(initial=given if request.POST else {}, auto_id="%s"))
    return _sent(request, inside, RoomForm(request.POST, auto_id="%s"))


def _door(request: HttpRequest, inside: Inside) -> HttpResponse:
    if "come_in" not in request.POST:
        return render(request, "research/room_door.html", _context(inside))
    actions.come_in(**_where(request, inside))
    return redirect(request.path)


def _sent(request: HttpRequest, inside: Inside, form: RoomForm) -> HttpResponse:
    if wait := seconds_to_wait(act="room", here=inside.here, limit=20, seconds=60):
        return _page(request, inside, form, reason=_slowly(wait), status=429, wait=wait)
    if not form.is_valid():
        return _page(request, inside, form, status=422)
    if not form.cleaned_data["as_it_is"] and (advice := _advice(request, inside, form)):
        return _page(request, inside, form, advice=advice, status=409)
    return _say(request, inside, form)


def _say(request: HttpRequest, inside: Inside, form: RoomForm) -> HttpResponse:
    try:
        post = actions.say(
            **_where(request, inside), text=form.cleaned_data["text"],
            signature=form.signature(alias_key=inside.alias_key),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("text", refusal.reasons)
        return _page(request, inside, form, status=422)
    except NeedsName:
        return _page(request, inside, form, next_step="community:name", status=409)
    except NeedsPromise:
        return _page(request, inside, form, next_step="community:promise", status=409)
    except MayNot as refusal:
        wait = ceil(refusal.wait) if isinstance(refusal, TooSoon) else 0
        return _page(request, inside, form, reason=refusal.reason, status=429 if wait else 409, wait=wait)
    anchor = f"?{care.JUST_SENT}=1#care" if care.is_worry(request) else f"#p-{post.public_id}"
    return redirect(f"{request.path}{anchor}")


def _advice(
    request: HttpRequest, inside: Inside, form: RoomForm | ChangeForm, *, changed: Signing | None = None
) -> list[str]:
    is_once = form.data.get("face") == "once"
    signing = changed or Signing(persona=inside.here.persona, alias_key=inside.alias_key if is_once else None)
    return advice_on(
        request, here=inside.here, text=form.cleaned_data["text"], signing=signing, tid=inside.room.public_id,
        is_change=changed is not None,
    )  # fmt: skip


def _page(
    request: HttpRequest, inside: Inside, form: RoomForm, *, status: int = 200, wait: int = 0, **more: Any
) -> HttpResponse:
    before = public_id(request, name="before")
    page = reading.page(inside=inside, before=before)
    face, uses_once = reading.once_of(inside)
    form.wear(once=face, has_name=inside.here.persona is not None, uses_once=uses_once)
    context = _context(inside) | {
        "page": page,
        "lines": presenter.lines(page.posts, own=page.own),
        "first": page.posts[0].public_id if page.posts else "",
        "is_newest": not before,
        "form": form,
        "uses_once": uses_once,
        "may_write": may(Act.WRITE, inside),
        "care": care.in_talk(request, here=inside.here, tid=inside.room.public_id),
        **more,
    }
    response = render(request, "research/room.html", context, status=status)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@require_http_methods(["GET", "HEAD"])
@inside_only
def post(request: HttpRequest, inside: Inside, pid: str) -> HttpResponse:
    """One post, with what one can do with it."""
    found = reading.post(inside=inside, pid=pid)
    is_own = may(Act.TAKE_AWAY, inside, found)
    context = _context(inside) | {
        "line": presenter.line(found, is_own=is_own),
        "may_report": may(Act.REPORT, inside, found),
        "may_change": may(Act.CHANGE, inside, found),
        "may_take_away": is_own,
    }
    return render(request, "research/room_post.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def change(request: HttpRequest, inside: Inside, pid: str) -> HttpResponse:
    """Change one's own post."""
    found = reading.post(inside=inside, pid=pid)
    if not may(Act.CHANGE, inside, found):
        raise NotHere
    signing = reading.signing_of(inside, found)
    form = ChangeForm(
        request.POST if request.method == "POST" else None, initial={"text": found.text}, auto_id="%s"
    )
    context = _context(inside) | {"form": form, "back_url": f"{_address(inside)}{pid}/"}
    if not form.is_valid():
        return render(request, "chat/post_edit.html", context, status=422 if form.is_bound else 200)
    if "as_it_is" not in request.POST and (advice := _advice(request, inside, form, changed=signing)):
        return render(request, "chat/post_edit.html", context | {"advice": advice}, status=409)
    if wait := seconds_to_wait(act="room", here=inside.here, limit=20, seconds=60):
        context |= {"reason": _slowly(wait)}
        response = render(request, "chat/post_edit.html", context, status=429)
        response["Retry-After"] = str(wait)
        return response
    try:
        actions.change(**_where(request, inside), pid=pid, text=form.cleaned_data["text"])
    except Refused as refusal:
        form.add_error("text", refusal.reasons)
        return render(request, "chat/post_edit.html", context, status=422)
    except MayNot as refusal:
        return render(request, "chat/post_edit.html", context | {"reason": refusal.reason}, status=409)
    return redirect(f"{_address(inside)}#p-{pid}")


@require_http_methods(["GET", "HEAD", "POST"])
@inside_only
def away(request: HttpRequest, inside: Inside, pid: str) -> HttpResponse:
    """Take one's own post away: this page asks, a second press does it."""
    found = reading.post(inside=inside, pid=pid)
    if not may(Act.TAKE_AWAY, inside, found):
        raise NotHere
    if request.method != "POST":
        context = _context(inside) | {"line": presenter.line(found, is_own=True)}
        return render(request, "research/room_away.html", context)
    actions.take_away(**_where(request, inside), pid=pid)
    messages.success(request, _("Your words are gone from here."))
    return redirect(f"{_address(inside)}#p-{pid}")


@require_POST
@members_only
def open_room(request: HttpRequest, here: Here) -> HttpResponse:
    """A researcher opens the room of the study they sit here for."""
    try:
        actions.open_room(here=here, key_of=key_of(request))
    except NotHere:
        raise Http404 from None
    except MayNot as refusal:
        messages.warning(request, refusal.reason)
    return redirect("research:seat", here.group.public_id)


def _where(request: HttpRequest, inside: Inside) -> dict[str, Any]:
    return {"here": inside.here, "sid": inside.room.host.study.public_id, "key_of": key_of(request)}


def _address(inside: Inside) -> str:
    return reverse("research:room", args=[inside.here.group.public_id, inside.room.host.study.public_id])


def _slowly(wait: int) -> str:
    return _("That was a lot at once. Please wait %(n)s seconds. Your words are kept below.") % {"n": wait}


def _context(inside: Inside) -> dict[str, Any]:
    host = inside.room.host
    return {
        "here": inside.here, "group": inside.here.group, "inside": inside, "study": host.study,
        "title": parts.title(host.study), "room_url": _address(inside),
        "readers": reading.readers(room=inside.room), "is_ended": host.state == Agreement.ENDED,
    }  # fmt: skip
