"""The demo's groups with both versions of their charters, and names for their people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from community import avatars, handles
from community.actions import names
from community.enums import Asking, OneThread, Times, WhatMatters
from community.models import Charter, Group, Member, Persona, Rule
from community.selectors.names import Policy
from config.demo import content
from core import clock

FIRST_VERSION_DAYS_AGO = 130
CHANGED_DAYS_AGO = 20


def open_group(data: dict[str, Any]) -> Group:
    """A group whose charter changed once since it opened."""
    facts = {key: value for key, value in data["group"].items() if key not in {"key", "size"}}
    group = Group.objects.create(**facts, charter_version=2, tone=tone_of(data["group"]["key"]))
    changes = {change["code"]: change["old_text"] for change in data["charter"].get("changes", [])}
    _charter(group, data["charter"], version=1, days_ago=FIRST_VERSION_DAYS_AGO, instead=changes)
    _charter(group, data["charter"], version=2, days_ago=CHANGED_DAYS_AGO, instead={})
    _names(group, data["names"])
    return group


def _names(group: Group, data: dict[str, Any]) -> None:
    """How names work in a group, chosen when it opened."""
    with clock.held_at(clock.now() - dt.timedelta(days=FIRST_VERSION_DAYS_AGO)):
        names.write_names(group=group, policy=policy_from(data), name=data["name"], version=1)
    group.names_version = 1


def policy_from(data: dict[str, Any]) -> Policy:
    """The settings of a `[names]` table."""
    return Policy(
        one_thread=OneThread(data["one_thread"]),
        fact_kinds={kind: Asking(asking) for kind, asking in data["asks"].items()},
        what_matters=WhatMatters(data["what_matters"]),
        times=Times(data["times"]),
        rhythm=data["rhythm"],
    )


def tone_of(key: str) -> int:
    """One of the eight edge colours, another for each of the six groups."""
    return ["bipolar", "diabetes", "dementia", "parents", "teachers", "mpox"].index(key)


def name_member(*, member: Member, handle: str, about: str) -> Persona:
    """Give a made-up person their name."""
    return Persona.objects.create(
        member=member,
        group=member.group,
        handle=handle,
        handle_key=handles.key_of(handle),
        about=about,
        avatar_svg=new_picture(),
    )


def _charter(
    group: Group, data: dict[str, Any], *, version: int, days_ago: int, instead: dict[str, str]
) -> None:
    charter = Charter.objects.create(
        group=group,
        version=version,
        purpose=data["purpose"],
        what_it_is_not=data["what_it_is_not"],
        who_can_see=data["who_can_see"],
        third_party_privacy=data["third_party_privacy"],
        easy_read=data["easy_read"],
        published_on=clock.today() - dt.timedelta(days=days_ago),
    )
    for position, rule in enumerate(data["rules"]):
        Rule.objects.create(
            charter=charter,
            position=position,
            code=rule["code"],
            text=instead.get(rule["code"], rule["text"]),
            example=rule.get("example", ""),
            consequence=rule.get("consequence", ""),
        )


def new_picture() -> str:
    """A fresh avatar."""
    return avatars.draw(choice=avatars.propose(n=1)[0].choice)


def public_id_of(key: str) -> str:
    """The public id of a loaded group."""
    return Group.objects.get(name=content.names()[key]).public_id
