"""Setting a study up: six pages in any order, the page that says what is missing, and the noted approval."""

from __future__ import annotations

from collections.abc import Mapping
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
from research.errors import SavedSince
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
    fixed = studies.current(desk.study)
    settings = protocols.standing(desk.study.draft, fixed.settings if fixed else None)
    form = _form(page, request.POST if request.method == "POST" else None, desk, settings)
    seen = request.POST.get("seen", protocols.mark(settings, page) if request.method != "POST" else "")
    was = request.POST.get("was", "") if request.method == "POST" else form.marks()
    now: list[tuple[str, Any, str]] = []
    if form.is_valid():
        try:
            given = {
                key: said for key, said in form.given().items() if not fixed or key not in protocols.FIXED
            }
            actions.save(desk=desk, given=given, page=page, seen=seen)
        except SavedSince as refusal:
            form, now, was = _beside(request, desk, page, refusal)
            seen = protocols.mark(refusal.settings, page)
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect(_onward(request, desk, page))
    found = protocols.missing(settings)
    context: dict[str, Any] = {
        "desk": desk, "form": form, "page": page, "seen": seen, "was": was, "now": now, "title": TITLES[page],
        "steps": list(TITLES.items()), "step": protocols.PAGES.index(page) + 1,
        "gaps": [(gap, gaps.words(gap)) for gap in found if gap.page == page] if not form.errors else [],
        "is_fixed": desk.study.state != StudyState.DRAFT,
        "sets": pack.on_offer() if page == "asked" else [],
    }  # fmt: skip
    return render(request, form.page, context, status=422 if form.errors else 200)


def _form(page: str, data: Any, desk: Desk, settings: Mapping[str, Any]) -> Page:
    form = FORMS[page](data, desk=desk, settings=settings)
    form.lock()
    return form


def _beside(
    request: HttpRequest, desk: Desk, page: str, refusal: SavedSince
) -> tuple[Page, list[tuple[str, Any, str]], str]:
    """What was typed, on top of what stands now; where the two differ; and the marks of what stands now. The next press
    knows of it."""
    here = _form(page, None, desk, refusal.settings)
    sent = _form(page, request.POST, desk, refusal.settings)
    typed = _form(page, here.under(sent, was=request.POST.get("was", "")), desk, refusal.settings)
    typed.add_error(None, refusal.reason)
    return typed, here.other_than(typed), here.marks()


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
    """What is missing, page by page; and, once nothing is, the step that fixes it as a version: the first press only
    shows what becomes fixed."""
    policies.require("set_up", desk)
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if "back" not in request.POST and form.is_valid():
        try:
            return _fix(request, desk, form) if "sure" in request.POST else _look(request, desk, form)
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
    return _check(request, desk, form)


def _fix(request: HttpRequest, desk: Desk, form: ApproveForm) -> HttpResponse:
    said = form.cleaned_data
    made = actions.approve(
        desk=desk,
        note=said["note"],
        says_material=said["material"],
        seen=request.POST.get("seen") or "nothing",
    )
    messages.success(request, _("Done. Version %(n)s holds from now on.") % {"n": made.version})
    return redirect("research:study", desk.study.public_id)


def _look(request: HttpRequest, desk: Desk, form: ApproveForm) -> HttpResponse:
    """What becomes fixed, before it is. Raises MayNot where it cannot be."""
    actions.require_fixable(study=desk.study, note=form.cleaned_data["note"])
    settings, before = protocols.whole(desk.study.draft), studies.current(desk.study)
    is_material = before is not None and protocols.is_material(before=before.settings, after=settings)
    papers = pack.pack(study=desk.study, protocol=None, for_team=True)
    context: dict[str, Any] = {
        "desk": desk, "form": form, "pack": papers,
        "before": before, "number": desk.study.protocol_version + 1,
        "is_material": is_material or (before is not None and form.cleaned_data["material"]),
    }  # fmt: skip
    return render(request, "research/fix.html", context)


def _check(request: HttpRequest, desk: Desk, form: ApproveForm) -> HttpResponse:
    settings, before = protocols.whole(desk.study.draft), studies.current(desk.study)
    found = protocols.missing(settings, is_first=before is None)
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
