"""What talk holds of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from django.db.models import Exists, OuterRef, QuerySet

from chat.enums import KEPT_BACK, Folding, LabelKind, PostState
from chat.models import (
    Alias,
    Block,
    Byline,
    Dispute,
    GroupActivity,
    GroupRhythm,
    Label,
    Mute,
    Post,
    Proposal,
    Reaction,
    ReadMark,
    Signing,
    Statement,
    Thanks,
    Thread,
    ThreadEvent,
)
from chat.selectors import hidden, later
from community.actions import due
from community.models import Member
from core import ids, ledger
from core.registries import holdings
from core.registries.holdings import Apart, Owner, Row


def _own_threads(owner: Owner) -> list[str]:
    return list(Thread.objects.filter(group__public_id=owner.group).values_list("public_id", flat=True))


def _own_posts(owner: Owner) -> Iterable[Row]:
    """Under every face of one's own: "signed as" says which."""
    yield from _written(owner, Post.objects.filter(byline__persona__member__owner_tag=owner.tag))
    yield from _waiting(owner, "name")
    yield from _written(owner, Post.objects.filter(byline__alias__key__in=_alias_keys(owner)))
    yield from _waiting(owner, "once")


def _written(owner: Owner, posts: QuerySet[Post]) -> Iterator[Row]:
    untitled = _untitled(owner)
    faces = posts.select_related("thread", "byline__persona", "byline__alias")
    for post in faces.exclude(state=PostState.DELETED).order_by("thread_id", "seq").iterator():
        yield {
            "talk": "" if post.thread_id in untitled else post.thread.title,
            "message": post.text,
            "day": post.posted_on,
            "signed as": post.byline.face.handle,
            "kept back by the team": post.get_state_display().lower() if post.state in KEPT_BACK else None,
            "heads-up by the team": post.heads_up or None,
            "folded until the team has looked": post.folding == Folding.FOLDED or None,
            "goes by itself on": post.expires_on,
            "about this advice": "; ".join(map(_label_words, post.about)) or None,
        }


def _untitled(owner: Owner) -> frozenset[int]:
    """The threads, by key, whose title is not in a copy: their owner does not see who opened them, and wrote it."""
    assert owner.key is not None
    members = list(Member.objects.filter(owner_tag=owner.tag))
    own = hidden.key_for(key_of=owner.key, gid=owner.group)
    hidings = hidden.among(members=members, keys=[own], strong=False)
    if not hidings.all:
        return frozenset()
    earlier = Post.objects.filter(thread=OuterRef("thread"), seq__lt=OuterRef("seq"))
    openers = Post.objects.filter(~Exists(earlier), thread__group__public_id=owner.group)
    seen = hidden.seen_in_lists(openers, hidings, alias_keys=_alias_keys(owner))
    return frozenset(openers.exclude(pk__in=seen).values_list("thread_id", flat=True))


def _label_words(said: dict[str, str]) -> str:
    """A label in one line: what, by whom, when, and where it comes from."""
    kind, role = LabelKind(said["kind"]).label, said["role"].replace("_", " ")
    source = " ".join(part for part in (said["source"], said["link"]) if part)
    return f"{kind} ({role}, {said['on']}, to look at again by {said['until']}) {source}".strip()


def _erase_posts(owner: Owner) -> None:
    from chat.actions.posts import erase_posts_of

    due.take_back(keys=_waiting_keys(owner, "name"))
    erase_posts_of(owner_tag=owner.tag)


def _waiting_keys(owner: Owner, face: str) -> list[bytes]:
    assert owner.key is not None
    both = [later.keys_for(key_of=owner.key, tid=thread) for thread in _own_threads(owner)]
    both.append(later.keys_to_open(key_of=owner.key, gid=owner.group))
    return [key for keys in both for key in ([keys.name] if face == "name" else keys.once)]


def _waiting(owner: Owner, face: str) -> Iterable[Row]:
    for one in due.waiting(keys=_waiting_keys(owner, face)):
        yield {
            "message": one.payload["text"],
            "signed as": one.payload["handle"],
            "waits to appear": True,
            "why it does not": one.reason,
        }


def _reactions(owner: Owner) -> Iterator[Reaction]:
    """One's own, by making the key that each would have: a row says what, never who."""
    assert owner.key is not None
    found = Reaction.objects.filter(post__thread__group__public_id=owner.group).select_related("post__thread")
    rows = found.only("kind", "key", "post__public_id", "post__thread__title")
    for row in rows.iterator():
        if owner.key(f"reaction:{row.kind}", row.post.public_id) == bytes(row.key):
            yield row


def _own_reactions(owner: Owner) -> Iterable[Row]:
    untitled = _untitled(owner)
    for row in _reactions(owner):
        title = "" if row.post.thread_id in untitled else row.post.thread.title
        yield {"talk": title, "you said": row.get_kind_display()}


def _erase_reactions(owner: Owner) -> None:
    Reaction.objects.filter(pk__in=[row.pk for row in _reactions(owner)]).delete()


def _thanks(owner: Owner) -> Iterator[Thanks]:
    assert owner.key is not None
    found = Thanks.objects.filter(post__thread__group__public_id=owner.group).select_related("post__thread")
    for row in found.iterator():
        if owner.key("thanks", row.post.public_id) == bytes(row.key):
            yield row


def _own_thanks(owner: Owner) -> Iterable[Row]:
    untitled = _untitled(owner)
    for row in _thanks(owner):
        title = "" if row.post.thread_id in untitled else row.post.thread.title
        yield {"talk": title, "you said": "it helped me"}


def _erase_thanks(owner: Owner) -> None:
    Thanks.objects.filter(pk__in=[row.pk for row in _thanks(owner)]).delete()


def _read_keys(owner: Owner) -> list[bytes]:
    assert owner.key is not None
    return [owner.key("read", thread) for thread in _own_threads(owner)]


def _own_marks(owner: Owner) -> Iterable[Row]:
    for mark in ReadMark.objects.filter(key__in=_read_keys(owner)):
        yield {"read up to message": mark.seq}


def _erase_marks(owner: Owner) -> None:
    ReadMark.objects.filter(key__in=_read_keys(owner)).delete()


def _mutes(owner: Owner) -> QuerySet[Mute]:
    assert owner.key is not None
    return Mute.objects.filter(key=owner.key("mutes", owner.group))


def _own_mutes(owner: Owner) -> Iterable[Row]:
    for row in _mutes(owner).select_related("persona", "alias"):
        yield {"name": (row.persona or row.alias).handle}  # type: ignore[union-attr]  # one of the two, always


def _erase_mutes(owner: Owner) -> None:
    _mutes(owner).delete()


def _blocks(owner: Owner) -> QuerySet[Block]:
    return Block.objects.filter(by__member__owner_tag=owner.tag)


def _own_blocks(owner: Owner) -> Iterable[Row]:
    for row in _blocks(owner).select_related("by", "blocked"):
        yield {"you as": row.by.handle, "name": row.blocked.handle}


def _erase_blocks(owner: Owner) -> None:
    _blocks(owner).delete()


def _labels(owner: Owner) -> list[Label]:
    """Those one gave, by making the key that each would have."""
    assert owner.key is not None
    found = Label.objects.filter(post__thread__group__public_id=owner.group).select_related("post__thread")
    return [row for row in found.iterator() if owner.key("label", row.public_id) == bytes(row.key)]


def _own_labels(owner: Owner) -> Iterable[Row]:
    untitled = _untitled(owner)
    for row in _labels(owner):
        title = "" if row.post.thread_id in untitled else row.post.thread.title
        yield {"talk": title, "about the advice": row.get_kind_display(), "day": row.added_on}


def _erase_labels(owner: Owner) -> None:
    """They stay, and nobody can tell any more whose they were."""
    for row in _labels(owner):
        Label.objects.filter(pk=row.pk).update(key=ids.new_secret())


def _disputes(owner: Owner) -> QuerySet[Dispute]:
    assert owner.key is not None
    labels = Label.objects.filter(post__thread__group__public_id=owner.group)
    keys = [owner.key("dispute", public_id) for public_id in labels.values_list("public_id", flat=True)]
    return Dispute.objects.filter(key__in=keys)


def _own_disputes(owner: Owner) -> Iterable[Row]:
    untitled = _untitled(owner)
    for row in _disputes(owner).select_related("label__post__thread"):
        thread = row.label.post.thread
        yield {
            "talk": "" if thread.pk in untitled else thread.title,
            "about the advice": row.label.get_kind_display(),
            "you said": row.text,
            "the team answered": row.answer or None,
        }


def _dispute_refs(owner: Owner) -> Iterable[str]:
    return [str(row.pk) for row in _disputes(owner)]


def _disputes_there() -> Iterable[str]:
    return map(str, Dispute.objects.exclude(text="").values_list("pk", flat=True).iterator())


def _signings(owner: Owner) -> QuerySet[Signing]:
    assert owner.key is not None
    tids = Statement.objects.filter(thread__group__public_id=owner.group).values_list(
        "thread__public_id", flat=True
    )
    return Signing.objects.filter(key__in=[owner.key("statement", tid) for tid in tids])


def _own_signings(owner: Owner) -> Iterable[Row]:
    for row in _signings(owner).select_related("statement"):
        yield {"joint statement": row.statement.title, "you said": "I stand behind this"}


def _erase_signings(owner: Owner) -> None:
    _signings(owner).delete()


def _alias_keys(owner: Owner) -> list[bytes]:
    assert owner.key is not None
    return [owner.key("alias", thread) for thread in _own_threads(owner)]


def _own_aliases(owner: Owner) -> Iterable[Row]:
    keys, untitled = _alias_keys(owner), _untitled(owner)
    for alias in Alias.objects.filter(key__in=keys).select_related("thread"):
        title = "" if alias.thread_id in untitled else alias.thread.title
        yield {"talk": title, "one-thread name": alias.handle}


def _erase_aliases(owner: Owner) -> None:
    from chat.actions.posts import erase_alias_posts_of

    due.take_back(keys=_waiting_keys(owner, "once"))
    erase_alias_posts_of(keys=_alias_keys(owner))


def _posts_there() -> Iterable[str]:
    posts = Post.objects.exclude(state=PostState.DELETED)
    return posts.values_list("public_id", flat=True).iterator()


def _aliases_there() -> Iterable[str]:
    return map(str, Alias.objects.exclude(handle="").values_list("pk", flat=True).iterator())


def register() -> None:
    """Register every model of talk, and what the ledger of erasures can name."""
    from chat.actions.labels import forget_dispute
    from chat.actions.posts import AROUND, erase_alias, erase_post

    ledger.register_waiting(AROUND, rows=partial(due.lines, AROUND), restore=partial(due.restore, AROUND))
    ledger.register("post", refs=_posts_there, erase=erase_post)
    ledger.register("alias", refs=_aliases_there, erase=erase_alias)
    ledger.register("dispute", refs=_disputes_there, erase=forget_dispute)
    holdings.hold(Post, export=_own_posts, erase=_erase_posts, title="Your messages")
    holdings.hold(Reaction, export=_own_reactions, erase=_erase_reactions, title="Kind words you gave")
    holdings.hold(Thanks, export=_own_thanks, erase=_erase_thanks, title="What helped you")
    holdings.hold(ReadMark, export=_own_marks, erase=_erase_marks, title="How far you read")
    holdings.hold(Mute, export=_own_mutes, erase=_erase_mutes, title="Whom you do not see", is_unseen=True)
    holdings.hold(Block, export=_own_blocks, erase=_erase_blocks, title="Whom you do not see, nor they you")
    holdings.hold(Alias, export=_own_aliases, erase=_erase_aliases, title="Your one-thread names")
    holdings.hold(
        Label,
        export=_own_labels,
        erase=_erase_labels,
        title="Notes about advice that you added",
        is_unseen=True,
    )
    disputes = Apart(refs=_dispute_refs, erase=forget_dispute)
    holdings.hold(Dispute, export=_own_disputes, erase=disputes, title="Where you said a note is not right")
    holdings.keep(Byline, because="a face in one thread; its persona or alias is exported and erased")
    holdings.keep(Thread, because="a thread belongs to its group; its opening post is erased as a post")
    holdings.hold(
        Signing, export=_own_signings, erase=_erase_signings, title="What you stand behind", is_unseen=True
    )
    holdings.keep(Statement, because="words of a group; no row says who wrote or agreed to them")
    holdings.keep(Proposal, because="a question to a group and its leads' answer; its words are a post's")
    holdings.keep(ThreadEvent, because="ids and kinds only: the order of a thread outlives its posts")
    holdings.keep(GroupActivity, because="one counter a group")
    holdings.keep(
        GroupRhythm, because="counts of a whole group, half of them drawn by lot; points to no post"
    )
