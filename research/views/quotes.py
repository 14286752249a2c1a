"""Quotes: asking beside a message, what was answered at the desk, and answering on one's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community import linkage
from community.errors import MayNot, NotHere
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from research.actions import quotes as actions
from research.enums import QuoteAnswer
from research.forms.quotes import AskForm
from research.selectors import passages, presence
from research.selectors import quotes as selectors
from research.selectors.desks import Desk
from research.views.consent import despite
from research.views.entry import colleagues_only


@require_safe
@colleagues_only
def quotes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was asked, and what was answered."""
    return render(request, "research/quotes.html", {"desk": desk, "quotes": selectors.of_study(desk=desk)})


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def ask(request: HttpRequest, here: Here, pid: str) -> HttpResponse:
    """Ask a message's writer. For a researcher who sits here, while the talk is open to them."""
    desk = presence.desk_of(here=here, key_of=key_of(request))
    post = passages.message(here=here, pid=pid, key_of=key_of(request))
    form = AskForm(request.POST if request.method == "POST" else None, initial={"passage": post.text})
    if form.is_valid() and "check" not in request.POST:
        try:
            actions.ask(here=here, pid=pid, key_of=key_of(request), **form.cleaned_data)
        except MayNot as refusal:
            form.add_error("passage", refusal.reason)
        else:
            messages.success(request, _("Asked. Only its writer sees that. They need not answer."))
            return redirect("research:quotes", desk.study.public_id)
    words = request.POST.get("passage", "") if "check" in request.POST else ""
    context = {
        "here": here, "group": here.group, "post": post, "form": form,
        "may_ask": selectors.whom_to_ask(study=desk.study, post=post) is not None, "refusal": _(actions.NOT_ASKED),
        "finds": selectors.who_finds(post=post, words=words) if words else [],
    }  # fmt: skip
    is_wrong = form.is_bound and form.errors and "check" not in request.POST
    return render(request, "research/quote_ask.html", context, status=422 if is_wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@linkage.despite_limits()
def asked(request: HttpRequest, gid: str, sid: str, qid: str) -> HttpResponse:
    """One's own words that a study asks to quote: yes, yes in other words, or no, all alike."""
    group, own = despite(request, gid, sid)
    said = next((one for one in QuoteAnswer if one.value in request.POST), None)
    reason = ""
    try:
        if said is not None and request.method == "POST":
            actions.answer(group=group, sid=sid, qid=qid, answer=said, key_of=key_of(request))
            messages.success(request, _("Noted. You can change it until it goes out."))
            return redirect("research:mine", gid, sid)
        one = selectors.find_own(part=own, qid=qid)
    except NotHere:
        raise Http404 from None
    except MayNot as refusal:
        one, reason = selectors.find_own(part=own, qid=qid), refusal.reason
    context = {"group": group, "own": own, "one": one, "reason": reason}
    return render(request, "research/quote.html", context, status=409 if reason else 200)
