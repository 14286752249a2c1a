"""Rows of the persona world that belong to groups, not to talk."""

from community.models.badges import Badge
from community.models.charters import Charter, Rule
from community.models.disclosures import Disclosure
from community.models.due import DueAct
from community.models.groups import Group
from community.models.joining import Invitation, JoinRequest
from community.models.library import Announcement, Resource
from community.models.members import Leaver, Member, Persona, SiteCode, SiteRole
from community.models.names import AnonymityPolicy
from community.models.own_lists import OwnList
from community.models.rota import DutyAddress, OffDuty, Shift
from community.models.services import Region, Service
from community.models.standing import Standing, StandingEvent, StandingStream

__all__ = [
    "Announcement", "AnonymityPolicy", "Badge", "Charter", "Disclosure", "DueAct", "DutyAddress", "Group", "Invitation",
    "JoinRequest", "Leaver", "Member", "OffDuty", "OwnList", "Persona", "Region", "Resource", "Rule", "Service",
    "Shift", "SiteCode", "SiteRole", "Standing", "StandingEvent", "StandingStream",
]  # fmt: skip
