"""What can be looked at by moderation: each kind of subject offers the same acts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

KeyOf = Callable[[str, str], bytes]  # in its owner's own request: kind, object -> key


@dataclass(frozen=True, kw_only=True)
class Line:
    """Something said around a subject, or the subject itself: `by` is the public id of the byline that signed it."""

    by: str
    text: str
    is_subject: bool = False


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A subject as it was at one moment: its text, the byline that signed it, where it stands (`place` is the public id
    of its thread), and what was said around it."""

    text: str
    byline_public_id: str
    group_id: int
    version: int
    place: str = ""
    is_alias: bool = False
    context: tuple[Line, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Where:
    """The place that a limit can be kept to, in words. `is_apart`: nobody outside of it sees it, so that a limit is
    kept to it unless somebody asks for more."""

    words: str
    is_apart: bool = False


class Subject(Protocol):
    """One kind of thing (a post) that moderation can act on without knowing the app behind it.

    `parties` are owner tags of people who are part of it, by how: 'mentioned', 'blocked'. `restore` takes back
    whatever was done to it. A `viewer` is somebody's place in its group: whoever cannot see it, or made it, has
    nothing to report. `talk_page` is where it stands among the others, `edit_page` where its writer changes it, or ''
    where nobody asked for that, `advice_page` where a viewer adds a note about the advice in it, or '' where they may
    not, the same whoever wrote it. `names_near` are the names that signed around it, by the public id of their byline;
    `beside` is what others wrote around it, as it is now, by public id, the nearest first. `where` is None for what
    stands in no place. `fold` returns whether that was to be done; after `unfold`, folded before or not, it is not
    folded again as it is.
    """

    kind: str

    def describe(self, *, public_id: str) -> str: ...
    def may_be_reported(self, *, viewer: Any, key_of: KeyOf, public_id: str) -> bool: ...
    def may_be_folded(self, *, viewer: Any, key_of: KeyOf, public_id: str) -> bool: ...
    def stop_seeing_writer(self, *, viewer: Any, key_of: KeyOf, public_id: str) -> None: ...
    def page(self, *, public_id: str) -> str: ...
    def talk_page(self, *, public_id: str) -> str: ...
    def edit_page(self, *, public_id: str) -> str: ...
    def advice_page(self, *, viewer: Any, public_id: str) -> str: ...
    def snapshot(self, *, public_id: str) -> Snapshot: ...
    def where(self) -> Where | None: ...
    def beside(self, *, public_id: str) -> Mapping[str, Line]: ...
    def names_near(self, *, public_id: str) -> Mapping[str, str]: ...
    def signed_as(self, *, public_id: str) -> str: ...
    def author_tag(self, *, public_id: str) -> bytes: ...
    def parties(self, *, public_id: str) -> Mapping[str, Collection[bytes]]: ...
    def hide(self, *, public_id: str) -> None: ...
    def remove(self, *, public_id: str) -> None: ...
    def ask_edit(self, *, public_id: str) -> None: ...
    def warn(self, *, public_id: str, heads_up: str) -> None: ...
    def fold(self, *, public_id: str) -> bool: ...
    def unfold(self, *, public_id: str) -> None: ...
    def restore(self, *, public_id: str) -> None: ...


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Offer a kind of subject to moderation."""
    _subjects[subject.kind] = subject


def subjects() -> dict[str, Subject]:
    """All kinds of subject by name."""
    return dict(_subjects)
