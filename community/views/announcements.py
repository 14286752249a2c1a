"""What a group announces, and the page that anyone with the link may read."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community import policies
from community.actions import announcements as actions
from community.enums import Reach
from community.errors import MayNot, NotHere
from community.forms.library import AnnouncementForm, TheirAnswerForm
from community.selectors import announcements, given_away
from community.selectors.here import Here
from community.views.entry import members_only


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def announce(request: HttpRequest, here: Here) -> HttpResponse:
    """Say something as a group, for its lead."""
    if not policies.permits("announce", here):
        raise Http404
    form = AnnouncementForm(request.POST if request.method == "POST" else None)
    context = {"here": here, "group": here.group, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "community/announce.html", context, status=status)
    given = form.cleaned_data
    if advice := _advice(
        request, here, given["title"], given["text"], is_outside=given["reach"] != Reach.MEMBERS
    ):
        return render(request, "community/announce.html", context | {"advice": advice}, status=409)
    try:
        made = actions.publish(here=here, **given | {"reach": Reach(given["reach"])})
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return render(request, "community/announce.html", context, status=422)
    messages.success(request, _("It is up."))
    return redirect("community:announcement", here.group.public_id, made.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def announcement(request: HttpRequest, here: Here, nid: str) -> HttpResponse:
    """One of them, to read and to print; its lead takes it back."""
    if request.method == "POST":
        actions.end(here=here, nid=nid)
        messages.success(request, _("It is gone from here."))
        return redirect("chat:library", here.group.public_id)
    found = announcements.find(here=here, nid=nid)
    link = request.build_absolute_uri(reverse("community:public_announcement", args=[nid]))
    context = {
        "here": here,
        "group": here.group,
        "it": found,
        "link": link if found.reach == Reach.LINK else "",
        "may_end": policies.permits("announce", here),
    }
    return render(request, "community/announcement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def their_answer(request: HttpRequest, here: Here, nid: str) -> HttpResponse:
    """What was answered to a joint statement, for its lead to put beneath it."""
    found = announcements.find(here=here, nid=nid)
    if not policies.permits("announce", here) or not found.for_whom:
        raise Http404
    form = TheirAnswerForm(request.POST if request.method == "POST" else None)
    advice, is_outside = [], found.reach != Reach.MEMBERS
    if form.is_valid():
        advice = _advice(request, here, form.cleaned_data["text"], is_outside=is_outside)
    if form.is_valid() and not advice:
        try:
            actions.answer(here=here, nid=nid, **form.cleaned_data)
            return redirect("community:announcement", here.group.public_id, nid)
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
    context = {"here": here, "group": here.group, "form": form, "it": found, "advice": advice}
    status = 409 if advice else 422 if form.is_bound else 200
    return render(request, "community/announcement_answer.html", context, status=status)


def _advice(request: HttpRequest, here: Here, *words: str, is_outside: bool) -> list[str]:
    """What to look at once before these words are put up; nothing where they are not put up at all."""
    text = "\n".join(words)
    if "as_it_is" in request.POST or (is_outside and given_away.refusal(group=here.group, text=text)):
        return []
    return given_away.advice(group=here.group, text=text)


@require_safe
@never_cache
def public_announcement(request: HttpRequest, nid: str) -> HttpResponse:
    """For anyone with the link. Afterwards, and where there never was one: not here."""
    try:
        found = announcements.by_link(nid=nid)
    except NotHere:
        raise Http404 from None
    return render(request, "community/announcement_public.html", {"it": found})
