"""The way up to a group's door, for people who may be inside or not; and where to go on afterwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from community import linkage
from community.errors import NotHere
from community.policies import Outside
from community.selectors import groups
from community.selectors.here import Here

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Here | Outside, P], HttpResponse]


def at_the_door(view: View[P]) -> Callable[..., HttpResponse]:
    """Hand the view a place inside or before the group in the URL. A hidden group has no door to strangers."""

    @wraps(view)
    def wrapped(request: HttpRequest, gid: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            place = groups.place(
                gid=gid,
                owner_tag=linkage.owner_tag(request, group=gid),
                signed_in=linkage.is_signed_in(request),
                strong=linkage.has_second_factor(request),
            )
            return view(request, place, *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


def onward(request: HttpRequest, *, fallback: str) -> str:
    """The local page that a form or link asked to go on to, or the fallback."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_local = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_local else fallback
