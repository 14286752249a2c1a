"""Publishing, changing and taking away posts.

Each is one transaction that locks the thread first, by taking its next sequence number: everything checked
afterwards still holds when the post is there, and commits come in the order of numbers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from chat.actions import about, activity, hours, pace
from chat.actions import bylines as signing
from chat.actions.bylines import OWN, Signature, Voice
from chat.actions.gates import AS_SENT, Settled, look, pass_gates
from chat.enums import KEPT_BACK, EventKind, Folding, PostState
from chat.errors import CameBefore, ChangedSince, NeedsPromise, Refused
from chat.models import Alias, Byline, Post, Thread, ThreadEvent
from chat.policies import CHANGES, Act, Face, may
from chat.selectors import posts
from community.actions import due, leaving
from community.errors import MayNot, NotHere
from community.models import Persona
from community.selectors import here as places
from community.selectors.here import Here
from core import clock, ids, ledger, memory, text
from core.forms import too_long
from core.live import log
from core.prepared import Prepared
from core.registries import screening
from moderation.actions import automatic, forgetting, queue
from moderation.selectors.automatic import Finding

ONLY_READING = gettext_noop("You can read here, but you cannot write just now. A limit is set for you.")
TOO_OLD = gettext_noop("This was too long ago to change it. You can still take it away.")
KEPT = gettext_noop("The team keeps this message back, so it cannot be changed. You can still take it away.")
JUST_ASKED = gettext_noop("The team has just asked you to change this. Read why first.")
NOT_YOURS = gettext_noop("You can only change your own messages.")
CHANGED = gettext_noop(
    "Not saved yet. This message was changed since you opened it. Your words are in the box."
)

CAME = gettext_noop("Not sent. What you sent first did come: it stands in this talk. Look at it first.")
TAKEN_AWAY = gettext_noop("Not sent. You took this message away. Your words are in the box.")

SILENT = Voice()
AROUND = "forget_around"  # the act


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A text that passed every screen, and its HTML."""

    text: str
    html: str


class Repeat(Exception):
    """This client id was published before. Raised to give the sequence number back."""

    def __init__(self, post: Post) -> None:
        super().__init__("repeat")
        self.post = post


def prepare(*, group_id: int, raw: str) -> Ready:
    """Tidy, screen and render a text before anything is locked, or say why it cannot be published."""
    screened = screen(group_id=group_id, raw=raw)
    return Ready(text=screened, html=_rendered(screened))


def screen(*, group_id: int, raw: str) -> str:
    """Tidy a text, or say why it cannot be published."""
    tidied = text.tidy(raw)
    if not tidied:
        raise Refused([gettext("Write something first.")])
    if len(tidied) > text.MAX_LENGTH:
        words = too_long(field=gettext("Your message"), most=text.MAX_LENGTH, has=len(tidied))
        raise Refused([f"{words} {gettext('Take some away, or send it in parts.')}"])
    if refusals := screening.refusals(screening.Draft(group_id=group_id, text=tidied)):
        raise Refused(refusals)
    return tidied


@memory.of_the_day(maxsize=8)
def _rendered(tidied: str) -> str:
    """What was made ready before something was locked is not made again while it is."""
    return text.to_html(tidied)


def publish_post(
    *,
    here: Here,
    thread: Thread,
    text: str,
    client_id: str,
    signature: Signature = OWN,
    stays: int | None = None,
    voice: Voice = SILENT,
    settled: Settled = AS_SENT,
) -> tuple[Post, bool]:
    """Publish a text, signed by the persona or by one's alias in this thread, to stay for so many days or for good.

    Returns the post and whether it is new: the same words again with the same client id return the post they made the
    first time. Raises Refused, NeedsName, NeedsPromise, NeedsCheck, MayNot (TooSoon) or NotHere, and
    then nothing has changed.
    """
    ready = prepare(group_id=here.group.pk, raw=text)
    return publish_ready(
        here=here, thread=thread, ready=ready, client_id=client_id, signature=signature, stays=stays, voice=voice,
        settled=settled,
    )  # fmt: skip


def publish_ready(
    *,
    here: Here,
    thread: Thread,
    ready: Ready,
    client_id: str,
    signature: Signature = OWN,
    stays: int | None = None,
    voice: Voice = SILENT,
    settled: Settled = AS_SENT,
    found: Sequence[Finding] | None = None,
) -> tuple[Post, bool]:
    """Publish a text that was made ready before, and in which automatic help found this, or is to look now."""
    if found is None:
        found = look(here=here, tid=thread.public_id, text=ready.text, settled=settled, signature=signature)
    try:
        with pace.turns() as taken, transaction.atomic():
            automatic.lock_to_flag(group=here.group, found=found)
            if not settled.is_due:
                leaving.keep_in(here=here)
            signing.take_up(here=here, voice=voice)
            seq = log.take_seq(stream=thread)
            now, byline = signer(
                here=here, thread=thread, ready=ready, client_id=client_id, signature=signature
            )
            taken.extend(
                pass_gates(here=now, thread=thread, signature=signature, settled=settled, found=found)
            )
            post = Post(thread=thread, byline=byline, seq=seq, text=ready.text, html=ready.html)
            post.client_id, post.expires_on = client_id, last_day(stays)
            post.for_self = signature.for_self and bool(now.checked_as) and not signature.as_alias
            _insert(post)
            automatic.flag(group=now.group, kind="post", public_id=post.public_id, found=found)
            return post, True
    except Repeat as repeat:
        return repeat.post, False


def last_day(stays: int | None) -> dt.date | None:
    """The day in whose course a post of today goes, after so many whole days; None for never."""
    return None if stays is None else clock.today() + dt.timedelta(days=stays + 1)


def signer(
    *, here: Here, thread: Thread, ready: Ready, client_id: str, signature: Signature
) -> tuple[Here, Byline]:
    """Who signs, as things stand now that the thread is locked; a repeat ends here, whatever changed since."""
    now = look_again(here)
    face = Face(here=now, alias_key=signature.alias_key)
    earlier = posts.sent_before(face=face, thread=thread, client_id=client_id)
    if earlier is not None:
        is_same = earlier.text == ready.text and bool(earlier.byline.alias_id) == signature.as_alias
        if earlier.state == PostState.DELETED or not is_same:
            raise CameBefore(gettext(TAKEN_AWAY if earlier.state == PostState.DELETED else CAME))
        raise Repeat(earlier)
    require_voice(here=now, thread=thread)
    return now, signing.sign(here=now, thread=thread, signature=signature)


def look_again(here: Here) -> Here:
    """The same person's place as it is now, inside the transaction. Raises NotHere if it is gone."""
    return places.again(here)


def require_voice(*, here: Here, thread: Thread | None = None) -> None:
    """Refuse somebody who may not write here, or has not seen the changed promise."""
    if thread is not None and not may(Act.READ_THREAD, face=Face(here=here), thread=thread):
        raise NotHere
    if not may(Act.PUBLISH if thread else Act.OPEN_THREAD, face=Face(here=here), thread=thread):
        raise MayNot(gettext(ONLY_READING))
    if here.must_accept_charter:
        raise NeedsPromise


_opener = Prepared(
    lambda thread: Post.objects.filter(thread=thread).order_by("seq").values_list("byline_id", flat=True)[:1]
)


def _insert(post: Post) -> None:
    thread = post.thread
    post.posted_hour = hours.hour_for(thread.group)
    opener = _opener.first(thread=thread.pk)
    post.save(force_insert=True)
    now = {"activity": activity.take(group_id=thread.group_id), "last_post_on": clock.today()}
    hours.count_hour(thread.group)
    if opener not in {None, post.byline_id}:
        now["is_answered"] = True
    Thread.objects.filter(pk=thread.pk).update(**now)
    _tell(thread=thread, seq=post.seq, kind=EventKind.POST_PUBLISHED, post=post)


def _tell(*, thread: Thread, seq: int, kind: EventKind, post: Post) -> None:
    log.append(
        events=ThreadEvent, stream=thread, seq=seq, kind=kind, ref=post.public_id, bell=f"t:{thread.pk}"
    )


def lock(thread: Thread) -> None:
    """Lock a thread until the transaction ends, where it is not known yet whether anything will be told."""
    Thread.objects.filter(pk=thread.pk).update(last_seq=F("last_seq"))


def tell_changed(*, thread: Thread, post: Post) -> None:
    """Append that a post is not as it was."""
    _tell(thread=thread, seq=log.take_seq(stream=thread), kind=EventKind.POST_CHANGED, post=post)


def title_goes_with(post: Post) -> None:
    """The title of a thread was written with its first post: kept back or folded with it, and back with it. The thread
    is locked."""
    rows = Thread.objects.filter(pk=post.thread_id)
    if Post.objects.filter(thread=post.thread_id, seq__lt=post.seq).exists():
        return
    if post.state in KEPT_BACK or post.folding == Folding.FOLDED:
        rows.exclude(title="").update(kept_title=F("title"), title="")
    else:
        rows.exclude(kept_title="").update(title=F("kept_title"), kept_title="")


def edit_post(*, face: Face, post: Post, text: str, settled: Settled = AS_SENT, was: str = "") -> Post:
    """Change the text of one's own post. One that the team asked to be changed is back by it, and the team can see
    that it was. Where messages are checked first, a change is as well. `was` is the mark of the text it was made from,
    where that is known. Raises Refused, NeedsCheck, MayNot (ChangedSince) or NotHere.
    """
    ready = prepare(group_id=face.here.group.pk, raw=text)
    signed = Signature(alias_key=face.alias_key, as_alias=post.byline.alias_id is not None)
    found = look(
        here=face.here, tid=post.thread.public_id, text=ready.text, settled=settled, signature=signed,
        is_change=True,
    )  # fmt: skip
    with transaction.atomic():
        automatic.lock_to_flag(group=post.thread.group, found=found)
        was_asked = Post.objects.filter(pk=post.pk, state=PostState.ASKED).exists()
        if was_asked:
            queue.lock(group=post.thread.group)
        lock(post.thread)
        now = own_as_it_is(face=face, post=post, act=Act.EDIT, was=was)
        if now.state == PostState.ASKED and not was_asked:
            raise MayNot(gettext(JUST_ASKED))
        pass_gates(
            here=look_again(face.here), thread=now.thread, signature=signed,
            settled=replace(settled, paced=True), found=found,
        )  # fmt: skip
        now.state = PostState.SHOWN
        Post.objects.filter(pk=post.pk).update(
            text=ready.text, html=ready.html, is_edited=True, state=PostState.SHOWN
        )
        Post.objects.filter(pk=post.pk, folding=Folding.LOOKED_AT).update(folding=Folding.NOT)  # not at these
        title_goes_with(now)
        about.text_changed(post_id=now.pk)
        tell_changed(thread=now.thread, post=now)
        if was_asked:
            queue.subject_changed(group=now.thread.group, kind="post", public_id=now.public_id)
        automatic.flag(group=now.thread.group, kind="post", public_id=now.public_id, found=found)
    return now


def delete_post(*, face: Face, post: Post) -> None:
    """Take one's own post away for good: its text and HTML go, its place in the thread stays."""
    with transaction.atomic():
        lock(post.thread)
        now = own_as_it_is(face=face, post=post, act=Act.DELETE)
        _clear(Post.objects.filter(pk=now.pk))
        tell_changed(thread=now.thread, post=now)


def own_as_it_is(*, face: Face, post: Post, act: Act, was: str = "") -> Post:
    """The post as it is now, if this act is one's own to do, and its text still the one with this mark."""
    here = look_again(face.here)
    now = posts.to_show().get(pk=post.pk)
    if not may(Act.READ_POST, face=Face(here=here), post=now):
        raise NotHere
    own = Face(here=here, alias_key=face.alias_key)
    if not may(act, face=own, post=now):
        raise MayNot(gettext(_why_not(face=own, post=now)))
    if was and was != posts.mark_of(now):
        raise ChangedSince(gettext(CHANGED))
    if act == Act.EDIT and now.byline.alias_id is not None:
        signing.require_unchecked(here)
    return now


def _why_not(*, face: Face, post: Post) -> str:
    if not face.here.may_post or face.here.is_silent_in(post.thread.public_id):
        return ONLY_READING
    if post.state in KEPT_BACK - {PostState.ASKED} and may(Act.DELETE, face=face, post=post):
        return KEPT
    is_old = post.posted_on < clock.today() - CHANGES
    return TOO_OLD if is_old and may(Act.DELETE, face=face, post=post) else NOT_YOURS


def _clear(rows: QuerySet[Post]) -> None:
    """Empty posts. The title of a thread was written with its first post, and goes with it."""
    ledger.note_all(kind="post", refs=rows.values_list("public_id", flat=True))
    earlier = Post.objects.filter(thread=OuterRef("thread"), seq__lt=OuterRef("seq"))
    opened = rows.filter(~Exists(earlier)).values_list("thread_id", flat=True)
    Thread.objects.filter(pk__in=list(opened)).update(title="", kept_title="")
    about.forget(posts=rows)
    rows.update(
        text="",
        html="",
        state=PostState.DELETED,
        expires_on=None,
        about=[],
        folding=Folding.NOT,
    )


def erase_posts_of(*, owner_tag: bytes) -> None:
    """Take away everything one person's personas wrote in one group. Their aliases' posts are not touched."""
    personas = Persona.objects.filter(member__owner_tag=owner_tag).values_list("pk", flat=True)
    _forget_around(personas=personas, copies=True)
    erase(Post.objects.filter(byline__persona__member__owner_tag=owner_tag))


def erase_alias_posts_of(*, keys: Sequence[bytes]) -> None:
    """Take away what aliases wrote and what they were called, by the keys that only their owner can make.

    The sealed tag stays: a limit binds through leaving and coming back.
    """
    aliases = list(Alias.objects.filter(key__in=keys))
    _forget_around(aliases=[alias.pk for alias in aliases], copies=True)
    erase(Post.objects.filter(byline__alias__in=[alias.pk for alias in aliases]))
    for alias in aliases:
        with transaction.atomic():
            ledger.note(kind="alias", ref=str(alias.pk))
            Alias.objects.filter(pk=alias.pk).update(handle="", key=ids.new_secret())


def erase_post(public_id: str) -> None:
    """Take away one post, whoever wrote it: for a replay of the ledger."""
    erase(Post.objects.filter(public_id=public_id))


def erase_alias(pk: str) -> None:
    """Take away one alias and what it wrote: for a replay of the ledger."""
    keys = Alias.objects.filter(pk=int(pk)).values_list("key", flat=True)
    erase_alias_posts_of(keys=[bytes(key) for key in keys])


def take_away_what_a_name_wrote(persona: int) -> None:
    """A name that somebody no longer uses, and what it wrote should not stay."""
    _forget_around(personas=[persona])
    erase(Post.objects.filter(byline__persona=persona))


def _forget_around(
    *, personas: Iterable[int] = (), aliases: Iterable[int] = (), copies: bool = False
) -> None:
    """What faces wrote goes: also where a team kept it around what others wrote, and, in an erasure, its `copies`. That
    locks the team's queue, which comes before every other lock, so it is an act of its own."""
    faces: due.Payload = {"personas": list(personas), "aliases": list(aliases), "copies": copies}
    if faces["personas"] or faces["aliases"]:
        due.later(key=ids.new_secret(), act=AROUND, payload=faces, due_at=clock.now())


def forget_around(payload: due.Payload) -> None:
    """Do that. Due work."""
    is_theirs = Q(persona__in=payload["personas"]) | Q(alias__in=payload["aliases"])
    bylines = list(Byline.objects.filter(is_theirs).select_related("thread__group"))
    if bylines:
        group = bylines[0].thread.group
        forgetting.forget_around(group=group, bylines={byline.public_id for byline in bylines})
        if payload.get("copies"):
            theirs = Post.objects.filter(byline__in=bylines).values_list("public_id", flat=True)
            forgetting.forget_about(group=group, kind="post", public_ids=theirs)
    ledger.waiting_changed()


def erase(found: QuerySet[Post]) -> None:
    """Take posts away. No reader waits for more than one thread: each is one transaction of its own."""
    there = found.exclude(state=PostState.DELETED)
    threads = Thread.objects.filter(pk__in=there.values("thread_id").distinct())
    for thread in threads.order_by("pk"):
        with transaction.atomic():
            lock(thread)
            gone = list(there.filter(thread=thread).order_by("seq"))
            _clear(Post.objects.filter(pk__in=[post.pk for post in gone]))
            for post in gone:
                tell_changed(thread=thread, post=post)
