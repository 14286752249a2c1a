"""What somebody who wrote words of worry sees at once, sent or not: whom to call, who is here, and what comes next."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.template.loader import render_to_string

from community.selectors.here import Here
from core import keyring
from moderation.automatic.worry import worried
from moderation.presenters import worries as presenter
from moderation.presenters.worries import Card
from moderation.selectors import worries
from moderation.selectors.worries import Standing

JUST_SENT = "care"


@dataclass(frozen=True, kw_only=True)
class Care:
    """What a talk's page shows of care: one's own card, if there is one, and a note for the others."""

    card: Card | None
    has_note: bool


def in_talk(request: HttpRequest, *, here: Here, tid: str, waiting: Sequence[str] = ()) -> Care:
    """For the page of a talk, also where words of worry were just sent that nobody was told of, are held back by one
    more step (nothing is raised by those), or are among one's own that wait to appear there. Without the key ring
    nobody knows whose a worry is, and the page is there."""
    is_fresh = JUST_SENT in request.GET or _is_held_back(request) or any(map(worried, waiting))
    tag = bytes(here.member.owner_tag)
    with contextlib.suppress(keyring.RingAway):
        found = worries.in_talk(group=here.group, place=tid, owner_tag=tag)
        own = found.own
        if own is None and is_fresh:
            own = worries.standing(group=here.group, owner_tag=tag)
        shows = own is not None or is_fresh
        card = _card_of(here, own) if shows else None
        return Care(card=card, has_note=found.has_note)
    return Care(card=None, has_note=False)


def held_back(request: HttpRequest, *, here: Here) -> Card | None:
    """For a page that says why words were not sent: the card, where they are words of worry."""
    if not _is_held_back(request):
        return None
    with contextlib.suppress(keyring.RingAway):
        return _card(here)
    return None


def in_answer(request: HttpRequest, *, here: Here) -> dict[str, str]:
    """For the script that sent words of worry: the card, whether or not the team is told, and whether or not they were
    taken."""
    if not is_worry(request):
        return {}
    match = request.resolver_match
    talk = match.kwargs.get("tid", "") if match else ""
    context = {"card": _card(here), "group": here.group, "talk": talk, "stays": True}
    return {"care": render_to_string("moderation/_worry.html", context, request=request).strip()}


def _card(here: Here) -> Card:
    return _card_of(here, worries.standing(group=here.group, owner_tag=bytes(here.member.owner_tag)))


def _card_of(here: Here, standing: Standing | None) -> Card:
    """What the team wrote before counts where it was told again. It did not look at words that it was not told."""
    tag = bytes(here.member.owner_tag)
    looked = worries.looked(group=here.group, owner_tag=tag) if standing else None
    return presenter.card(group=here.group, standing=standing, looked=looked)


def _is_held_back(request: HttpRequest) -> bool:
    """A page that answers a form has not taken what was in it."""
    return request.method == "POST" and is_worry(request)


def anchor(request: HttpRequest, *, otherwise: str = "#latest") -> str:
    """Where on the page of the talk to go on once something was sent."""
    return f"&{JUST_SENT}=1#care" if is_worry(request) else otherwise


def is_worry(request: HttpRequest) -> bool:
    """Whether what was sent has words of worry."""
    return bool(worried(f"{request.POST.get('title', '')}\n{request.POST.get('text', '')}"))
