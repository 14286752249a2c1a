"""The pages of whoever runs the site. To everybody who may not see them they are not there."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import linkage
from community.actions import services as service_actions
from community.actions import site as actions
from community.errors import NotHere
from community.forms.site import CodeForm, FileForm
from community.selectors import services as service_selectors
from community.selectors import site as selectors
from community.service_files import Refused
from community.views.entry import public_id
from core import ratelimit
from core.registries import slots

View = Callable[[HttpRequest], HttpResponse]


def _operators_only(view: View) -> View:
    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        if not linkage.has_second_factor(request):
            raise Http404
        try:
            actions.require_role(site_tag=linkage.site_tag(request))
        except NotHere:
            raise Http404 from None
        return view(request)

    return wrapped


@require_safe
def operator(request: HttpRequest) -> HttpResponse:
    """The site page; while a one-time code waits, for somebody without the role the way to it."""
    if not linkage.is_signed_in(request):
        raise Http404
    if not linkage.has_second_factor(request):
        if not selectors.is_operator(site_tag=linkage.site_tag(request)):
            _require_code()
        return render(request, "community/operator_second_step.html")
    try:
        return _site_page(request, FileForm())
    except NotHere:
        _require_code()
        return redirect("community:operator_claim")


def _require_code() -> None:
    if not selectors.is_code_waiting():
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Type the one-time code that `manage.py operator_code` printed."""
    if not linkage.has_second_factor(request):
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "community/operator_code.html", {"form": form})
    tag = linkage.site_tag(request)
    if wait := ratelimit.hit("operator code", tag.hex(), limit=5, seconds=3600):
        form.add_error("code", _("That was a lot of tries. Wait an hour."))
        answer = render(request, "community/operator_code.html", {"form": form}, status=429)
        answer["Retry-After"] = str(int(wait))
        return answer
    if form.is_valid() and actions.claim(site_tag=tag, typed=form.cleaned_data["code"]):
        messages.success(request, _("You look after this site now."))
        return redirect("community:operator")
    if form.is_valid():
        form.add_error("code", _("That code does not fit, or it was used. Make a new one."))
    return render(request, "community/operator_code.html", {"form": form}, status=422)


@_operators_only
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take in a file of services or regions, whole or not at all."""
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            done = service_actions.import_csv(source=form.source())
        except Refused as refusal:
            form.show_problems(list(refusal.problems))
        else:
            messages.success(request, _("Taken in: %(rows)s lines.") % {"rows": done.rows})
            return redirect("community:operator")
    return _site_page(request, form)


@_operators_only
@require_safe
def download(request: HttpRequest) -> HttpResponse:
    """All services as a file."""
    return HttpResponse(
        service_selectors.services_file(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="services.csv"'},
    )


def _site_page(request: HttpRequest, form: FileForm) -> HttpResponse:
    site = selectors.site(
        site_tag=linkage.site_tag(request),
        after=public_id(request, name="after"),
        before=public_id(request, name="before"),
    )
    status = 422 if form.errors else 200
    context = {"site": site, "form": form, "more": slots.contents("site page", request)}
    return render(request, "community/operator.html", context, status=status)
