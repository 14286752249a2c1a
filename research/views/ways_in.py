"""Ways in: a code for somebody new, the studies one works on, and who else does."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import linkage
from community.errors import MayNot, NotHere
from community.selectors import site
from community.views.entry import key_of
from core import ratelimit
from research import policies
from research.actions import codes as actions
from research.enums import StudyRole
from research.forms.codes import CodeForm, ColleagueForm
from research.selectors import desks, studies
from research.selectors.desks import Desk
from research.views.entry import colleagues_only

TRIES, AN_HOUR = 5, 3600


def on_site_page(request: HttpRequest) -> str:
    """A way to let a researcher begin a study, on the page of whoever looks after the site; nothing for others."""
    if not linkage.has_second_factor(request) or not site.is_operator(site_tag=linkage.site_tag(request)):
        return ""
    return render_to_string("research/_site.html", {}, request=request)


def on_home(request: HttpRequest) -> str:
    """The way to one's studies, on the home page of whoever works on one; nothing for others."""
    if not linkage.has_second_factor(request) or not desks.of(key_of=key_of(request)):
        return ""
    return render_to_string("research/_home.html", {}, request=request)


@require_POST
def first_code(request: HttpRequest) -> HttpResponse:
    """A code is shown once: in the answer to the form, which cannot redirect."""
    if not linkage.has_second_factor(request):
        raise Http404
    try:
        code = actions.make_first(site_tag=linkage.site_tag(request))
    except NotHere:
        raise Http404 from None
    return render(request, "research/code_made.html", {"code": code, "days": actions.LASTS.days})


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The studies one works on; for whoever has none, the way to type a code: the same, whether or not one waits."""
    if not linkage.is_signed_in(request):
        raise Http404
    found = desks.of(key_of=key_of(request))
    if not linkage.has_second_factor(request):
        return render(request, "research/second_step.html")
    if not found:
        return redirect("research:code")
    settings = studies.settings_of_all(desk.study for desk in found)
    rows = [(desk, settings[desk.study.pk]) for desk in found]
    return render(request, "research/home.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Type a one-time code."""
    if not linkage.has_second_factor(request):
        raise Http404
    form = CodeForm(request.POST or None)
    if request.method != "POST":
        return render(request, "research/code.html", {"form": form})
    by = ("study codes", linkage.keyed(request, kind="study codes", ref="").hex())
    if wait := ratelimit.hit(*by, limit=TRIES, seconds=AN_HOUR):
        form.add_error("code", _("That was a lot of tries. Wait an hour."))
        answer = render(request, "research/code.html", {"form": form}, status=429)
        answer["Retry-After"] = str(int(wait))
        return answer
    if form.is_valid():
        given = form.cleaned_data
        try:
            study = actions.use(typed=given["code"], label=given["label"], key_of=key_of(request))
        except NotHere:
            form.add_error("code", _("That code does not fit, or it was used. Ask for a new one."))
        except MayNot as refusal:
            form.add_error("label", refusal.reason)
        else:
            messages.success(request, _("You work on this study now."))
            return redirect("research:study", study.public_id)
    return render(request, "research/code.html", {"form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who works on the study; its lead brings people in."""
    form = ColleagueForm(request.POST or None)
    context = {"desk": desk, "may_bring_in": policies.permits("bring_in", desk), "form": form}
    if request.method == "POST" and form.is_valid():
        made = actions.make(desk=desk, role=StudyRole(form.cleaned_data["role"]))
        return render(
            request, "research/code_made.html", context | {"code": made, "days": actions.LASTS.days}
        )
    context |= {"people": studies.people(desk.study), "waiting": studies.codes_waiting(desk)}
    return render(request, "research/people.html", context, status=422 if form.is_bound else 200)


@require_POST
@colleagues_only
def take_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Somebody no longer works on it."""
    label = request.POST.get("label", "")
    try:
        actions.take_out(desk=desk, label=label)
    except MayNot as refusal:
        messages.error(request, refusal.reason)
        return redirect("research:people", desk.study.public_id)
    messages.success(request, _("Done. They see nothing of this study any more."))
    is_own = label == desk.colleague.label
    return redirect("research:home") if is_own else redirect("research:people", desk.study.public_id)
