"""Sending a post, and one post's own page: answer it, change it, take it away."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from chat import presenters
from chat.actions import later, reading
from chat.actions import posts as posting
from chat.enums import Folding, ReactionKind
from chat.errors import ChangedSince, NeedsCheck, NeedsName, NeedsPromise, Refused
from chat.forms.posts import EditForm, PostForm
from chat.policies import Act, Face, may, watches
from chat.policies.labels import kinds_for
from chat.presenters import checked_words
from chat.selectors import echoes, posts, reactions, terms, thanks, threads
from chat.selectors.later import keys_for
from chat.selectors.posts import Place
from chat.views import care
from chat.views.answers import Hold, Pace, first_hold, given, hold_for, in_words, signature_of, voice_of
from chat.views.coaching import advice_on
from chat.views.entry import face_of, in_group, keep_mark, seconds_to_wait, sent_to, wants_json
from chat.views.threads import group_context, thread_page
from community.errors import MayNot
from community.selectors.here import Here
from community.selectors.library import badge_of
from community.views.entry import key_of
from core.registries import once
from moderation.selectors import folds


@sent_to
def send(request: HttpRequest, here: Here, tid: str) -> HttpResponse:
    """Publish a post. The page's script is answered in JSON, a form with a page."""
    thread = threads.find(here=here, tid=tid)
    form = PostForm(**given(request))
    if hold := first_hold(
        request, form=form, here=here, pace=Pace(act="post", limit=20, seconds=60), tid=tid
    ):
        return _held(request, here, tid, form, hold)
    try:
        sent = _publish(request, here, thread, form)
    except (Refused, NeedsName, NeedsPromise, MayNot) as refusal:
        return _held(request, here, tid, form, hold_for(refusal, form=form, here=here))
    if sent is None:
        if wants_json(request):
            held = {"held": checked_words(here.group)} | care.in_answer(request, here=here)
            return JsonResponse(held, status=202)
        return redirect(f"{thread_url(here, tid)}?newest=1{care.anchor(request, otherwise='#waiting')}")
    pid, is_new = sent
    if wants_json(request):
        return _sent(request, here, tid, pid, status=201 if is_new else 200)
    return redirect(f"{thread_url(here, tid)}?newest=1{care.anchor(request)}")


def _publish(request: HttpRequest, here: Here, thread: Any, form: PostForm) -> tuple[str, bool] | None:
    """Publish at once: its public id, and whether it is new. Or keep it for its moment or for the team: None."""
    given: dict[str, Any] = {
        "here": here,
        "thread": thread,
        "text": form.cleaned_data["text"],
        "client_id": form.cleaned_data["client_id"],
        "signature": signature_of(request, form=form, tid=thread.public_id),
        "stays": form.days,
        "voice": voice_of(request, form=form),
    }
    if form.window is None:
        with suppress(NeedsCheck):
            post, is_new = posting.publish_post(**given)
            if form.is_once:  # a one-thread name leaves no trace in what belongs to the name here
                once.tell(here=here, tid=thread.public_id, key_of=key_of(request))
            else:
                reading.mark_sent(post=post, key_of=key_of(request))
            return post.public_id, is_new
    keys = keys_for(key_of=key_of(request), tid=thread.public_id)
    later.publish_later(**given, keys=keys, window=form.window or later.AT_ONCE)
    if form.is_once:
        once.tell(here=here, tid=thread.public_id, key_of=key_of(request))
    return None


def thread_url(here: Here, tid: str) -> str:
    """The address of a thread."""
    return reverse("chat:thread", args=[here.group.public_id, tid])


def _sent(request: HttpRequest, here: Here, tid: str, pid: str, *, status: int) -> JsonResponse:
    post = posts.find(face=Face(here=here), tid=tid, pid=pid)
    html = presenters.render_post(post, language=get_language() or "en")
    answer = {"seq": post.seq, "id": post.public_id, "html": html} | care.in_answer(request, here=here)
    return JsonResponse(answer, status=status)


def _held(request: HttpRequest, here: Here, tid: str, form: PostForm, hold: Hold) -> HttpResponse:
    if not wants_json(request):
        return thread_page(request, here, tid, place=Place(newest=True), form=form, hold=hold)
    answer: dict[str, object] = {"message": hold.reason}
    if hold.status == 422:
        answer = {"errors": form.errors} | ({"message": hold.reason} if hold.reason else {})
    elif hold.advice:
        answer["advice"] = render_to_string("chat/_advice.html", {"advice": hold.advice}).strip()
    elif hold.step:
        name = "community:promise" if hold.step == "promise" else "community:name"
        answer["next"] = reverse(name, args=[here.group.public_id])
    answer |= care.in_answer(request, here=here)
    headers = {"Retry-After": str(hold.wait)} if hold.wait else {}
    return JsonResponse(answer, status=hold.status, headers=headers)


@require_GET
@in_group
def post(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """One post, with what the viewer can do with it."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find(face=face, tid=tid, pid=pid)
    mine = reactions.mine_on(post=found, key_of=key_of(request))
    is_own = may(Act.DELETE, face=face, post=found)
    context = group_context(here) | {
        "post": found,
        "tid": tid,
        "html": presenters.render_post(found, language=get_language() or "en"),
        "kinds": [(kind, kind in mine) for kind in ReactionKind],
        "may_react": may(Act.REACT, face=face, post=found) and not is_own,
        "may_thank": may(Act.THANK, face=face, post=found),
        "thanked": thanks.is_said(post=found, key_of=key_of(request)),
        "helped_some": thanks.helped_some(face=face, post=found),
        "may_propose": may(Act.PROPOSE, face=face, post=found) and threads.is_first(post=found),
        "may_label": bool(kinds_for(here, badge=badge_of(here=here)))
        and may(Act.LABEL, face=face, post=found),
        **_folding(request, face, found),
        "may_report": may(Act.REPORT, face=face, post=found),
        "may_edit": may(Act.EDIT, face=face, post=found),
        "may_delete": is_own,
        "is_folded": is_own and found.folding == Folding.FOLDED,
        "kept_back": is_own and presenters.kept_back_words(found),
        "is_watched": watches(here) and not is_own,
        "goes_on": found.expires_on if is_own else None,
        "may_hide": may(Act.MUTE, face=face, other=found.byline.face),
    }
    return render(request, "chat/post.html", context)


def _folding(request: HttpRequest, face: Face, post: Any) -> dict[str, Any]:
    """Whether the viewer may fold a post, now that nobody of the team is here, and in words why not just now."""
    group, keys = face.here.group, key_of(request)
    is_theirs = may(Act.FOLD, face=face, post=post) and not folds.is_watched(group=group)
    if not is_theirs or not terms.may_fold(face=face, post=post):
        return {"may_fold": False}
    leads = folds.may_for_others(face.here)
    if not leads and not folds.may_about_me(face.here):
        return {"may_fold": False}
    return {"may_fold": True, "folds_not": folds.in_the_way(group=group, key_of=keys), "leads": leads}


@require_http_methods(["GET", "POST"])
@in_group
def edit(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """Change one's own post."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find_own(face=face, tid=tid, pid=pid)
    form = EditForm(
        request.POST if request.method == "POST" else None,
        initial={"text": found.text, "was": posts.mark_of(found)},
    )
    keep = keep_mark(request, ref=f"edit|{pid}")
    context = group_context(here) | {"form": form, "back_url": _post_url(here, tid, pid), "keep": keep}
    context |= {"card": care.held_back(request, here=here)}
    if request.method == "GET":
        return render(request, "chat/post_edit.html", context)
    try:
        if form.is_valid():
            return _try_to_change(request, face, found, form, context)
    except Refused as refusal:
        form.add_error("text", refusal.reasons)
    except ChangedSince as refusal:
        now = posts.find_own(face=face, tid=tid, pid=pid)
        again = EditForm(initial=form.cleaned_data | {"was": posts.mark_of(now)})
        context |= {"form": again, "reason": refusal.reason, "now_says": now.html}
        return render(request, "chat/post_edit.html", context, status=409)
    except MayNot as refusal:
        return render(request, "chat/post_edit.html", context | {"reason": refusal.reason}, status=403)
    return render(request, "chat/post_edit.html", context, status=422)


def _try_to_change(
    request: HttpRequest, face: Face, found: Any, form: EditForm, context: dict[str, Any]
) -> HttpResponse:
    """Advice first, not too fast, then the change. Raises what `edit_post` raises."""
    here, tid, text = face.here, found.thread.public_id, form.cleaned_data["text"]
    if "as_it_is" not in request.POST and may(Act.EDIT, face=face, post=found):
        signing = echoes.signing_of(found, face=face)
        if advice := advice_on(request, here=here, text=text, signing=signing, tid=tid, is_change=True):
            return render(request, "chat/post_edit.html", context | {"advice": advice}, status=409)
    if wait := seconds_to_wait(act="edit", here=here, limit=20, seconds=60):
        hold = Hold.pace(wait)
        return in_words(render(request, "chat/post_edit.html", context | {"reason": hold.reason}), hold)
    return redirect(_changed(request, face, (tid, found.public_id), form.cleaned_data))


def _changed(request: HttpRequest, face: Face, where: tuple[str, str], typed: dict[str, Any]) -> str:
    """Change a post, or keep the new words for the team. Returns where to go on."""
    tid, pid = where
    post = posts.find_own(face=face, tid=tid, pid=pid)
    try:
        posting.edit_post(face=face, post=post, **typed)
    except NeedsCheck:
        keys = keys_for(key_of=key_of(request), tid=tid)
        later.change_later(face=face, post=post, keys=keys, **typed)
        return f"{thread_url(face.here, tid)}?newest=1#waiting"
    return f"{thread_url(face.here, tid)}?around={post.seq}#p-{pid}"


@require_http_methods(["GET", "POST"])
@in_group
def delete(request: HttpRequest, here: Here, tid: str, pid: str) -> HttpResponse:
    """Take one's own post away: this page asks, a second press does it."""
    face = face_of(request, here=here, tid=tid)
    found = posts.find_own(face=face, tid=tid, pid=pid)
    if request.method == "GET":
        context = group_context(here) | {
            "post": found,
            "opens": found.seq == 1,
            "back_url": _post_url(here, tid, pid),
        }
        return render(request, "chat/post_delete.html", context)
    posting.delete_post(face=face, post=found)
    messages.success(request, gettext("Your words are gone from here."))
    return redirect(f"{thread_url(here, tid)}?around={found.seq}#p-{pid}")


def _post_url(here: Here, tid: str, pid: str) -> str:
    return reverse("chat:post", args=[here.group.public_id, tid, pid])
