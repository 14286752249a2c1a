"""How names work in a group: a change is a new version, and no version goes below the floor."""

from __future__ import annotations

from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.actions import roles
from community.enums import Asking, OneThread, Times, WhatMatters
from community.errors import MayNot
from community.models import AnonymityPolicy, Group
from community.selectors import here as places
from community.selectors.here import Here
from community.selectors.names import Policy, policy_of
from core import clock

Listener = Callable[[Group, Policy], None]
_listeners: list[Listener] = []


def after_publishing(listen: Listener) -> None:
    """Have something done in the transaction of each new version, such as forgetting what is no longer shown."""
    _listeners.append(listen)


def publish_names(*, here: Here, policy: Policy, name: str, base_version: int) -> AnonymityPolicy:
    """Publish a new version, written from `base_version`: a newer one in between refuses it. Raises MayNot."""
    policies.require("publish_names", here)
    if policy == policy_of(here.group):
        raise MayNot(_("Nothing is different yet. Change something first."))
    try:
        with transaction.atomic():
            roles.lock(group_id=here.group.pk)
            policies.require("publish_names", places.again(here))
            row = write_names(group=here.group, policy=policy, name=name, version=base_version + 1)
            append(
                scope=here.group.public_id,
                act="changed names",
                actor_role="group lead",
                ref=str(row.version),
                payload={},
            )
            return row
    except IntegrityError:
        raise MayNot(_("Someone else changed this while you were choosing. Look at theirs first.")) from None


def write_names(*, group: Group, policy: Policy, name: str, version: int) -> AnonymityPolicy:
    """The row of one version, in force from now on. Raises IntegrityError where another one came first."""
    require_floor(policy)
    row = AnonymityPolicy.objects.create(
        group=group,
        version=version,
        name=name,
        one_thread=policy.one_thread,
        asks={kind: str(asking) for kind, asking in policy.fact_kinds.items()},
        what_matters=policy.what_matters,
        times=policy.times,
        rhythm=policy.rhythm,
        published_on=clock.today(),
    )
    if not Group.objects.filter(pk=group.pk, names_version=version - 1).update(names_version=version):
        raise IntegrityError
    for listen in _listeners:
        listen(group, policy)
    return row


def require_floor(policy: Policy) -> None:
    """Refuse what is less private than any group may be: what is none of the choices has no place in a version."""
    allowed = (
        (policy.one_thread, OneThread),
        (policy.what_matters, WhatMatters),
        (policy.times, Times),
        *((asking, Asking) for asking in policy.fact_kinds.values()),
    )
    if any(value not in choices.values for value, choices in allowed):
        raise MayNot(_("No group can go below this. It protects everyone here."))
