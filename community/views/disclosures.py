"""Who can see what, and the card that opens from a name."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from community import linkage, meter
from community.actions import disclosures as actions
from community.enums import Audience, Eyes
from community.errors import MayNot, NotHere
from community.forms.disclosures import WhoForm
from community.forms.who import rows
from community.presenters import cards
from community.selectors import disclosures, names, unseen
from community.selectors import here as places
from community.selectors.disclosures import Detail, Viewer
from community.selectors.here import Here
from community.views.entry import key_of, members_only
from core import clock
from core.registries import screening

Sheet = dict[str, Any]


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def who(request: HttpRequest, here: Here) -> HttpResponse:
    """What one shows here, beside how it looks. Nothing is stored before it is saved."""
    sheet = linkage.sheet(request)
    if here.persona is None:
        return _nobody(request, here, sheet)
    form = _form(request, here, sheet)
    if request.method != "POST":
        return _page(request, here, form)
    act, value = _pressed(request)
    if act is None:
        return _page(request, here, form)
    try:
        return ACTS[act](request, here, form, sheet, value)
    except MayNot as refusal:
        form.full_clean()
        form.add_error(None, refusal.reason)
        return _page(request, here, form, status=422)


def _pressed(request: HttpRequest) -> tuple[str | None, str]:
    """What was pressed, with what stands in the button; also where advice was read and it is to be done as it is."""
    act, _sep, value = request.POST.get("as_it_is", "").partition(":")
    if act in {"save", "now", "later"}:
        return act, value
    return next(((act, request.POST[act]) for act in ACTS if act in request.POST), (None, ""))


def _nobody(request: HttpRequest, here: Here, sheet: Sheet) -> HttpResponse:
    """For somebody without a name here: what they noted is kept, and can be thrown away."""
    form = _form(request, here, sheet, fresh=True)
    if request.method == "POST" and "forget" in request.POST:
        _keep(request, here, sheet, form=form.emptied(), seen_on=None)
        messages.success(request, _("Your notes here are gone."))
        return redirect("community:who", gid=here.group.public_id)
    notes = [kind.name for code, kind in form.kinds.items() if form.noted[code]]
    return render(request, "community/who_nobody.html", {"here": here, "group": here.group, "notes": notes})


@require_GET
@members_only
def card(request: HttpRequest, here: Here, pid: str) -> HttpResponse:
    """What somebody shows to whoever asks. Open cards ask for it again and again, so that nothing stays on screen
    that was taken back. Of two who do not see each other neither finds the other's."""
    persona = disclosures.persona_here(here=here, public_id=pid)
    if unseen.is_unseen(here=here, persona=persona):
        raise NotHere
    if not persona.is_current:
        drawn = cards.old_card(persona)
    else:
        found = cards.card_of(disclosures.shown(Viewer.at(here), persona.member))
        if found is None:
            raise NotHere
        drawn = found
    is_own = persona.member_id == here.member.pk
    context = {
        "here": here,
        "group": here.group,
        "card": drawn,
        "is_mine": is_own and persona.is_current,
        "hide_url": None if is_own else reverse("chat:hide_name", args=[here.group.public_id, pid]),
        "back": _back(request, here),
    }
    return render(
        request, "community/_card.html" if "again" in request.GET else "community/card_open.html", context
    )


@require_GET
@members_only
def card_of_one_thread_name(request: HttpRequest, here: Here) -> HttpResponse:
    """The same page for every one-thread name: there is nothing to say about any."""
    return render(
        request, "community/card_open.html", {"here": here, "group": here.group, "back": _back(request, here)}
    )


# --- what can be pressed ----------------------------------------------------------------------------------------
def _save(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, _value: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, here, form, status=422)
    if coached := _coached(request, here, form, form.details(), press="save:"):
        return coached
    noted, answers, details = form.noted, form.answers(), form.details()
    changes = {one.kind: one for one in details} != form.stored
    try:
        _keep(request, here, sheet, form=form, seen_on=clock.today() if changes else None)
    except linkage.SheetFull:
        form.add_error(None, _("There is no room for all of this. Please make your own words shorter."))
        return _page(request, here, form, status=422)
    key, shown = _key(request, here.group.public_id), {one.kind: (one.level, one.path) for one in details}
    for code in actions.updates_waiting(key=key):
        old = form.stored.get(code)
        if old is None or shown.get(code) != (old.level, old.path) or not form.is_behind(code):
            actions.stop_updating(keys=[key], kind=code)
    actions.show(here=here, details=details)
    messages.success(request, _("Saved. This is what people here see now. You can change it at any time."))
    if any(noted[code] not in {"", answers[code]} for code, kind in form.kinds.items() if not kind.per_group):
        messages.info(
            request, _("Your other groups still see what they saw. Look at this page there to change it.")
        )
    return redirect("community:who", gid=here.group.public_id)


def _now(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, code: str) -> HttpResponse:
    """A group that is behind sees the new value at once, in one kind; the rest of the page is not looked at."""
    form = _form(request, here, sheet, fresh=True)
    new = form.nearest(code) if code in form.kinds and form.is_behind(code) else None
    if new and (coached := _coached(request, here, form, [new], press=f"now:{code}")):
        return coached
    others = [one for one in form.stored.values() if one.kind != code]
    if new and actions.show(here=here, details=[*others, new]):
        actions.stop_updating(keys=[_key(request, here.group.public_id)], kind=code)
        _keep(request, here, sheet, form=form, seen_on=clock.today())
        messages.success(
            request, _("Saved. This is what people here see now. You can change it at any time.")
        )
    return redirect("community:who", gid=here.group.public_id)


def _later(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, code: str) -> HttpResponse:
    """A group that is behind sees the new value at a random moment, far from what other groups saw change."""
    form = _form(request, here, sheet, fresh=True)
    new = form.nearest(code) if code in form.kinds and form.is_behind(code) else None
    if new and (coached := _coached(request, here, form, [new], press=f"later:{code}")):
        return coached
    if new:
        moment = actions.moment_apart(changed_on=_changed_on(sheet))
        actions.update_later(here=here, key=_key(request, here.group.public_id), detail=new, due_at=moment)
        _keep(request, here, sheet, form=form, seen_on=moment.date())
        messages.success(request, _("The new answer will show here in some days. You can still stop it."))
    return redirect("community:who", gid=here.group.public_id)


def _stop(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, code: str) -> HttpResponse:
    actions.stop_updating(keys=[_key(request, here.group.public_id)], kind=code)
    messages.success(request, _("Stopped. People here go on seeing what they see."))
    return redirect("community:who", gid=here.group.public_id)


def _nothing(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, _value: str) -> HttpResponse:
    had_line = bool(here.persona and here.persona.about)
    if actions.show_nothing_here(here=here):
        form = _form(request, here, sheet, fresh=True)
        _keep(request, here, sheet, form=form, seen_on=clock.today())
    messages.success(request, _("Nobody here sees any of it now. Your answers are kept, just for you."))
    if had_line:
        messages.info(request, _("The line about you is deleted."))
    return redirect("community:who", gid=here.group.public_id)


def _line(request: HttpRequest, here: Here, form: WhoForm, sheet: Sheet, _value: str) -> HttpResponse:
    """The line about oneself goes at once; whatever else is picked on the page stays picked, and not saved."""
    actions.delete_line(here=here)
    messages.success(request, _("The line about you is deleted. Nobody here sees it now."))
    return _page(request, places.again(here), form)


ACTS = {
    "save": _save,
    "now": _now,
    "later": _later,
    "stop": _stop,
    "nothing": _nothing,
    "line": _line,
}


def _coached(
    request: HttpRequest, here: Here, form: WhoForm, details: Iterable[Detail], *, press: str
) -> HttpResponse | None:
    """The page with advice on words of one's own that everyone here would see from now on; None where there is none,
    or where it was read. Nothing of it is kept."""
    if "as_it_is" in request.POST:
        return None
    new = [
        one
        for one in details
        if one.audience == Audience.GROUP and disclosures.is_writing(one, before=form.stored.get(one.kind))
    ]
    for one in new:
        words = form.kinds[one.kind].words(one.path)
        if advice := screening.advice(screening.Draft(group_id=here.group.pk, text=words)):
            more = {"advice": advice, "press": press, "box": f"id_value-{one.kind}"}
            return _page(request, here, form, status=409, opened=one.kind, **more)
    return None


# --- the page -----------------------------------------------------------------------------------------------------
def _form(request: HttpRequest, here: Here, sheet: Sheet, *, fresh: bool = False) -> WhoForm:
    data = None
    if request.method == "POST" and not fresh:
        data = request.POST.dict()
        code, _sep, level = data.get("coarser", "").partition(":")
        if code:  # the one tap: a level, or only me where there is no coarser one
            data |= {f"level-{code}": level} if level else {f"who-{code}": "only_me"}
    kinds, facts = disclosures.kinds_in(here.group), sheet.get("facts", {})
    return WhoForm(
        data,
        kinds=kinds,
        noted={code: facts.get(kind.noted_as(gid=here.group.public_id), "") for code, kind in kinds.items()},
        stored={one.kind: one for one in disclosures.details_of(here.member)},
        names_the_account=lambda text: linkage.names_the_account(request, text=text),
        may_write=here.may_post and not here.is_checked_first,
        topic=here.group.name,
    )


def _page(
    request: HttpRequest, here: Here, form: WhoForm, *, status: int = 200, opened: str = "", **more: Any
) -> HttpResponse:
    eyes = form.seen_as()
    seen = disclosures.seen(
        Viewer.like(eyes, group=here.group), member=here.member, persona=here.persona, details=form.details()
    )
    policy = names.policy_for(group=here.group, key_of=key_of(request))
    reading = meter.read(
        member=here.member,
        details=seen.details,
        asker_sees=disclosures.seen_of_others(Viewer.at(here)),
        line=seen.about,
    )
    coarser = request.POST.get("coarser", "").partition(":")[0]
    drawn = rows(
        form,
        policy=policy,
        waiting=actions.updates_waiting(key=_key(request, here.group.public_id)),
        opened=opened or coarser,
    )
    line = here.persona.about if here.persona else ""
    shown_to = Counter(one.audience for one in form.stored.values() if one.kind in form.kinds)
    shown_to.update([Audience.GROUP] if line else [])
    context = {
        "here": here,
        "group": here.group,
        "form": form,
        "rows": drawn,
        "line": line,
        "shown_to": shown_to,
        "card": cards.card_of(seen),
        "eyes": eyes,
        "reading": reading,
        "with_words": policy.what_matters == "with_words",
        "is_offline": eyes == Eyes.OFFLINE,
        "is_draft": form.is_bound and any(row.is_changed for row in drawn),
        "took_coarser": bool(coarser),
        **more,
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(
        request, "community/_who_part.html" if is_part else "community/who.html", context, status=status
    )


def _keep(request: HttpRequest, here: Here, sheet: Sheet, *, form: WhoForm, seen_on: dt.date | None) -> None:
    """Seal what was noted, with the latest day on which one of one's groups sees a change. Kinds that this group does
    not use stay as they are. No group will see later what is not so any more."""
    before = sheet.get("facts", {})
    facts = dict(before)
    slots = {code: kind.noted_as(gid=here.group.public_id) for code, kind in form.kinds.items()}
    for code, answer in form.answers().items():
        slot = slots[code]
        facts.pop(slot, None)
        facts |= {slot: answer} if answer else {}
    days = [day for day in (_changed_on(sheet), seen_on) if day]
    more = {"shown_on": max(days).isoformat()} if days else {}
    if {**sheet, "facts": facts, **more} != sheet:
        linkage.keep_sheet(request, sheet={**sheet, "facts": facts, **more})
    for code in [code for code, slot in slots.items() if before.get(slot) != facts.get(slot)]:
        gids = [here.group.public_id] if form.kinds[code].per_group else places.all_group_ids()
        actions.stop_updating(keys=[_key(request, gid) for gid in gids], kind=code)


def _changed_on(sheet: Sheet) -> dt.date | None:
    return dt.date.fromisoformat(sheet["shown_on"]) if "shown_on" in sheet else None


def _key(request: HttpRequest, gid: str) -> bytes:
    return linkage.keyed(request, kind="due", ref=actions.waits_under(gid))


def _back(request: HttpRequest, here: Here) -> str:
    """The talk one came from, or the group."""
    group, came_from = (
        reverse("chat:group", args=[here.group.public_id]),
        urlsplit(request.headers.get("Referer", "")),
    )
    return came_from.path if came_from.path.startswith(f"{group}t/") else group
