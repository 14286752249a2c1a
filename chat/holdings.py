"""What talk holds of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable

from chat.enums import PostState
from chat.models import Alias, Byline, GroupActivity, Post, Reaction, ReadMark, Thread, ThreadEvent
from chat.selectors import later
from community.actions import due
from core import ledger
from core.registries import holdings
from core.registries.holdings import Owner, Row


def _own_threads(owner: Owner) -> list[str]:
    return list(Thread.objects.filter(group__public_id=owner.group).values_list("public_id", flat=True))


def _own_posts(owner: Owner) -> Iterable[Row]:
    posts = Post.objects.filter(byline__persona__member__owner_tag=owner.tag)
    yield from posts.order_by("thread_id", "seq").values("thread__title", "text", "posted_on", "state")
    yield from _waiting(owner, "name")


def _erase_posts(owner: Owner) -> None:
    from chat.actions.posts import erase_posts_of

    due.take_back(keys=_waiting_keys(owner, "name"))
    erase_posts_of(owner_tag=owner.tag)


def _waiting_keys(owner: Owner, face: str) -> list[bytes]:
    assert owner.key is not None
    both = [later.keys_for(key_of=owner.key, tid=thread) for thread in _own_threads(owner)]
    both.append(later.keys_to_open(key_of=owner.key, gid=owner.group))
    return [getattr(keys, face) for keys in both]


def _waiting(owner: Owner, face: str) -> Iterable[Row]:
    found = due.waiting(keys=_waiting_keys(owner, face))
    return [
        {"text": one.payload["text"], "state": "waiting", "handle": one.payload["handle"]} for one in found
    ]


def _reaction_keys(owner: Owner) -> list[bytes]:
    assert owner.key is not None
    posts = Post.objects.filter(thread__group__public_id=owner.group).values_list("public_id", flat=True)
    kinds = Reaction._meta.get_field("kind").choices or []
    return [owner.key(f"reaction:{kind}", post) for post in posts for kind, _ in kinds]


def _own_reactions(owner: Owner) -> Iterable[Row]:
    rows = Reaction.objects.filter(key__in=_reaction_keys(owner))
    return rows.values("kind", "post__thread__title")


def _erase_reactions(owner: Owner) -> None:
    Reaction.objects.filter(key__in=_reaction_keys(owner)).delete()


def _read_keys(owner: Owner) -> list[bytes]:
    assert owner.key is not None
    return [owner.key("read", thread) for thread in _own_threads(owner)]


def _own_marks(owner: Owner) -> Iterable[Row]:
    return ReadMark.objects.filter(key__in=_read_keys(owner)).values("seq")


def _erase_marks(owner: Owner) -> None:
    ReadMark.objects.filter(key__in=_read_keys(owner)).delete()


def _alias_keys(owner: Owner) -> list[bytes]:
    assert owner.key is not None
    return [owner.key("alias", thread) for thread in _own_threads(owner)]


def _own_aliases(owner: Owner) -> Iterable[Row]:
    yield from Alias.objects.filter(key__in=_alias_keys(owner)).values("handle", "thread__title")
    yield from _waiting(owner, "once")


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
    from chat.actions.posts import erase_alias, erase_post

    ledger.register("post", refs=_posts_there, erase=erase_post)
    ledger.register("alias", refs=_aliases_there, erase=erase_alias)
    holdings.hold(Post, export=_own_posts, erase=_erase_posts)
    holdings.hold(Reaction, export=_own_reactions, erase=_erase_reactions)
    holdings.hold(ReadMark, export=_own_marks, erase=_erase_marks)
    holdings.hold(Alias, export=_own_aliases, erase=_erase_aliases)
    holdings.keep(Byline, because="a face in one thread; its persona or alias is exported and erased")
    holdings.keep(Thread, because="a thread belongs to its group; its opening post is erased as a post")
    holdings.keep(ThreadEvent, because="ids and kinds only: the order of a thread outlives its posts")
    holdings.keep(GroupActivity, because="one counter a group")
