"""The group promise: read, compared, accepted, changed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import policies
from community.actions import charters as actions
from community.errors import MayNot
from community.forms.charters import PromiseForm, RuleForm, promise_form, rules_formset, rules_from
from community.selectors import charters
from community.selectors.here import Here
from community.views.doors import onward
from community.views.entry import members_only


@require_safe
@members_only
def promise(request: HttpRequest, here: Here) -> HttpResponse:
    """The promise in force or an earlier one, with what changed since the one that was accepted, or a given one."""
    reading = charters.reading(
        here=here, version=_number(request.GET.get("version")), since=_number(request.GET.get("since"))
    )
    group_page = reverse("chat:group", args=[here.group.public_id])
    context = {
        "here": here,
        "group": here.group,
        "reading": reading,
        "next": onward(request, fallback=group_page),
    }
    context["may_change"] = policies.permits("publish_charter", here)
    return render(request, "community/promise.html", context)


@require_POST
@members_only
def accept_promise(request: HttpRequest, here: Here) -> HttpResponse:
    """Accept the version that was on screen."""
    page = reverse("community:promise", args=[here.group.public_id])
    version = _number(request.POST.get("version")) or 0
    if not actions.accept_charter(here=here, version=version):
        messages.warning(request, _("The promise has changed once more. Please look at it again."))
        return redirect(page)
    return redirect(onward(request, fallback=reverse("chat:group", args=[here.group.public_id])))


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def promise_change(request: HttpRequest, here: Here) -> HttpResponse:
    """Write a new version. The one before stays to be read."""
    if not policies.permits("publish_charter", here):
        raise Http404
    if request.method != "POST":
        charter = charters.current(group=here.group)
        return _change(request, here, promise_form(charter=charter), rules_formset(charter=charter))
    form, rules = promise_form(request.POST), rules_formset(request.POST)
    if not (form.is_valid() and rules.is_valid()):
        return _change(request, here, form, rules, status=422)
    text = form.charter_text(rules_from(rules))
    try:
        actions.publish_charter(here=here, text=text, base_version=form.cleaned_data["base_version"])
    except MayNot as refusal:
        form.add_error(None, refusal.reason)
        return _change(request, here, form, rules, status=409)
    messages.success(request, _("The new promise is up. Members are asked about it before they next write."))
    return redirect("community:promise", gid=here.group.public_id)


def _change(
    request: HttpRequest, here: Here, form: PromiseForm, rules: BaseFormSet[RuleForm], *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"here": here, "group": here.group, "form": form, "rules": rules}
    return render(request, "community/promise_change.html", context, status=status)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None
