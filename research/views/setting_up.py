"""Setting a study up: six pages in any order, the page that says what is missing, and the noted approval."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import MayNot
from research import policies, protocols
from research.actions import studies as actions
from research.enums import StudyState
from research.forms.approving import ApproveForm
from research.forms.setting_up import LawForm, Page, WhyForm
from research.forms.setting_up_more import AskedForm, HarmForm, VersionsForm, WhereForm
from research.presenters import pack
from research.selectors import gaps, studies
from research.selectors.desks import Desk
from research.views.entry import colleagues_only

FORMS: dict[str, type[Page]] = {
    "why": WhyForm, "law": LawForm, "where": WhereForm, "asked": AskedForm, "versions": VersionsForm,
    "harm": HarmForm,
}  # fmt: skip
TITLES = {
    "why": gettext_lazy("What and why"),
    "law": gettext_lazy("Ethics and law"),
    "where": gettext_lazy("Who and where"),
    "asked": gettext_lazy("What is asked and kept"),
    "versions": gettext_lazy("Versions of the settings"),
    "harm": gettext_lazy("Harm first"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def set_up(request: HttpRequest, desk: Desk, page: str) -> HttpResponse:
    """One of the six pages. It is kept as far as it goes; what is missing is said on the check page."""
    if page not in FORMS:
        raise Http404
    policies.require("set_up", desk)
    settings = protocols.whole(desk.study.draft)
    form = FORMS[page](request.POST if request.method == "POST" else None, desk=desk, settings=settings)
    if form.is_valid():
        try:
            actions.save(desk=desk, given=form.given())
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(_onward(request, desk, page))
    found = protocols.missing(settings)
    context: dict[str, Any] = {
        "desk": desk, "form": form, "page": page, "title": TITLES[page], "steps": list(TITLES.items()),
        "step": protocols.PAGES.index(page) + 1,
        "gaps": [(gap, gaps.words(gap)) for gap in found if gap.page == page] if not form.errors else [],
        "is_fixed": desk.study.state != StudyState.DRAFT,
        "sets": pack.on_offer() if page == "asked" else [],
    }  # fmt: skip
    return render(request, form.page, context, status=422 if form.errors else 200)


def _onward(request: HttpRequest, desk: Desk, page: str) -> str:
    if "next" not in request.POST:
        return request.path
    at = protocols.PAGES.index(page) + 1
    if at == len(protocols.PAGES):
        return str(redirect("research:check", desk.study.public_id).url)
    return str(redirect("research:set_up", desk.study.public_id, protocols.PAGES[at]).url)


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is missing, page by page; and, once nothing is, the step that fixes it as a version."""
    policies.require("set_up", desk)
    settings = protocols.whole(desk.study.draft)
    before = studies.current(desk.study)
    form = ApproveForm(request.POST if request.method == "POST" else None, is_first=before is None)
    if form.is_valid():
        try:
            made = actions.approve(
                desk=desk, note=form.cleaned_data["note"], says_material=form.cleaned_data["material"]
            )
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Done. Version %(n)s holds from now on.") % {"n": made.version})
            return redirect("research:study", desk.study.public_id)
    found = protocols.missing(settings)
    context: dict[str, Any] = {
        "desk": desk, "form": form, "before": before,
        "pages": [
            (page, title, [(gap, gaps.words(gap)) for gap in found if gap.page == page])
            for page, title in TITLES.items()
        ],
        "is_whole": not found,
        "changed": bool(before and protocols.changed(before=before.settings, after=settings)),
        "is_material": bool(before and protocols.is_material(before=before.settings, after=settings)),
    }  # fmt: skip
    return render(request, "research/check.html", context, status=422 if form.errors else 200)


@require_safe
@colleagues_only
def versions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every version that was approved, with what changed and its digest."""
    context = {"desk": desk, "versions": studies.versions(desk.study)}
    return render(request, "research/versions.html", context)
