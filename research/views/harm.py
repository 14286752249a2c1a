"""The safety log of a study: for those of its team who meet people, and never for an analyst."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.errors import MayNot
from research import policies
from research.actions import harm as actions
from research.enums import Related, Severity
from research.forms.harm import AnewForm, HandledForm, NoteForm
from research.selectors import harm, studies
from research.selectors.desks import Desk
from research.views.entry import colleagues_only, to_look_at


@require_http_methods(["GET", "HEAD", "POST"])
@colleagues_only
def log(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was noted, and the rules it counts for; noting something."""
    policies.require("log_harm", desk)
    form = NoteForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        if advice := to_look_at(request, desk, given["told"]):
            return _page(request, desk, form, HandledForm(), advice=advice)
        try:
            was_paused = actions.note(
                desk=desk, happened_on=given["happened_on"], severity=Severity(given["severity"]),
                related=Related(given["related"]), words=given["told"],
            )  # fmt: skip
        except MayNot as refusal:
            form.add_error(None, refusal.reason)
            return _page(request, desk, form, HandledForm())
        if was_paused:
            messages.warning(request, _("Noted. One of the study's own rules is met: it is paused now."))
        else:
            messages.success(request, _("Noted."))
        return redirect("research:harm", desk.study.public_id)
    return _page(request, desk, form, HandledForm())


@require_POST
@colleagues_only
def handled(request: HttpRequest, desk: Desk, eid: str) -> HttpResponse:
    """Say what was done about one entry, or say anew what happened."""
    policies.require("log_harm", desk)
    box = "what" if "what" in request.POST else "done"  # which of the two of an entry was sent
    form = (AnewForm if box == "what" else HandledForm)(request.POST, auto_id=f"%s-{eid}")
    if form.is_valid():
        given = form.cleaned_data[box]
        if advice := to_look_at(request, desk, given):
            return _page(request, desk, NoteForm(), form, eid=eid, box=box, advice=advice)
        try:
            if box == "what":
                actions.reword(desk=desk, eid=eid, words=given)
            else:
                actions.handle(desk=desk, eid=eid, done=given)
        except MayNot as refusal:
            form.add_error(box, refusal.reason)
        else:
            messages.success(request, _("Noted."))
            return redirect("research:harm", desk.study.public_id)
    return _page(request, desk, NoteForm(), form, eid=eid, box=box)


def _page(
    request: HttpRequest, desk: Desk, form: NoteForm, sent: AnewForm | HandledForm, *, eid: str = "",
    box: str = "", advice: Sequence[str] = (),
) -> HttpResponse:  # fmt: skip
    """`sent`, `eid`, `box`: the form of an entry, its id, and which of its boxes was sent."""
    boxes = {"what": AnewForm(), "done": HandledForm()} | ({box: sent} if box else {})
    context = {
        "desk": desk, "form": sent if sent.errors else form, "noting": form, **boxes, "eid": eid, "box": box,
        "advice": advice,
        "log": harm.log(desk=desk), "reasons": harm.reasons(desk=desk),
        "rules": harm.stop_rules(desk.study, settings=studies.settings_of(desk.study)),
        "harm": studies.settings_of(desk.study)["harm"],
    }  # fmt: skip
    status = 422 if form.errors or sent.errors else 409 if advice else 200
    return render(request, "research/harm.html", context, status=status)
