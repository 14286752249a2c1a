"""A reminder by mail: asked for, confirmed, changed, stopped."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import reminders as actions
from accounts.enums import Cadence
from accounts.forms.reminders import CadenceForm, ReminderForm
from accounts.selectors import reminders
from accounts.views.entry import page, signed_in_only
from core import mail
from core.mailed_codes import MailedCode


@signed_in_only
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def reminder(request: HttpRequest) -> HttpResponse:
    """One page, which asks for what is missing. Each button says what it does."""
    account_id = request.user.pk or 0
    mine = reminders.own(account_id=account_id)
    form: Any = ReminderForm(request.POST if "ask" in request.POST else None)
    if mine is not None:
        form = MailedCode(request.POST if "confirm" in request.POST else None)
    if mine is not None and mine.is_on:
        form = CadenceForm(
            request.POST if "change" in request.POST else None, initial={"cadence": mine.cadence}
        )
    if "stop" in request.POST:
        actions.stop(account_id=account_id)
        messages.success(request, gettext("It is stopped, and your address is forgotten."))
        return redirect("accounts:reminder")
    if form.is_valid() and _done(request, form, account_id):
        return redirect("accounts:reminder")
    context = {"form": form, "mine": mine, "mail_is_set_up": mail.is_set_up()}
    return page(request, "accounts/reminder.html", context)


def _done(request: HttpRequest, form: Any, account_id: int) -> bool:
    given = form.cleaned_data
    if isinstance(form, MailedCode):
        if not actions.confirm(account_id=account_id, code=given["code"]):
            form.add_error(
                "code", gettext("That is not the code, or its time is over. You can ask for a new one.")
            )
            return False
        messages.success(request, gettext("It is on. The first one comes within a week."))
    elif isinstance(form, ReminderForm):
        cadence = Cadence(given["cadence"])
        if not actions.ask(account_id=account_id, address=given["address"], cadence=cadence):
            form.add_error("address", gettext("We could not send a code there just now. Try again tomorrow."))
            return False
    else:
        actions.change(account_id=account_id, cadence=Cadence(given["cadence"]))
        messages.success(request, gettext("Changed, from the next one on."))
    return True


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The link in a mail. It looks the same whatever it leads to, and asks for no sign-in."""
    done = request.method == "POST"
    if done:
        actions.stop_by_link(token=token)
    return render(request, "accounts/reminder_stop.html", {"done": done})
