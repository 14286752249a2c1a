"""After somebody left, and after the study: numbers to take out of files, and the opened lists."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.errors import MayNot
from research import policies, randomisation
from research.actions import allocation as giving
from research.actions import leavers as actions
from research.selectors import allocation, leavers, sheets
from research.selectors.desks import Desk
from research.selectors.sheets import FLOOR
from research.views.entry import colleagues_only

SCRIPT = Path(randomisation.__file__).parent / "data" / "rederive.py"


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def left(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Who left, in counts; and which numbers are to come out of every file."""
    pid = request.POST.get("pid", "")
    if "sure" in request.POST:
        actions.settle(desk=desk, pid=pid)
        messages.success(request, _("Noted. The number is forgotten here, too."))
        return redirect("research:left", desk.study.public_id)
    if request.method == "POST":
        policies.require("settle_recalls", desk)  # it is asked once
    context = {"desk": desk, "found": leavers.leavers(desk=desk), "asked": pid}
    return render(request, "research/left_by.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def lists(request: HttpRequest, desk: Desk) -> HttpResponse:
    """How versions were given out: the seals from the first day on, and all of it once the study is over."""
    refused = ""
    if request.method == "POST":
        try:
            giving.reveal(desk=desk)
            return redirect("research:lists", desk.study.public_id)
        except MayNot as refusal:
            refused = refusal.reason
    found = [(one, sheets.rough(one.taken)) for one in allocation.lists(study=desk.study)]
    context = {"desk": desk, "lists": found, "floor": FLOOR, "refused": refused}
    return render(request, "research/lists.html", context, status=409 if refused else 200)


@require_safe
@colleagues_only
def lists_file(_request: HttpRequest, desk: Desk) -> HttpResponse:
    """The opened lists, as the check from outside reads them."""
    found = allocation.opened(study=desk.study)
    if not found["lists"]:
        raise Http404
    answer = JsonResponse(found, json_dumps_params={"indent": 1})
    answer["Content-Disposition"] = 'attachment; filename="lists.json"'
    return answer


@require_safe
@colleagues_only
def lists_check(_request: HttpRequest, _desk: Desk) -> HttpResponse:
    """The check itself: a script that needs nothing of Kith."""
    return HttpResponse(
        SCRIPT.read_text(encoding="utf-8"),
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rederive.py"'},
    )
