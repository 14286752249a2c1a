"""The doors to research: a researcher's desk, and a study in a group."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse

from community import linkage
from community.errors import NotHere
from research.selectors import desks, quoting
from research.selectors.desks import Desk

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]


def colleagues_only(view: View[P]) -> Callable[..., HttpResponse]:
    """Hand the view a `Desk` for the study in the URL; everyone else, and whoever signed in without a second factor,
    gets the same 'not found'."""

    @wraps(view)
    def wrapped(request: HttpRequest, sid: str, *args: Any, **kwargs: Any) -> HttpResponse:
        if not linkage.has_second_factor(request):
            raise Http404
        try:
            desk = desks.find(sid=sid, key=linkage.keyed(request, kind=desks.KIND, ref=sid))
            return view(request, desk, *args, **kwargs)
        except NotHere:
            raise Http404 from None

    return wrapped


def to_look_at(request: HttpRequest, desk: Desk, text: str, *, names: bool = True) -> list[str]:
    """What whoever notes these words should look at once more. Nothing where they did, and want to leave them."""
    return [] if "as_it_is" in request.POST else quoting.to_look_at(study=desk.study, text=text, names=names)
