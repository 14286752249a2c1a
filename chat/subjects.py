"""Posts as something that moderation can look at, without knowing talk."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.urls import reverse
from django.utils.translation import gettext

from chat.actions import blocks, hiding
from chat.actions import bylines as signing
from chat.enums import PostState
from chat.models import Post
from chat.policies import Act, Face, may
from chat.policies.labels import kinds_for
from chat.selectors import bylines, hidden, posts, terms
from community.actions import left_tags
from community.selectors.here import Here
from core.registries.subjects import KeyOf, Line, Snapshot, Where


class PostSubject:
    """A post: its writer is known by the owner tag alone, an alias's writer too."""

    kind = "post"

    def describe(self, *, public_id: str) -> str:
        """What it is, in plain words, without a word of its text."""
        posts.anywhere(public_id=public_id)
        return gettext("A message")

    def may_be_reported(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """Whether somebody sees it here, and did not write it themselves."""
        post = posts.anywhere(public_id=public_id)
        return may(Act.REPORT, face=_face(post, viewer, key_of), post=post)

    def may_be_folded(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> bool:
        """Whether somebody may fold it while nobody of the team is here."""
        post = posts.anywhere(public_id=public_id)
        return terms.may_fold(face=_face(post, viewer, key_of), post=post)

    def stop_seeing_writer(self, *, viewer: Here, key_of: KeyOf, public_id: str) -> None:
        """Whoever reports it sees no more of the face that signed it. Nobody else can tell. Raises MayNot."""
        post = posts.anywhere(public_id=public_id)
        key = hidden.key_for(key_of=key_of, gid=viewer.group.public_id)
        blocks.mute(face=_face(post, viewer, key_of), key=key, other=post.byline.face)

    def page(self, *, public_id: str) -> str:
        """The address of its own page."""
        return _address("chat:post", posts.anywhere(public_id=public_id))

    def talk_page(self, *, public_id: str) -> str:
        """Where it stands among the others."""
        post = posts.anywhere(public_id=public_id)
        talk = reverse("chat:thread", args=[post.thread.group.public_id, post.thread.public_id])
        return f"{talk}?around={post.seq}#p-{post.public_id}"

    def edit_page(self, *, public_id: str) -> str:
        """Where its writer changes it, while somebody asks for that."""
        post = posts.anywhere(public_id=public_id)
        return _address("chat:post_edit", post) if post.state == PostState.ASKED else ""

    def advice_page(self, *, viewer: Here, public_id: str) -> str:
        """Where notes about the advice in it are, for whoever may add one. Whom they do not see is not asked: that
        would tell who wrote it."""
        post = posts.anywhere(public_id=public_id)
        may_add = may(Act.LABEL, face=Face(here=viewer), post=post) and kinds_for(viewer, badge="")
        return _address("chat:about", post) if may_add else ""

    def snapshot(self, *, public_id: str) -> Snapshot:
        """The post as it is now, with what stands around it. `version` grows with everything that happens to it."""
        post = posts.anywhere(public_id=public_id)
        around = [
            Line(by=one.byline.public_id, text=one.text, is_subject=one.pk == post.pk)
            for one in posts.around(post)
        ]
        return Snapshot(
            text=post.text,
            byline_public_id=post.byline.public_id,
            group_id=post.thread.group_id,
            version=posts.version_of(post),
            place=post.thread.public_id,
            is_alias=post.byline.alias_id is not None,
            context=tuple(around),
        )

    def where(self) -> Where:
        """The talk it is part of."""
        return Where(words=gettext("this talk"))

    def beside(self, *, public_id: str) -> Mapping[str, Line]:
        """What others wrote around it, the nearest first."""
        post = posts.anywhere(public_id=public_id)
        near = sorted(posts.around(post), key=lambda one: abs(one.seq - post.seq))
        others = [one for one in near if one.byline_id != post.byline_id]
        return {one.public_id: Line(by=one.byline.public_id, text=one.text) for one in others}

    def signed_as(self, *, public_id: str) -> str:
        """The name that signed it."""
        return posts.anywhere(public_id=public_id).byline.face.handle

    def names_near(self, *, public_id: str) -> Mapping[str, str]:
        """Every name that signed in its thread, by byline."""
        return bylines.names_in(thread=posts.anywhere(public_id=public_id).thread)

    def parties(self, *, public_id: str) -> Mapping[str, Collection[bytes]]:
        """Whose name stands in its text, and who is in a block with its writer."""
        post = posts.anywhere(public_id=public_id)
        return {"mentioned": bylines.tags_named_in(post), "blocked": bylines.tags_in_a_block_with(post)}

    def hide(self, *, public_id: str) -> None:
        """Nobody reads it until it is restored. Its text stays."""
        hiding.hide(post=posts.anywhere(public_id=public_id))

    def remove(self, *, public_id: str) -> None:
        """It is out of the talk. Its text stays as long as this can be undone."""
        hiding.remove(post=posts.anywhere(public_id=public_id))

    def ask_edit(self, *, public_id: str) -> None:
        """It is back once its writer changes it."""
        hiding.ask_edit(post=posts.anywhere(public_id=public_id))

    def warn(self, *, public_id: str, heads_up: str) -> None:
        """It opens with one press, under a heads-up."""
        hiding.warn(post=posts.anywhere(public_id=public_id), heads_up=heads_up)

    def fold(self, *, public_id: str) -> bool:
        """It opens with one press until the team has looked. Returns whether that was to be done."""
        return hiding.fold(public_id=public_id)

    def unfold(self, *, public_id: str) -> None:
        """The team has looked, or the time is over."""
        hiding.unfold(public_id=public_id)

    def restore(self, *, public_id: str) -> None:
        """It stands as it stood."""
        hiding.restore(post=posts.anywhere(public_id=public_id))

    def author_tag(self, *, public_id: str) -> bytes:
        """The owner tag that a limit follows."""
        return _tag_of(posts.anywhere(public_id=public_id))


def _face(post: Post, viewer: Here, key_of: KeyOf) -> Face:
    return hidden.face_in(here=viewer, key_of=key_of, tid=post.thread.public_id)


def _address(name: str, post: Post) -> str:
    return reverse(name, args=[post.thread.group.public_id, post.thread.public_id, post.public_id])


def _tag_of(post: Post) -> bytes:
    alias, persona = post.byline.alias, post.byline.persona
    if alias is not None:
        return signing.owner_tag_of(alias=alias)
    assert persona is not None
    return left_tags.tag_of(member=persona.member)
