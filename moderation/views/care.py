"""How this group is looked after: the team reads it, leads change it."""

from __future__ import annotations

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import NotHere
from community.selectors.here import Here
from community.views.entry import team_only
from moderation.actions import care as actions
from moderation.enums import Checking, OffHours, Slow
from moderation.forms.care import CheckingForm, FoldsForm, OffHoursForm, OutsideForm, SlowForm
from moderation.selectors import care as selectors


@require_http_methods(["GET", "HEAD", "POST"])
@team_only
def care(request: HttpRequest, here: Here) -> HttpResponse:
    """Each part has a form of its own, named by its button."""
    forms = _forms(request, here)
    asked = next((name for name in forms if name in request.POST), "")
    if request.method == "POST" and asked and forms[asked].is_valid():
        try:
            _change(here, asked, forms[asked])
        except NotHere:  # a moderator reads what a lead decides
            return _page(request, here, forms, status=403)
        messages.success(request, _("Done. It holds from now on, and it is on the record."))
        return redirect("moderation:care", gid=here.group.public_id)
    return _page(request, here, forms, status=200 if request.method != "POST" else 422)


def front_line(request: HttpRequest) -> str:
    """What everyone may know before they come in: a line on the group's front page."""
    match = request.resolver_match
    checking, off_hours = selectors.rules_of(gid=str(match.kwargs.get("gid", ""))) if match else ("", "")
    said = [
        {
            Checking.FIRST: _("Messages from newcomers are checked first."),
            Checking.ALL: _("Every message is checked before it appears."),
        }.get(Checking(checking or Checking.OFF)),
        {
            OffHours.SLOW: _(
                "While nobody from the team is on duty, newcomers send one message every 30 minutes."
            ),
            OffHours.WAIT: _("While nobody from the team is on duty, messages from newcomers wait."),
        }.get(OffHours(off_hours or OffHours.SAME)),
    ]
    words = " ".join(filter(None, said))
    return format_html("<dt>{}</dt><dd>{}</dd>", _("Before a message appears"), words) if words else ""


def _forms(request: HttpRequest, here: Here) -> dict[str, Form]:
    now = selectors.of(group=here.group)
    minutes = selectors.minutes_of(now)
    kinds: dict[str, tuple[type[Form], dict[str, object]]] = {
        "check": (CheckingForm, {"checking": now.checking, "first_messages": now.first_messages}),
        "off": (OffHoursForm, {"off_hours": now.off_hours}),
        "folds": (FoldsForm, {"by_leaders": now.leaders_fold, "about_me": now.about_me_folds}),
        "slow": (SlowForm, {"minutes": minutes, "hours": Slow.DAY}),
        "outside": (OutsideForm, {"outside_person": now.outside_person}),
    }
    return {
        name: kind(request.POST if name in request.POST else None, initial=initial)
        for name, (kind, initial) in kinds.items()
    }


def _change(here: Here, asked: str, form: Form) -> None:
    given = form.cleaned_data
    if asked == "check":
        checking = Checking(given["checking"])
        actions.check_first(here=here, checking=checking, first_messages=given["first_messages"])
    elif asked == "off":
        actions.off_hours(here=here, off_hours=OffHours(given["off_hours"]))
    elif asked == "folds":
        actions.folds(here=here, **given)
    elif asked == "slow":
        actions.slow_group(here=here, minutes=given["minutes"], hours=given["hours"])
    else:
        actions.name_outside_person(here=here, name=given["outside_person"])


def _page(request: HttpRequest, here: Here, forms: dict[str, Form], *, status: int) -> HttpResponse:
    now = selectors.of(group=here.group)
    context = {
        "here": here,
        "group": here.group,
        "care": now,
        "minutes": selectors.minutes_of(now),
        "forms": forms,
        "form": next((form for form in forms.values() if form.is_bound), None),
    }
    return render(request, "moderation/care.html", context, status=status)
