"""What is yours: a copy of it, leaving and deleting it, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community import linkage
from community.actions import deleting, erasing
from community.closing import LEAVING, keys_of
from community.errors import NotHere
from community.presenters import copies
from community.selectors import here as places
from community.selectors import limits
from community.selectors import yours as reading
from community.selectors.yours import Own
from community.views.entry import to_sign_in
from core import clock, ratelimit

COPIES_AN_HOUR = 10


def own_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hand the view one's own place in the group of the URL, whatever limits there are; for everyone else there is
    nothing here."""

    @wraps(view)
    @linkage.despite_limits()
    def wrapped(request: HttpRequest, gid: str) -> HttpResponseBase:
        try:
            return view(request, reading.place(owner_tag=linkage.owner_tag(request, group=gid)))
        except NotHere:
            raise Http404 from None

    return wrapped


@require_GET
@linkage.despite_limits()
def yours(request: HttpRequest) -> HttpResponse:
    """My groups, also those I may not read, and what I left and can come back to."""
    if not linkage.is_signed_in(request):
        return to_sign_in(request)
    return _page(request)


def _page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    gids = places.all_group_ids()
    left = deleting.left(groups=gids, key_of=keys_of(request, kind=LEAVING))
    by_id = reading.groups_by_id(gids=[one.gid for one in left])
    tags = linkage.owner_tags(request, groups=gids)
    context = {
        "groups": reading.groups_of(owner_tags=tags),
        "kept_out": {one.group.pk for one in limits.kept_out(owner_tags=tags)},
        "left": [(by_id[one.gid], one) for one in left if one.gid in by_id],
    }
    return render(request, "community/yours.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def copy(request: HttpRequest, own: Own) -> HttpResponseBase:
    """What a copy holds; then the copy, as a file. The passphrase comes first: a copy is everything at once."""
    if not linkage.proved_lately(request):
        again = urlencode({REDIRECT_FIELD_NAME: request.path})
        return redirect(f"{reverse('accounts:again')}?{again}")
    group, kind = own.group, request.POST.get("as")
    if request.method != "POST" or kind not in copies.KINDS:
        return render(request, "community/copy.html", {"group": group})
    if wait := ratelimit.hit("copy", own.tag.hex(), limit=COPIES_AN_HOUR, seconds=3600):
        late = render(request, "community/copy.html", {"group": group, "too_soon": True}, status=429)
        late["Retry-After"] = str(int(wait + 1))
        return late
    write, media = copies.KINDS[kind]
    pieces = write(group=group, owner=linkage.owner(request, group=group.public_id))
    ending = "html" if kind == "page" else "json"
    return StreamingHttpResponse(
        pieces,
        content_type=media,
        headers={"Content-Disposition": f'attachment; filename="copy-{clock.today()}.{ending}"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_only
def leave_and_delete(request: HttpRequest, own: Own) -> HttpResponse:
    """What would go, and when; then it is left, and the answer is the receipt."""
    group = own.group
    owner = linkage.owner(request, group=group.public_id)
    if request.method != "POST":
        traces = erasing.gather(owner)
        context = {
            "group": group,
            "counts": traces.counts.items(),
            "later": deleting.receipt(at_once=False),
            "leaves_no_lead": own.leaves_no_lead,
        }
        return render(request, "community/leave_and_delete.html", context)
    receipt = deleting.leave_and_delete(
        owner=owner,
        key_of=keys_of(request, kind=LEAVING),
        at_once=request.POST.get("when") == "now",
    )
    return render(request, "community/left.html", {"group": group, "receipt": receipt})


@require_POST
@linkage.despite_limits()
def make_it_now(request: HttpRequest, gid: str) -> HttpResponse:
    """Delete at once what was to go after the undo time."""
    key_of = keys_of(request, kind=LEAVING)
    for found in deleting.left(groups=[gid], key_of=key_of):
        try:
            given = deleting.make_it_now(found=found, key_of=key_of)
        except NotHere:
            break
        day = date_format(given.gone_by, "j F")
        messages.success(
            request,
            _(
                "What you wrote under your names there goes within a minute. "
                "The rest, such as one-thread names, goes one by one until %(day)s."
            )
            % {"day": day},
        )
        return redirect("community:yours")
    raise Http404


@require_POST
@linkage.despite_limits()
def come_back(request: HttpRequest, gid: str) -> HttpResponse:
    """Undo leaving, while there is time."""
    key_of = keys_of(request, kind=LEAVING)
    for found in deleting.left(groups=[gid], key_of=key_of):
        try:
            deleting.undo(found=found, owner_tag=linkage.owner_tag(request, group=gid), key_of=key_of)
        except deleting.JoinedAgain:
            return _page(request, status=409)  # it says so at the group
        except NotHere:
            break
        messages.success(
            request,
            _(
                "Undone. You are back, and what you wrote is still there. Details you showed are private again. "
                "If you had a role in the team, it is gone."
            ),
        )
        return redirect("community:yours")
    raise Http404
