"""What is answered when something is not sent: the same page, with what was written kept, and one plain reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from chat.actions.bylines import Signature, Voice
from chat.errors import CameBefore, NameRefused, NeedsName, NeedsPromise, OtherName, Refused, TooSoon
from chat.forms.posts import PostForm
from chat.selectors.echoes import Signing
from chat.views.coaching import advice_on
from chat.views.entry import seconds_to_wait
from community import handles, linkage
from community.actions.personas import HandleTaken
from community.errors import MayNot
from community.selectors.here import Here

OFFERS = 6


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why something was not sent. `step` names what is asked for: 'name', 'promise', 'faces' (look who signs), 'advice'
    (look at what was written), or nothing."""

    status: int
    reason: str
    step: str = ""
    wait: int = 0
    advice: tuple[str, ...] = ()

    @classmethod
    def pace(cls, wait: int) -> Hold:
        """Too much at once."""
        minutes = max(1, round(wait / 60))
        reason = ngettext(
            "That was a lot at once. Please wait %(n)s minute. Your words are kept below.",
            "That was a lot at once. Please wait %(n)s minutes. Your words are kept below.",
            minutes,
        )
        return cls(status=429, reason=reason % {"n": minutes}, wait=wait)

    @classmethod
    def reroll(cls) -> Hold:
        """Nothing was to be sent: another one-thread name was asked for."""
        return cls(status=200, step="faces", reason="")

    @classmethod
    def again(cls) -> Hold:
        """The form says what to look at."""
        return cls(status=422, reason="")


def hold_for(refusal: Exception, *, form: PostForm, here: Here) -> Hold:
    """The answer to a refusal of an action; what the form can say, it says."""
    if isinstance(refusal, Refused):
        form.add_error("text", refusal.reasons)
        return Hold.again()
    if isinstance(refusal, (HandleTaken, NameRefused)):
        form.offer(handles.propose(group=here.group, n=OFFERS))
        status = 409 if isinstance(refusal, HandleTaken) else 422
        return Hold(status=status, step="name", reason=refusal.reason)
    if isinstance(refusal, (CameBefore, OtherName)):
        is_before = isinstance(refusal, CameBefore)
        if is_before:
            form.send_anew()
        return Hold(status=409, step="" if is_before else "faces", reason=refusal.reason)
    if isinstance(refusal, MayNot):
        wait = ceil(refusal.wait) if isinstance(refusal, TooSoon) else 0
        return Hold(status=429 if wait else 403, reason=refusal.reason, wait=wait)
    if isinstance(refusal, NeedsPromise):
        return Hold(
            status=409, step="promise", reason=gettext("Not sent yet. The group promise has changed.")
        )
    assert isinstance(refusal, NeedsName)
    return _name_first(form=form, here=here, status=409)


def voice_of(request: HttpRequest, *, form: PostForm) -> Voice:
    """What the press settles besides sending, with the name looked over against the sign-in name here."""
    handle = "" if form.is_once else form.cleaned_data["handle"]
    return Voice(
        handle=handle,
        avatar=form.cleaned_data["avatar"],
        names_the_account=linkage.names_the_account(request, text=handle),
        agreed_version=form.agreed_version,
    )


def signature_of(request: HttpRequest, *, form: PostForm, tid: str) -> Signature:
    """Which face is to sign, and what it was called on the page."""
    return Signature(
        alias_key=linkage.keyed(request, kind="alias", ref=tid),
        as_alias=form.is_once,
        shown=form.cleaned_data["once" if form.is_once else "named"],
        for_self=form.cleaned_data["for_self"],
    )


def given(request: HttpRequest) -> dict[str, Any]:
    """What a form is made from. Where another one-thread name is asked for, it comes back without reproach."""
    return {"initial": as_written(request)} if "reroll" in request.POST else {"data": request.POST}


def as_written(request: HttpRequest) -> dict[str, Any]:
    """All that a form on this page held."""
    lists: dict[str, Any] = {"heads_ups": request.POST.getlist("heads_ups")}
    return {"client_id": uuid.uuid4()} | request.POST.dict() | lists


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How much of something one may do in how many seconds."""

    act: str
    limit: int
    seconds: int


def first_hold(request: HttpRequest, *, form: PostForm, here: Here, pace: Pace, tid: str = "") -> Hold | None:
    """What is answered before anything is tried: other names were asked for, or not so fast, or look again."""
    if "reroll" in request.POST:
        return Hold.reroll()
    if "other_names" in request.POST and here.persona is None:
        form.full_clean()  # before a name is asked for: nothing is sent yet
        return _name_first(form=form, here=here, status=200)
    wait = seconds_to_wait(act=pace.act, here=here, limit=pace.limit, seconds=pace.seconds)
    if wait:
        return Hold.pace(wait)
    if not form.is_valid():
        return Hold.again()
    return None if form.cleaned_data["as_it_is"] else _advised(request, form=form, here=here, tid=tid)


def _advised(request: HttpRequest, *, form: PostForm, here: Here, tid: str) -> Hold | None:
    """Advice on what was written, in the thread of this public id or in a new one."""
    alias_key = linkage.keyed(request, kind="alias", ref=tid) if form.is_once else None
    text = f"{form.cleaned_data.get('title', '')}\n{form.cleaned_data['text']}"
    signing = Signing(persona=here.persona, alias_key=alias_key)
    advice = advice_on(request, here=here, text=text, signing=signing, tid=tid)
    return Hold(status=409, step="advice", reason="", advice=tuple(advice)) if advice else None


def _name_first(*, form: PostForm, here: Here, status: int) -> Hold:
    kept = (
        [] if "other_names" in form.data else form.offered_before
    )  # nothing was picked: the same to pick from
    form.offer(kept or handles.propose(group=here.group, n=OFFERS))
    reason = (
        gettext("Not sent yet. Pick a name first.") if kept else gettext("One more step: pick a name here.")
    )
    return Hold(status=status, step="name", reason=reason)


def in_words(response: HttpResponse, hold: Hold | None) -> HttpResponse:
    """The page with the status of its refusal."""
    if hold is not None:
        response.status_code = hold.status
        if hold.wait:
            response["Retry-After"] = str(hold.wait)
    return response
