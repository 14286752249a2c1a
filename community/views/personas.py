"""Choosing a name in a group, changing what goes with it, taking another, and putting it down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community import handles, linkage
from community.actions import personas as actions
from community.errors import MayNot
from community.forms.personas import OFFERED, AboutForm, ChangeForm, NameForm, PictureForm, StopForm
from community.selectors import here as places
from community.selectors import personas
from community.selectors.here import Here
from community.views.doors import onward
from community.views.entry import members_only
from core import ratelimit
from core.registries import screening

DAY = 86_400
CHANGES, PICTURES = 3, 20  # a day
N = TypeVar("N", bound=NameForm)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name(request: HttpRequest, here: Here) -> HttpResponse:
    """Pick a name and a picture before the first post. Asking for other names changes nothing but the offer."""
    target = onward(request, fallback=reverse("chat:group", args=[here.group.public_id]))
    if here.persona or not here.may_post:
        going = actions.going(key=_key(request, here))
        context = {"here": here, "group": here.group, "next": target, "going": going}
        return render(request, "community/name_now.html", context)
    form = _form(request, here, NameForm)
    context = {"form": form, "here": here, "group": here.group, "next": target}
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        if advice := _advice(request, here, chosen["about"]):
            return render(request, "community/name.html", context | {"advice": advice}, status=409)
        try:
            actions.create_persona(
                here=here, handle=chosen["chosen"], avatar=chosen["avatar"], about=chosen["about"]
            )
        except MayNot as refusal:
            form.add_error("own" if chosen.get("own") else "handle", refusal.reason)
        else:
            return redirect(target)
    return render(request, "community/name.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name_picture(request: HttpRequest, here: Here) -> HttpResponse:
    """Another picture for the name one has."""
    _with_name(here)
    form = PictureForm(request.POST if request.method == "POST" and "again" not in request.POST else None)
    if form.is_bound and form.is_valid() and _pace(form, here, "picture", PICTURES):
        actions.change_picture(here=here, avatar=form.cleaned_data["avatar"])
        messages.success(request, _("That is your picture here now."))
        return redirect("community:name", gid=here.group.public_id)
    return _page(request, here, "community/name_picture.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name_about(request: HttpRequest, here: Here) -> HttpResponse:
    """The line about oneself."""
    _with_name(here)
    assert here.persona is not None
    form = AboutForm(
        request.POST if request.method == "POST" else None,
        initial={"about": here.persona.about},
        names_the_account=lambda text: linkage.names_the_account(request, text=text),
    )
    if form.is_bound and form.is_valid():
        about = form.cleaned_data["about"]
        if about != here.persona.about and (advice := _advice(request, here, about)):
            return _page(request, here, "community/name_about.html", form, advice=advice)
        try:
            actions.change_about(here=here, about=about)
        except MayNot as refusal:
            form.add_error("about", refusal.reason)
        else:
            messages.success(request, _("Saved."))
            return redirect("community:name", gid=here.group.public_id)
    return _page(request, here, "community/name_about.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name_change(request: HttpRequest, here: Here) -> HttpResponse:
    """Take another name, which nothing ties to the one before."""
    _with_name(here)
    form = _form(request, here, ChangeForm)
    if form.is_bound and form.is_valid() and (advice := _advice(request, here, form.cleaned_data["about"])):
        return _page(request, here, "community/name_change.html", form, advice=advice)
    if form.is_bound and form.is_valid() and _pace(form, here, "name", CHANGES):
        chosen = form.cleaned_data
        try:
            actions.take_another_name(
                here=here,
                handle=chosen["chosen"],
                avatar=chosen["avatar"],
                about=chosen["about"],
                details_go_along=chosen["along"],
                remove_under=_key(request, here) if form.removes else b"",
            )
        except MayNot as refusal:
            form.add_error("own" if chosen.get("own") else "handle", refusal.reason)
        else:
            messages.success(request, _("Done. You have another name here now."))
            return redirect("community:name", gid=here.group.public_id)
    return _page(request, here, "community/name_change.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def name_stop(request: HttpRequest, here: Here) -> HttpResponse:
    """Stop using the current name: this page asks, a press does it."""
    if here.persona is None:
        raise Http404
    form = StopForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _pace(form, here, "name", CHANGES):
        try:
            actions.stop_using_name(here=here, remove_under=_key(request, here) if form.removes else b"")
        except MayNot as refusal:
            form.add_error("written", refusal.reason)
        else:
            messages.success(
                request,
                _(
                    "You no longer use that name. Wait some days before you pick the next one, "
                    "so that nobody can match the two."
                ),
            )
            return redirect("chat:group", gid=here.group.public_id)
    return _page(request, here, "community/name_stop.html", form)


@require_POST
@members_only
def name_keep(request: HttpRequest, here: Here) -> HttpResponse:
    """Keep what an old name wrote after all, while it is still there."""
    given = request.POST.get("which", "")
    pk = int(given) if given.isascii() and given.isdecimal() and len(given) < 20 else 0
    actions.keep_after_all(key=_key(request, here), pk=pk)
    messages.success(request, _("It stays."))
    return redirect("community:name", gid=here.group.public_id)


def _with_name(here: Here) -> None:
    if here.persona is None or not here.may_post:
        raise Http404


def _page(
    request: HttpRequest, here: Here, template: str, form: forms.Form, *, advice: Sequence[str] = ()
) -> HttpResponse:
    context = {"form": form, "here": here, "group": here.group, "advice": advice}
    status = 409 if advice else 422 if form.is_bound else 200
    return render(request, template, context, status=status)


def _advice(request: HttpRequest, here: Here, about: str) -> list[str]:
    """What to look at once in a line about oneself, before everybody here can read it. Nothing where it is about to be
    refused: who reads advice could save it as it is."""
    draft = screening.Draft(group_id=here.group.pk, text=about, at_once=True)
    if "as_it_is" in request.POST or here.is_checked_first or screening.refusals(draft):
        return []
    return screening.advice(draft)


def _pace(form: forms.Form, here: Here, act: str, limit: int) -> bool:
    """Whether this may be done once more today. It is counted where the form would be followed."""
    if not ratelimit.hit(act, bytes(here.member.owner_tag).hex(), limit=limit, seconds=DAY):
        return True
    form.add_error(None, _("You changed it a few times today. Please wait until tomorrow."))
    return False


def _key(request: HttpRequest, here: Here) -> bytes:
    return linkage.keyed(request, kind="due", ref=f"name|{here.group.public_id}")


def _form(request: HttpRequest, here: Here, kind: type[N]) -> N:
    def is_own_elsewhere(handle: str) -> bool:
        others = [gid for gid in places.all_group_ids() if gid != here.group.public_id]
        return personas.used_under(owner_tags=linkage.owner_tags(request, groups=others), handle=handle)

    return kind(
        request.POST if request.method == "POST" and "again" not in request.POST else None,
        offered=handles.propose(group=here.group, n=OFFERED),
        is_taken=lambda handle: personas.is_taken(here=here, handle=handle),
        is_own_elsewhere=is_own_elsewhere,
        names_the_account=lambda text: linkage.names_the_account(request, text=text),
    )
