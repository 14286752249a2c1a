"""Files of a study: asking, reading, having them checked, letting them go, and fetching them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.errors import MayNot
from research import policies
from research.actions import exports as actions
from research.actions import making
from research.actions.exports import Asked, Marked
from research.enums import Wanted
from research.files import pipeline
from research.forms.exports import AskForm
from research.presenters import exports as presenter
from research.selectors import exports as selectors
from research.selectors import studies
from research.selectors.desks import Desk
from research.selectors.exports import File
from research.views.entry import colleagues_only


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def files(request: HttpRequest, desk: Desk) -> HttpResponse:
    """All files; asking for one."""
    settings = studies.settings_of(desk.study)
    asks, posted = policies.permits("ask_files", desk), request.POST if request.method == "POST" else None
    if posted is not None and not asks:
        raise Http404
    form = AskForm(
        posted, items=set(settings["items"]), rounds=len(settings["waves"]), outside=settings["outside"]
    )
    if form.is_valid():
        try:
            made = actions.ask(desk=desk, asked=Asked(**form.cleaned_data))
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("research:file", desk.study.public_id, made.public_id)
    rows = [(one, presenter.contents(one), presenter.state(one)) for one in selectors.of_study(desk=desk)]
    context = {"desk": desk, "rows": rows, "form": form, "asks": asks, "settings": settings}
    return render(request, "research/files.html", context, status=422 if form.errors else 200)


@require_safe
@colleagues_only
def file(request: HttpRequest, desk: Desk, fid: str) -> HttpResponse:
    """One file: how it stands, what the check found, and what can be done."""
    return _file(request, desk, fid)


def _file(request: HttpRequest, desk: Desk, fid: str, *, refused: str = "") -> HttpResponse:
    found = selectors.find(desk=desk, fid=fid)
    context: dict[str, Any] = {
        "desk": desk, "one": found, "refused": refused, "state": presenter.state(found),
        "to_read": pipeline.left_to_read(found.export) if found.may["mark"] else 0,
        "contents": presenter.contents(found),
        "settings": studies.settings_of(desk.study), "stages": presenter.stages(found.export),
        "report": presenter.report(found.export),
        "findings": presenter.findings(found.export),
    }  # fmt: skip
    return render(request, "research/file.html", context, status=409 if refused else 200)


def _yes(*, desk: Desk, fid: str) -> str:
    making.want(desk=desk, fid=fid, what=Wanted.DECIDE)
    return _("It is made once more, and let go if it is the same. Look again in a moment.")


def _no(*, desk: Desk, fid: str) -> str:
    actions.decide(desk=desk, fid=fid, is_yes=False)
    return _("Turned down.")


def _check(*, desk: Desk, fid: str) -> str:
    making.want(desk=desk, fid=fid, what=Wanted.CHECK)
    return _("It is made and checked. Look again in a moment.")


def _take_back(*, desk: Desk, fid: str) -> str:
    actions.take_back(desk=desk, fid=fid)
    return _("Taken back. Nobody can fetch it.")


def _forget(*, desk: Desk, fid: str) -> str:
    actions.forget(desk=desk, fid=fid)
    return _("Noted.")


STEPS: dict[str, Callable[..., str]] = {
    "check": _check, "yes": _yes, "no": _no, "take_back": _take_back, "forget": _forget,
}  # fmt: skip


@require_POST
@colleagues_only
def step(request: HttpRequest, desk: Desk, fid: str) -> HttpResponse:
    """One step of a file, named by its button."""
    asked = next((name for name in (*STEPS, "again") if name in request.POST), "")
    if not asked:
        raise Http404
    try:
        if asked == "again":
            fid = actions.again(desk=desk, fid=fid).public_id
            return redirect("research:file", desk.study.public_id, fid)
        if asked == "yes" and "looked" not in request.POST:
            actions.require(desk, fid, "decide")
            raise MayNot(_("Look at what it can tell and what is in it first. Then tick that you did."))
        messages.success(request, STEPS[asked](desk=desk, fid=fid))
    except MayNot as refusal:
        return _file(request, desk, fid, refused=refusal.reason)
    return redirect("research:file", desk.study.public_id, fid)


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def read(request: HttpRequest, desk: Desk, fid: str) -> HttpResponse:
    """The messages in a file, page by page: whoever asked reads each one, and may take more out."""
    found = selectors.find(desk=desk, fid=fid)
    if not found.may["read"]:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            return _mark(request, desk, found)
        except MayNot as refusal:
            refused = refusal.reason
    rows = pipeline.to_read(found.export)
    said = pipeline.reading_of(found.export)
    page = Paginator(rows, presenter.A_PAGE).get_page(request.GET.get("page"))
    shown = presenter.to_read(rows, said, page=page.number)
    typed = {one.mid: request.POST.get(f"more-{one.mid}", "") for one in shown} if refused else {}
    context = {"desk": desk, "one": found, "page": page, "shown": [(one, typed.get(one.mid, "")) for one in shown],
               "refused": refused}  # fmt: skip
    return render(request, "research/file_read.html", context, status=422 if refused else 200)


def _mark(request: HttpRequest, desk: Desk, found: File) -> HttpResponse:
    if "all_read" not in request.POST:
        raise MayNot(_("Tick that you read them all."))
    mids = request.POST.getlist("mid")
    out, afresh = set(request.POST.getlist("out")), set(request.POST.getlist("afresh"))
    marked = {
        mid: Marked(
            seen=request.POST.get(f"seen-{mid}", ""), more=request.POST.get(f"more-{mid}", ""), is_out=mid in out,
            afresh=mid in afresh,
        )
        for mid in mids
    }  # fmt: skip
    fid = found.export.public_id
    actions.mark(desk=desk, fid=fid, marked=marked)
    number = request.POST.get("next", "")
    if number.isdigit():
        answer = redirect("research:file_read", desk.study.public_id, fid)
        answer["Location"] += f"?page={number}"
        return answer
    return redirect("research:file", desk.study.public_id, fid)


@require_POST
@colleagues_only
def fetch(request: HttpRequest, desk: Desk, fid: str) -> HttpResponse:
    """The file itself, if it was made and nothing has changed since; else it is made. A press: no prefetch takes it."""
    try:
        data = making.take(desk=desk, fid=fid)
        if data is None:
            making.want(desk=desk, fid=fid, what=Wanted.FETCH)
    except MayNot as refusal:
        return _file(request, desk, fid, refused=refusal.reason)
    if data is None:
        return redirect("research:file", desk.study.public_id, fid)
    name = presenter.name_of(selectors.find(desk=desk, fid=fid).export)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/zip", headers=headers)
