"""Notes from the team to one person, and asking for another look."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import MayNot, NotHere
from moderation.actions import appeals
from moderation.actions import notices as telling
from moderation.forms.appeals import AppealForm
from moderation.presenters import notices as presenter
from moderation.selectors import notices
from moderation.views.entry import Seat, own_only


@require_safe
@own_only
def notes(request: HttpRequest, seat: Seat) -> HttpResponse:
    """All of them, the newest first."""
    found = notices.of(group=seat.group, owner_tag=seat.tag)
    return render(request, "moderation/notices.html", seat.shown | {"notices": presenter.named(found)})


@require_safe
@own_only
def note(request: HttpRequest, seat: Seat, nid: str) -> HttpResponse:
    """One of them: what was decided and why, and what one can do."""
    found, title = _find(seat, nid)
    telling.mark_read(notice=found)
    context = {"page": presenter.page(found), "title": title}
    return render(request, "moderation/notice.html", seat.shown | context)


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def appeal(request: HttpRequest, seat: Seat, nid: str) -> HttpResponse:
    """Ask for another look, once; then where it stands, and the answer."""
    found, title = _find(seat, nid)
    page = presenter.page(found)
    if page.look.until is None and not page.look.asked:
        raise NotHere
    if page.look.asked:
        return render(request, "moderation/notice_again.html", seat.shown | {"page": page, "title": title})
    form = AppealForm(request.POST if request.method == "POST" else None)
    context = seat.shown | {"page": page, "title": title, "form": form}
    if request.method != "POST":
        return render(request, "moderation/notice_again.html", context)
    if not form.is_valid():
        return render(request, "moderation/notice_again.html", context, status=422)
    try:
        appeals.appeal(notice=found, owner_tag=seat.tag, words=form.cleaned_data["text"])
    except MayNot as refusal:
        context |= {"trouble": refusal.reason}
        return render(request, "moderation/notice_again.html", context, status=409)
    return redirect("moderation:appeal", seat.door, seat.group.public_id, nid)


def _find(seat: Seat, nid: str) -> tuple[Any, str]:
    """One of one's own notes, and what it is called among them. Raises NotHere."""
    found = notices.of(group=seat.group, owner_tag=seat.tag)
    one = notices.pick(found, public_id=nid)
    return one, presenter.title(one, among=found)
