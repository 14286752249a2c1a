"""The one door into a group's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from community import linkage
from community.errors import NotHere
from community.selectors import here as places
from community.selectors.here import Here
from core.registries.subjects import KeyOf

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Here, P], HttpResponse]


def key_of(request: HttpRequest) -> KeyOf:
    """Makes the keys of one's own rows that name no member. Lives as long as the request."""
    return lambda kind, ref: linkage.keyed(request, kind=kind, ref=ref)


def keys_of(request: HttpRequest) -> Callable[[str, Iterable[str]], list[bytes]]:
    """The same for many objects at once."""
    return lambda kind, refs: linkage.keyed_all(request, kind=kind, refs=refs)


def public_id(request: HttpRequest, *, name: str) -> str:
    """A public id from the address, or empty where there is none that anything could have."""
    given = request.GET.get(name, "")
    return given if given.isascii() and given.isalnum() else ""


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To sign in; somebody whom a limit keeps from the whole site goes to what stays open to them."""
    return redirect("moderation:limits") if linkage.is_kept_out(request) else redirect_to_login(request.path)


def place_of(request: HttpRequest, *, gid: str) -> Here:
    """Who looks, in the group of the URL. Raises NotHere for outsiders, the barred, and groups that are not."""
    tag = linkage.owner_tag(request, group=gid)
    return places.find(owner_tag=tag, strong=linkage.has_second_factor(request))


def members_only(view: View[P]) -> Callable[..., HttpResponse]:
    """Hand the view a `Here` for the group in the URL; everyone else gets the same 'not found'."""

    @wraps(view)
    def wrapped(request: HttpRequest, gid: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, place_of(request, gid=gid), *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


def team_only(view: View[P]) -> Callable[..., HttpResponse]:
    """Like `members_only`, for moderators and leads who signed in with a second factor."""

    @members_only
    @wraps(view)
    def wrapped(request: HttpRequest, here: Here, *args: Any, **kwargs: Any) -> HttpResponse:
        if not here.is_team:
            raise Http404
        return view(request, here, *args, **kwargs)

    return wrapped
