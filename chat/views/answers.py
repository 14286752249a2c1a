"""What is answered when something is not sent: the same page, with what was written kept, and one plain reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from chat.actions.bylines import Voice
from chat.errors import NameRefused, NeedsName, NeedsPromise, Refused
from chat.forms.posts import PostForm
from community import handles, linkage
from community.actions.personas import HandleTaken
from community.errors import MayNot
from community.selectors.here import Here

OFFERS = 6


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Why something was not sent. `step` names what is asked for: 'name', 'promise', or nothing."""

    status: int
    reason: str
    step: str = ""
    wait: int = 0

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
    if isinstance(refusal, MayNot):
        return Hold(status=403, reason=refusal.reason)
    if isinstance(refusal, NeedsPromise):
        return Hold(
            status=409, step="promise", reason=gettext("Not sent yet. The group promise has changed.")
        )
    assert isinstance(refusal, NeedsName)
    return _name_first(form=form, here=here, status=409)


def voice_of(request: HttpRequest, *, form: PostForm) -> Voice:
    """What the press settles besides sending, with the name looked over against the sign-in name here."""
    handle = form.cleaned_data["handle"]
    return Voice(
        handle=handle,
        avatar=form.cleaned_data["avatar"],
        names_the_account=linkage.names_the_account(request, text=handle),
        agreed_version=form.agreed_version,
    )


def other_names(request: HttpRequest, *, form: PostForm, here: Here) -> Hold | None:
    """What to show where other names are asked for, with all that was written; None where they are not."""
    if "other_names" not in request.POST or here.persona is not None:
        return None
    form.full_clean()  # before a name is asked for: nothing is sent yet
    return _name_first(form=form, here=here, status=200)


def _name_first(*, form: PostForm, here: Here, status: int) -> Hold:
    form.offer(handles.propose(group=here.group, n=OFFERS))
    return Hold(status=status, step="name", reason=gettext("One more step: pick a name here."))


def in_words(response: HttpResponse, hold: Hold | None) -> HttpResponse:
    """The page with the status of its refusal."""
    if hold is not None:
        response.status_code = hold.status
        if hold.wait:
            response["Retry-After"] = str(hold.wait)
    return response
