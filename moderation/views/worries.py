"""“I need help now”: for anyone, signed in or not, and whatever limit there is. It always shows whom to call first."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from community import linkage
from community.errors import NotHere
from community.presenters import services as services_presenter
from community.presenters.services import COOKIE
from community.presenters.strip import strip_for
from community.selectors import here as places
from community.selectors import services, yours
from community.views.entry import key_of, public_id
from core import keyring
from moderation.actions import worries
from moderation.forms.worries import HelpForm
from moderation.presenters import worries as presenter
from moderation.selectors import news, notices
from moderation.selectors import worries as reading
from moderation.views.entry import INSIDE, OUTSIDE, Seat, kept_out, own_only, seconds_to_wait

AN_HOUR = 3600
ASKED, WORDS = "asked", "words"  # what was just told: that they need help, or words too
FEW = 3  # services near somebody; the others are one press away


@require_safe
@linkage.despite_limits()
def now(request: HttpRequest) -> HttpResponse:
    """Whom to call, and the teams that could be told: of one's own groups, also of those a limit keeps one out of."""
    context = _near(request) | {
        "doors": [(door, group, strip_for(group)) for door, group in _doors(request)],
        "is_signed_in": linkage.is_signed_in(request),
        "is_closed": linkage.is_closed(request),
    }
    return render(request, "moderation/now.html", context)


def _doors(request: HttpRequest) -> list[tuple[str, Any]]:
    """One's own groups, each with the door that is open to one there. Within `despite_limits` alone."""
    barred = kept_out(request)
    closed = {one.group.pk for one in barred}
    tags = linkage.owner_tags(request, groups=places.all_group_ids())
    groups = [one.group for one in places.members_of(owner_tags=tags) if one.group_id not in closed]
    return [(INSIDE, group) for group in groups] + [(OUTSIDE, one.group) for one in barred]


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def now_in(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Tell the team of one group, and see what came of it. Who picks a place first has their words still in the box."""
    form = HelpForm(request.POST if request.method == "POST" else None)
    trouble, status = "", 200
    if "pick" in request.POST:
        trouble = _("What you wrote is still here. It is not sent yet.") if form.has_changed() else ""
    elif request.method == "POST":
        wait = seconds_to_wait(act="help now", tag=seat.tag, limit=20, seconds=AN_HOUR)
        if wait:
            trouble, status = _many(wait), 429
        elif not form.is_valid():
            status = 422
        else:
            _tell(request, seat, **form.cleaned_data)
            told = WORDS if form.cleaned_data["message"].strip() else ASKED
            return redirect(_again(request, told=told, talk=_talk(request)))
    context = _near(request) | seat.shown | {"form": form, "trouble": trouble, "again": _again(request)}
    context["back"] = _back(request) if seat.here else ""  # from outside no talk can be read
    try:
        context |= _standing(request, seat) | _beside(request, seat)
    except keyring.RingAway:  # whom to call is there all the same
        context["is_away"] = True
    return render(request, "moderation/now_in.html", context, status=status)


def on_leaving(request: HttpRequest) -> str:
    """On the pages on which one leaves a group, for oneself alone: that one's call for help is open there."""
    match = request.resolver_match
    try:
        place = yours.place(owner_tag=linkage.owner_tag(request, group=match.kwargs["gid"] if match else ""))
        if not reading.has_asked(group=place.group, owner_tag=place.tag):
            return ""
    except (NotHere, keyring.RingAway):  # whoever wants to go is not kept for it
        return ""
    return render_to_string("moderation/_leaving.html", {"gid": place.group.public_id})


@linkage.despite_limits()
def on_closing(request: HttpRequest) -> str:
    """On the pages on which one deletes one's account, for oneself alone: that one's calls for help are still open."""
    called = [
        (door, group)
        for door, group in _doors(request)
        if reading.has_asked(group=group, owner_tag=linkage.owner_tag(request, group=group.public_id))
    ]
    return render_to_string("moderation/_closing.html", {"called": called}, request=request) if called else ""


@linkage.despite_limits()
def on_closed(request: HttpRequest) -> str:
    """On the page on which a closed account is opened again, for oneself alone: a call for help is open, or a team
    wrote since."""
    try:
        groups = [group for _, group in _doors(request)]
        tags = {group.pk: linkage.owner_tag(request, group=group.public_id) for group in groups}
        for_me = news.in_groups(tags=tags, key_of=key_of(request))
        called = any(
            reading.has_asked(group=one, owner_tag=tags[one.pk]) for one in groups if one.pk in for_me
        )
    except keyring.RingAway:  # whoever wants to come back is not kept for it
        return ""
    written = any(one.notes for one in for_me.values())
    shown = {"called": called, "written": written}
    return render_to_string("moderation/_closed.html", shown) if called or written else ""


def _standing(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    """How it stands between somebody and the team, with what they told it. What was just said counts where it is so."""
    whose: dict[str, Any] = {"group": seat.group, "owner_tag": seat.tag}
    standing, looked = reading.standing(**whose), reading.looked(**whose)
    wrote = standing.has_written if standing else bool(looked and looked.wrote)
    words, has_asked = reading.words_of(**whose), reading.has_asked(**whose)
    told = request.GET.get("told", "")
    return {
        "card": presenter.card(group=seat.group, standing=standing, looked=looked),
        "notes": notices.of(**whose)[:1] if wrote else [],
        "own_words": words,
        "is_grave": bool(standing and standing.in_danger and has_asked),
        "words_in": "words",
        "just_told": told if standing and (told == ASKED or (told == WORDS and words)) else "",
    }


def _beside(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    """Whoever comes from a talk tells the team more beside what they wrote there, where it is one thing; the page says
    so, and the form alone carries the talk on: nobody's words get a name that they did not read of."""
    talk = _talk(request)
    if not (talk and reading.case_in_talk(group=seat.group, owner_tag=seat.tag, place=talk)):
        return {}
    return {"again": _again(request, talk=talk), "without": _again(request)}


def _talk(request: HttpRequest) -> str:
    return public_id(request, name="talk")


def _back(request: HttpRequest) -> str:
    """The talk that somebody came from, whether or not what they tell belongs to it."""
    return _talk(request) or public_id(request, name="back")


def _again(request: HttpRequest, *, told: str = "", talk: str = "") -> str:
    """This page anew, with the place that was picked. No word of what was written is in an address."""
    named = {"talk": talk, "told": told, "back": "" if talk else _back(request)}
    more = {name: value for name, value in named.items() if value}
    query = "&".join(filter(None, [_place(request), urlencode(more)]))
    return f"{request.path}?{query}" if query else request.path


def _tell(request: HttpRequest, seat: Seat, *, message: str, in_danger: bool) -> None:
    given: dict[str, Any] = {"words": message, "in_danger": in_danger, "talk": _talk(request)}
    if seat.here:
        worries.ask_for_help(here=seat.here, **given)
    else:
        worries.ask_from_outside(group=seat.group, owner_tag=seat.tag, **given)


def _many(wait: int) -> str:
    minutes = max(1, round(wait / 60))
    words = ngettext("This is not sent yet. The team has what you sent before. You can send more in %(n)s minute.",
                     "This is not sent yet. The team has what you sent before. You can send more in %(n)s minutes.",
                     minutes)  # fmt: skip
    return words % {"n": minutes} + " " + _("Please do not wait for us if you are in danger.")


def _picked(request: HttpRequest) -> str | None:
    """The place that somebody picks, also while they write; '' to pick another, None where they do not."""
    sent = request.POST.get("region", "")
    return sent if sent or "pick" in request.POST else request.GET.get("region")


def _place(request: HttpRequest) -> str:
    """The place that was picked, for an address to carry it along: it is kept nowhere."""
    code = _picked(request)
    return "" if code is None else urlencode({"region": code})


def _near(request: HttpRequest) -> dict[str, Any]:
    """Whom to call at the place that somebody picks, or that they keep on their device. It is never guessed."""
    code = _picked(request)
    code = request.COOKIES.get(COOKIE, "") if code is None else code
    found = services_presenter.help_page(services.help_in(code=code))
    return {"help": found, "few": found.services[:FEW], "place": _place(request)}
