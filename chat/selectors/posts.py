"""Reading posts: with everything a fragment shows, in a number of queries that does not grow."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from chat.enums import PostState, ReactionKind
from chat.models import Byline, Post, Reaction, Thread, ThreadEvent
from chat.policies import NOBODY, Face, Hidden, watches
from chat.selectors import hidden
from community.errors import NotHere
from community.models import Badge
from community.selectors.badges import worn
from core import clock
from core.prepared import Prepared

T = TypeVar("T")

PAGE = 25
LAST = 1 << 53  # after every seq
BEFORE_UNREAD = 3  # posts already read that stand above the unread line


def to_show() -> QuerySet[Post]:
    """Posts with byline, face, badges and the kinds of reaction on them: two queries, however many posts."""
    badges = Prefetch("byline__persona__member__badges", queryset=worn(), to_attr="worn")
    return _with_faces().select_related("thread__group").prefetch_related(badges)


def _with_faces() -> QuerySet[Post]:
    felt = {f"felt_{kind}": Exists(_reactions(kind)) for kind in ReactionKind.values}
    return (
        Post.objects.select_related("byline__persona__member", "byline__alias")
        .defer("byline__persona__avatar_svg", "byline__alias__avatar_svg")
        .annotate(**felt)
    )


def _reactions(kind: str) -> QuerySet[Reaction]:
    return Reaction.objects.filter(post=OuterRef("pk"), kind=kind)


def kinds_of(post: Post) -> list[ReactionKind]:
    """The kinds of reaction on a post that came from `to_show`."""
    return [kind for kind in ReactionKind if getattr(post, f"felt_{kind}")]


def visible_to(face: Face, *, among: QuerySet[Post] | None = None) -> QuerySet[Post]:
    """The queryset of Act.READ_POST."""
    rows = hidden.seen(Post.objects.all() if among is None else among, face.hidden)
    if watches(face.here):
        rows = rows.filter(thread__watched_on=clock.today())
    return rows.filter(thread__group=face.here.group) if face.here.may_read else rows.none()


def owned_by(face: Face, *, among: QuerySet[Post] | None = None) -> QuerySet[Post]:
    """The queryset of Act.DELETE: one's own posts that are not gone, an alias's among them."""
    mine = Q(byline__persona__member=face.here.member) | Q(byline__alias__key=face.alias_key)
    return visible_to(face, among=among).filter(mine).exclude(state=PostState.DELETED)


def find(*, face: Face, tid: str, pid: str) -> Post:
    """One post as the viewer sees it, or NotHere."""
    post = _called.first(group=face.here.group.pk, tid=tid, pid=pid, **face.hidden.lists)
    if post is None or not face.here.may_read:
        raise NotHere
    if watches(face.here) and post.thread.watched_on != clock.today():
        raise NotHere
    _put_on([post])
    return post


def _in_thread(group: Any, tid: Any, pid: Any, personas: Any, aliases: Any) -> QuerySet[Post]:
    rows = hidden.without(_with_faces().select_related("thread__group"), personas, aliases)
    return rows.filter(thread__group=group, thread__public_id=tid, public_id=pid)


_called = Prepared(_in_thread)


def find_own(*, face: Face, tid: str, pid: str) -> Post:
    """One of one's own posts, or NotHere."""
    post = owned_by(face, among=to_show()).filter(thread__public_id=tid, public_id=pid).first()
    if post is None:
        raise NotHere
    return post


def sent_before(*, face: Face, thread: Thread, client_id: str) -> Post | None:
    """What one sent with this client id before, under whichever of one's faces: never a second time."""
    return _sent.first(
        thread=thread.pk, member=face.here.member.pk, key=face.alias_key, client_id=str(client_id)
    )


def _with_client_id(thread: Any, member: Any, key: Any, client_id: Any) -> QuerySet[Post]:
    own = Byline.objects.filter(Q(persona__member=member) | Q(alias__key=key), thread=thread).order_by()
    return Post.objects.filter(byline__in=own.values("pk"), client_id=client_id).order_by("pk")


_sent = Prepared(_with_client_id)


_anywhere = Prepared(
    lambda pid: _with_faces().select_related("thread__group", "byline__alias__thread").filter(public_id=pid)
)


def anywhere(*, public_id: str) -> Post:
    """A post in any group: for moderation, which has its own policies. NotHere if there is none."""
    post = _anywhere.first(pid=public_id)
    if post is None:
        raise NotHere
    _put_on([post])
    return post


AROUND = 3  # posts before and after, for whoever has to understand one


def around(post: Post) -> list[Post]:
    """A post with what stands just before and after it, oldest first."""
    rows = Post.objects.select_related("byline").filter(thread=post.thread_id).exclude(text="")
    before = list(rows.filter(seq__lt=post.seq).order_by("-seq")[:AROUND])[::-1]
    after = list(rows.filter(seq__gt=post.seq).order_by("seq")[:AROUND])
    return [*before, post, *after]


def last_said(thread: Thread) -> list[Post]:
    """What stands last in a thread, oldest first, for whoever has to judge what would come next."""
    rows = Post.objects.select_related("byline").filter(thread=thread, state=PostState.SHOWN)
    return list(rows.order_by("-seq")[:AROUND])[::-1]


def version_of(post: Post) -> int:
    """The seq of the last thing that happened to a post."""
    events = ThreadEvent.objects.filter(stream=post.thread_id, ref=post.public_id)
    return events.order_by("-seq").values_list("seq", flat=True)[0]


def with_ids(*, thread_id: int, public_ids: Sequence[str]) -> list[Post]:
    """Posts of one thread by public id, oldest first: what live frames and polling carry."""
    return list(to_show().filter(thread_id=thread_id, public_id__in=public_ids).order_by("seq"))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to open a thread: before, after or around a seq, at the newest, or (with none of these) where it is
    new."""

    before: int | None = None
    after: int | None = None
    around: int | None = None
    newest: bool = False


@dataclass(frozen=True, kw_only=True)
class Window:
    """A stretch of a thread. `unread_from` is the first new seq in it, `skips_unread` says that new posts stand
    above it; the other flags say whether there is more."""

    posts: list[Post]
    unread_from: int | None
    skips_unread: bool
    has_earlier: bool
    has_later: bool

    @property
    def first(self) -> int:
        """The seq of the first post shown, or 0."""
        return self.posts[0].seq if self.posts else 0

    @property
    def last(self) -> int:
        """The seq of the last post shown, or 0."""
        return self.posts[-1].seq if self.posts else 0


class _Seen(NamedTuple):
    """The posts of a thread without those of some faces: what each query of a page begins with."""

    thread: int
    personas: list[int]
    aliases: list[int]

    def ask(self, query: Prepared[T], **values: Any) -> list[T]:
        return query(**self._asdict(), **values)


def _seqs(thread: Any, personas: Any, aliases: Any) -> QuerySet[Post, int]:
    rows = hidden.without(Post.objects.filter(thread=thread), personas, aliases)
    return rows.order_by("seq").values_list("seq", flat=True)


def _posts(thread: Any, personas: Any, aliases: Any) -> QuerySet[Post]:
    return hidden.without(_with_faces().filter(thread=thread), personas, aliases).defer("text")


_new = Prepared(
    lambda mine, after, **seen: _seqs(**seen).exclude(byline__public_id__in=mine).filter(seq__gt=after)[:1]
)
_seqs_from = Prepared(lambda start, **seen: _seqs(**seen).filter(seq__gte=start)[: PAGE + 1])
_seqs_before = Prepared(lambda before, **seen: _seqs(**seen).filter(seq__lt=before).reverse()[:BEFORE_UNREAD])
_posts_from = Prepared(
    lambda start, **seen: _posts(**seen).filter(seq__gte=start).order_by("seq")[: PAGE + 1]
)
_posts_before = Prepared(
    lambda before, **seen: _posts(**seen).filter(seq__lt=before).order_by("-seq")[: PAGE + 1]
)
_worn = Prepared(lambda day, members: worn(day).filter(member__pk__in=members))


def _put_on(posts: list[Post]) -> None:
    """The badges that the writers of these posts wear, beside each of them."""
    members: dict[int, list[Badge]] = {
        persona.member_id: [] for post in posts if (persona := post.byline.persona)
    }
    for badge in _worn(day=clock.today(), members=sorted(members)) if members else ():
        members[badge.member_id].append(badge)
    for post in posts:
        if persona := post.byline.persona:
            persona.member.worn = members[persona.member_id]


def window(
    *, thread: Thread, read_to: int | None, mine: Sequence[str], place: Place, unseen: Hidden = NOBODY
) -> Window:
    """At most PAGE posts of a thread, as if those of `unseen` faces were not there. `read_to` is None for somebody
    who was never here: they begin with the first, and nothing is 'new'. Nor is what one wrote oneself: `mine` are
    one's own bylines."""
    seen = _Seen(thread=thread.pk, **unseen.lists)
    is_all_read = read_to is None or read_to >= thread.last_seq
    first_new = None if is_all_read else next(iter(seen.ask(_new, mine=list(mine), after=read_to)), None)
    start = place.after + 1 if place.after is not None else None
    if place.around is not None:
        start = _start(seen, place.around)
    elif start is None and place.before is None and not place.newest and first_new is not None:
        start = _start(seen, first_new)
    elif start is None and place.before is None and not place.newest and read_to is None:
        start = 1
    if start is not None:
        posts = seen.ask(_posts_from, start=start)
        earlier, later = bool(seen.ask(_seqs_before, before=start)), len(posts) > PAGE
        posts = posts[:PAGE]
    else:
        older = LAST if place.before is None else place.before
        posts = seen.ask(_posts_before, before=older)
        earlier, later = len(posts) > PAGE, place.before is not None
        posts = posts[:PAGE][::-1]
    for post in posts:
        post.thread = thread
    _put_on(posts)
    unread = next((post.seq for post in posts if first_new is not None and post.seq >= first_new), None)
    return Window(
        posts=posts,
        unread_from=unread,
        skips_unread=bool(posts) and first_new is not None and first_new < posts[0].seq,
        has_earlier=earlier,
        has_later=later,
    )


def _start(seen: _Seen, wanted: int) -> int | None:
    """Where to begin so that a post is in view, or None if it is among the newest anyway."""
    if len(seen.ask(_seqs_from, start=wanted)) <= PAGE - BEFORE_UNREAD:
        return None
    return min([wanted, *seen.ask(_seqs_before, before=wanted)])


def mark_of(post: Post) -> str:
    """What tells whether a post's text is still the one that somebody opened. It is for its writer alone."""
    return hashlib.sha256(post.text.encode()).hexdigest()[:32]
