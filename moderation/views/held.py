"""What is checked before it appears, for the team."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.selectors.here import Here
from community.views.entry import team_only
from moderation.actions import held as actions
from moderation.errors import Conflict
from moderation.forms.care import BackForm
from moderation.policies import judge_of
from moderation.presenters.held import without_names
from moderation.selectors import held as selectors


@require_safe
@team_only
def held(request: HttpRequest, here: Here) -> HttpResponse:
    """All that waits for a look."""
    return _page(request, here)


@require_POST
@team_only
def held_settle(request: HttpRequest, here: Here, hid: str) -> HttpResponse:
    """Let one appear, or send it back."""
    judge, form = judge_of(here), BackForm(request.POST)
    try:
        if "appear" in request.POST:
            actions.let_appear(judge=judge, public_id=hid)
            messages.success(request, _("Done. It appears in a moment."))
        elif not form.is_valid():
            return _page(request, here, form=form, hid=hid, status=422)
        else:
            actions.send_back(judge=judge, public_id=hid, words=form.cleaned_data["answer"])
            messages.success(request, _("Done. The writer has it back, with your words."))
    except Conflict as refusal:
        messages.warning(request, refusal.reason)
    return redirect("moderation:held", gid=here.group.public_id)


def _page(
    request: HttpRequest, here: Here, *, form: BackForm | None = None, hid: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "here": here,
        "group": here.group,
        "waiting": [without_names(here.group, one) for one in selectors.waiting(judge=judge_of(here))],
        "form": form or BackForm(),
        "back": hid,
    }
    return render(request, "moderation/held.html", context, status=status)
