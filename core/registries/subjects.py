"""What can be looked at by moderation: each kind of subject offers the same five acts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A subject as it was at one moment: its text, the byline that signed it, and where it stands."""

    text: str
    byline_public_id: str
    group_id: int
    version: int


class Subject(Protocol):
    """One kind of thing (a post, a thread) that moderation can act on without knowing the app behind it."""

    kind: str

    def describe(self, *, public_id: str) -> str: ...
    def snapshot(self, *, public_id: str) -> Snapshot: ...
    def hide(self, *, public_id: str) -> None: ...
    def restore(self, *, public_id: str) -> None: ...
    def author_tag(self, *, public_id: str) -> bytes: ...


_subjects: dict[str, Subject] = {}


def register(subject: Subject) -> None:
    """Offer a kind of subject to moderation."""
    _subjects[subject.kind] = subject


def subjects() -> dict[str, Subject]:
    """All kinds of subject by name."""
    return dict(_subjects)
