"""Folding something while nobody of the team is here."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.errors import MayNot
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from core.registries.subjects import subjects
from moderation.actions import folds as folding
from moderation.actions.reports import Told
from moderation.forms.folds import FoldForm
from moderation.selectors import folds


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def fold(request: HttpRequest, here: Here, kind: str, thing: str) -> HttpResponse:
    """What happens, and a button that does it. Who did it already comes to where it stands."""
    keys, what = key_of(request), {"kind": kind, "subject_id": thing}
    if folds.is_own(group=here.group, key_of=keys, **what):
        return redirect(subjects()[kind].talk_page(public_id=thing))
    subject = folds.subject_for(here=here, key_of=keys, **what)
    form = FoldForm(
        request.POST if request.method == "POST" else None,
        may_about_me=folds.may_about_me(here),
        may_for_others=folds.may_for_others(here),
    )
    why_not = folds.in_the_way(group=here.group, key_of=keys)
    if form.is_bound and form.is_valid() and not why_not:
        told = Told(**what, reason=form.reason)
        try:
            folding.fold(here=here, told=told, key_of=keys, is_about_me=form.is_about_me)
        except MayNot as refusal:
            why_not = refusal.reason
        else:
            messages.success(
                request, _("It is folded. The team looks at it first. Nobody can tell who did it.")
            )
            return redirect(subject.talk_page(public_id=thing))
    context = {
        "here": here,
        "group": here.group,
        "group_tone": str(here.group.tone),
        "others": form.others,
        "has_about_me": form.has_about_me,
        "why_not": why_not,
        "kind": kind,
        "thing": thing,
        "back_url": subject.page(public_id=thing),
    }
    refused = 403 if why_not else 422
    return render(request, "moderation/fold.html", context, status=refused if form.is_bound else 200)
