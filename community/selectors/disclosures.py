"""What may this viewer see of this member? One function answers, and every page, file and socket asks it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from community import fact_kinds
from community.enums import Audience, Eyes
from community.errors import NotHere
from community.models import Disclosure, Group, Member, Persona
from community.selectors import names
from community.selectors.here import Here

NO_NEW_WORDS = gettext_noop(
    "You cannot write here freely just now, so you cannot show new words of your own. A limit is set for you. "
    "Pick “Only me” to keep them for yourself."
)


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks. Made from a place in a group, or made up, to see how something looks to them.

    A researcher in a study looks as a member does, and so does somebody who knows the member offline.
    """

    group_id: int = 0  # of the group they are in; 0: in none that matters
    member_id: int = 0  # who they are there; 0: made up
    is_team: bool = False

    @classmethod
    def at(cls, here: Here) -> Viewer:
        """Somebody who asks for a page."""
        return cls(group_id=here.group.pk, member_id=here.member.pk, is_team=here.is_team)

    @classmethod
    def like(cls, eyes: Eyes, *, group: Group) -> Viewer:
        """Somebody made up, who stands where `eyes` says."""
        if eyes == Eyes.STRANGER:
            return cls()
        return cls(group_id=group.pk, is_team=eyes == Eyes.MODERATOR)


@dataclass(frozen=True, kw_only=True)
class Detail:
    """One kind of fact at one precision, for one audience: a row, or what would become one."""

    kind: str
    level: str
    audience: Audience
    path: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody sees of a member. `persona` is None where not even the name is theirs to see."""

    persona: Persona | None
    details: tuple[Detail, ...] = ()

    @property
    def about(self) -> str:
        """The line that goes with the name."""
        return self.persona.about if self.persona else ""


def shown(viewer: Viewer, member: Member) -> Shown:
    """What this viewer may see of this member, now."""
    persona = Persona.objects.filter(member=member, is_current=True).first()
    return seen(viewer, member=member, persona=persona, details=details_of(member))


def seen(viewer: Viewer, *, member: Member, persona: Persona | None, details: Iterable[Detail]) -> Shown:
    """The rule itself, over details that are stored or that somebody thinks about. Nobody sees anything of a member
    without a name, or of a kind that the group does not use."""
    audiences = seen_by(viewer, member=member)
    if not audiences or (persona is None and Audience.ONLY_ME not in audiences):
        return Shown(persona=None)
    usable = kinds_in(member.group)
    found = {
        one.kind: one for one in details if one.audience in audiences and one.kind in usable and is_step(one)
    }
    return Shown(persona=persona, details=tuple(found[kind] for kind in usable if kind in found))


def seen_by(viewer: Viewer, *, member: Member) -> Collection[Audience]:
    """The audiences of a member that a viewer belongs to. Oneself belongs to all."""
    if viewer.group_id != member.group_id:
        return ()
    if viewer.member_id == member.pk:
        return tuple(Audience)
    return seen_of_others(viewer)


def seen_of_others(viewer: Viewer) -> Collection[Audience]:
    """The audiences a viewer belongs to for everybody else in their group."""
    return (Audience.MODERATORS, Audience.GROUP) if viewer.is_team else (Audience.GROUP,)


def kinds_in(group: Group) -> dict[str, fact_kinds.Kind]:
    """The kinds of fact that a group uses, in the order of the catalogue."""
    policy = names.policy_of(group)
    return {code: kind for code, kind in fact_kinds.kinds().items() if policy.asks(code) != "hidden"}


def details_of(member: Member) -> list[Detail]:
    """All that a member shows to anybody but themselves, whoever may see it: not to be handed out as it is."""
    rows = Disclosure.objects.filter(member=member).order_by("kind")
    return [
        Detail(kind=row.kind, level=row.level, audience=Audience(row.audience), path=row.path) for row in rows
    ]


def persona_here(*, here: Here, public_id: str) -> Persona:
    """A name of this group, also one that is not used any more. Raises NotHere."""
    names_here = Persona.objects.select_related("member", "member__group")
    found = names_here.filter(group=here.group, public_id=public_id).first()
    if found is None:
        raise NotHere
    return found


def is_writing(detail: Detail, *, before: Detail | None) -> bool:
    """Whether showing a detail after another is like writing a message: words of one's own that are new, or for more
    eyes."""
    kind = fact_kinds.kinds().get(detail.kind)
    if kind is None or kind.is_counted:
        return False
    return (
        before is None or before.path != detail.path or detail.audience == Audience.GROUP != before.audience
    )


def is_step(detail: Detail) -> bool:
    """Whether a detail says something that the catalogue knows, at the level it names."""
    kind = fact_kinds.kinds().get(detail.kind)
    return kind is not None and kind.level_of(detail.path) == detail.level
