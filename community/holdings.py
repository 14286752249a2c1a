"""What groups hold of a person, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.utils.formats import date_format

from community import duty_addresses, fact_kinds
from community.actions import disclosures, due, erasing, lines, personas
from community.forms.appointment import AppointmentForm
from community.handles import NAME_OF_THE_GONE
from community.models import (
    Announcement,
    AnonymityPolicy,
    Badge,
    Charter,
    Disclosure,
    DueAct,
    DutyAddress,
    Group,
    Invitation,
    JoinRequest,
    Leaver,
    Member,
    OffDuty,
    OwnList,
    Persona,
    Region,
    Resource,
    Rule,
    Service,
    Shift,
    SiteCode,
    SiteRole,
    Standing,
    StandingEvent,
    StandingStream,
)
from community.selectors import badges, own_lists
from core import ledger
from core.registries import holdings
from core.registries.holdings import Apart, Owner, Row


def _own_member(owner: Owner) -> Iterable[Row]:
    for member in Member.objects.filter(owner_tag=owner.tag):
        yield {
            "role": member.get_role_display(),
            "agreed to version of the group promise": member.accepted_version,
            "joined in the month of": date_format(member.joined_month, "F Y"),
        }


def _erase_member(owner: Owner) -> None:
    from community.actions.leaving import forget_member

    forget_member(owner_tag=owner.tag)


def _own_personas(owner: Owner) -> Iterable[Row]:
    for persona in Persona.objects.filter(member__owner_tag=owner.tag):
        yield {"name": persona.handle, "about": persona.about, "in use": persona.is_current}


def _own_duty_address(owner: Owner) -> Iterable[Row]:
    for member in Member.objects.filter(owner_tag=owner.tag):
        address, waits = duty_addresses.own(member=member)
        if address:
            yield {"while it is your time to help, a mail goes to": address, "waits for its code": waits}


def _erase_duty_address(owner: Owner) -> None:
    DutyAddress.objects.filter(member__owner_tag=owner.tag).delete()


def _own_request(owner: Owner) -> Iterable[Row]:
    for asked in JoinRequest.objects.filter(owner_tag=owner.tag):
        yield {
            "asked on": asked.asked_on,
            "your answer": asked.answer,
            "what became of it": asked.get_state_display(),
            "note to you": asked.note,
        }


def _erase_request(owner: Owner) -> None:
    JoinRequest.objects.filter(owner_tag=owner.tag).delete()


def _own_badges(owner: Owner) -> Iterable[Row]:
    for badge in Badge.objects.filter(member__owner_tag=owner.tag, checked_month__isnull=False):
        yield {
            "checked as": badge.role,
            "by": badge.get_proof_display(),
            "for": badge.organisation or None,
            "in the month of": badge.checked_month and date_format(badge.checked_month, "F Y"),
            "until": badge.expires_on,
            "shown beside your name": badge.is_worn,
        }
    for badge in _proposed(owner):
        yield {"you said that somebody was checked as": badge.role, "on": badge.proposed_on}


def _proposed(owner: Owner) -> list[Badge]:
    """Those one proposed and nobody confirmed, by making the key that each would have."""
    assert owner.key is not None
    rows = Badge.objects.filter(member__group__public_id=owner.group, by_two=False)
    return [row for row in rows if owner.key(badges.KIND, row.public_id) == bytes(row.key)]


def _erase_badges(owner: Owner) -> None:
    """One's own go with the member; those one proposed stay, and nobody can tell whose word they are."""
    from community.actions.badges import untie

    untie(rows=_proposed(owner))


def _badges_there() -> Iterable[str]:
    return map(str, Badge.objects.values_list("pk", flat=True).iterator())


def _own_disclosures(owner: Owner) -> Iterable[Row]:
    kinds = fact_kinds.kinds()
    for row in Disclosure.objects.filter(member__owner_tag=owner.tag):
        if row.kind in kinds:
            yield {
                "what": kinds[row.kind].name,
                "as": kinds[row.kind].words(row.path),
                "seen by": row.get_audience_display(),
            }
    yield from _updates(owner)


def _updates(owner: Owner) -> Iterable[Row]:
    assert owner.key is not None
    kinds = fact_kinds.kinds()
    for one in due.waiting(keys=[owner.key("due", disclosures.waits_under(owner.group))]):
        if one.payload.get("kind") in kinds:
            kind = kinds[one.payload["kind"]]
            yield {"what": kind.name, "as": kind.words(one.payload["path"]), "from": "a little later"}


def _erase_disclosures(owner: Owner) -> None:
    if owner.key:
        due.take_back(keys=[owner.key("due", disclosures.waits_under(owner.group))])
    for member in Member.objects.filter(owner_tag=owner.tag):
        disclosures.show_nothing(member=member)


def _disclosures_there() -> Iterable[str]:
    return map(str, Disclosure.objects.values_list("pk", flat=True).iterator())


def _resources(owner: Owner) -> list[Resource]:
    """Those one suggested, by making the key that each would have."""
    assert owner.key is not None
    rows = Resource.objects.filter(group__public_id=owner.group)
    return [row for row in rows.iterator() if owner.key("resource", row.public_id) == bytes(row.key)]


def _own_resources(owner: Owner) -> Iterable[Row]:
    for row in _resources(owner):
        yield {
            "what": row.title,
            "how it helps": row.note,
            "where": row.link,
            "on the shelf": row.is_shelved,
            "the team answered": row.answer or None,
        }


def _resource_refs(owner: Owner) -> Iterable[str]:
    return [str(row.pk) for row in _resources(owner)]


def _resources_there() -> Iterable[str]:
    return map(str, Resource.objects.values_list("pk", flat=True).iterator())


def _own_list(owner: Owner) -> Iterable[Row]:
    """Opened with the key that its owner brings."""
    assert owner.key is not None
    if lines := own_lists.read(keys=own_lists.keys_for(key_of=owner.key, gid=owner.group)):
        yield {str(AppointmentForm.base_fields[name].label): text for name, text in lines.items()}


def _erase_list(owner: Owner) -> None:
    assert owner.key is not None
    OwnList.objects.filter(key=owner.key("appointment", owner.group)).delete()


def _own_standing(owner: Owner) -> Iterable[Row]:
    for limit in Standing.objects.filter(owner_tag=owner.tag):
        yield {"you may read": limit.may_read, "you may write": limit.may_post, "until": limit.until}


def _with_member(owner: Owner) -> None:
    """What these rows say of a person goes, and is untied from them, when the member's row is."""


def _stays(owner: Owner) -> None:
    """A limit binds through leaving and rejoining; it goes when the account is finally deleted."""


def _members_there() -> Iterable[str]:
    return map(str, Member.objects.filter(left_month=None).values_list("pk", flat=True).iterator())


def _acts_there() -> Iterable[str]:
    return map(str, DueAct.objects.values_list("pk", flat=True).iterator())


def _names_there() -> Iterable[str]:
    names = Persona.objects.exclude(handle=NAME_OF_THE_GONE)
    return map(str, names.values_list("pk", flat=True).iterator())


def register() -> None:
    """Register every model of groups, and what the ledger of erasures can name."""
    from community.actions import library
    from community.actions.badges import forget as forget_badge
    from community.actions.leaving import forget_member_again, forget_name

    ledger.register("disclosure", refs=_disclosures_there, erase=disclosures.forget)
    ledger.register(due.KIND, refs=_acts_there, erase=due.forget)
    going = erasing.ACT
    ledger.register_waiting(going, rows=partial(due.lines, going), restore=erasing.restore)
    for act in (erasing.LAST, personas.TAKE_AWAY):
        ledger.register_waiting(act, rows=partial(due.lines, act), restore=partial(due.restore, act))
    ledger.register(lines.KIND, refs=lines.there, erase=lines.forget)
    ledger.register("name", refs=_names_there, erase=forget_name)
    ledger.register("member", refs=_members_there, erase=forget_member_again)
    holdings.hold(Persona, export=_own_personas, erase=_with_member, title="Your names here")
    holdings.hold(Disclosure, export=_own_disclosures, erase=_erase_disclosures, title="What you show")
    ledger.register(badges.KIND, refs=_badges_there, erase=forget_badge)
    holdings.hold(Badge, export=_own_badges, erase=_erase_badges, title="Checked roles")
    holdings.hold(Member, export=_own_member, erase=_erase_member, title="Your place in this group")
    holdings.hold(JoinRequest, export=_own_request, erase=_erase_request, title="Your requests to join")
    holdings.hold(Standing, export=_own_standing, erase=_stays, title="Limits")
    holdings.stays(Standing)
    ledger.register("suggestion", refs=_resources_there, erase=library.forget)
    resources = Apart(refs=_resource_refs, erase=library.forget)
    holdings.hold(Resource, export=_own_resources, erase=resources, title="What you suggested to read")
    holdings.hold(
        OwnList, export=_own_list, erase=_erase_list, title="Your list for an appointment", is_unseen=True
    )
    holdings.keep(DueAct, because="each app's holding exports and takes back the acts it asked for")
    holdings.keep(Leaver, because="says that somebody left a group; gone with their account")
    holdings.keep(Group, because="belongs to everyone in it")
    holdings.keep(Announcement, because="belongs to its group; no row says who wrote it")
    for model in (Charter, Rule, AnonymityPolicy):
        holdings.keep(model, because="belongs to its group")
    holdings.keep(Invitation, because="says which code exists, never who made or used it")
    holdings.keep(Shift, because="the rota of a group, goes with the member who has the shift")
    holdings.hold(
        DutyAddress,
        export=_own_duty_address,
        erase=_erase_duty_address,
        title="Where you are told of a worry",
    )
    holdings.keep(OffDuty, because="goes with the member who is away")
    holdings.keep(Region, because="public facts")
    holdings.keep(Service, because="public facts")
    holdings.keep(SiteCode, because="says which code exists, never whose it is")
    holdings.keep(SiteRole, because="a role of the installation, taken away by the one who gave it")
    holdings.keep(StandingStream, because="one counter for the whole site")
    holdings.keep(StandingEvent, because="gone within minutes")
