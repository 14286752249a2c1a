"""Charters: a change is a new version; members accept it before they next post."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.actions import append
from community import policies
from community.actions import roles
from community.errors import MayNot
from community.models import Charter, Group, Member, Rule
from community.selectors import here as places
from community.selectors.here import Here
from community.starter import CharterText
from core import clock


def publish_charter(*, here: Here, text: CharterText, base_version: int) -> Charter:
    """Publish a new version. `base_version` is the one it was written from: a newer one in between refuses it.

    The lead who publishes has read it: their own acceptance moves along.
    """
    try:
        with transaction.atomic():
            roles.lock(group_id=here.group.pk)
            policies.require("publish_charter", places.again(here))
            charter = write_version(group=here.group, text=text, version=base_version + 1)
            moved = Group.objects.filter(pk=here.group.pk, charter_version=base_version)
            if not moved.update(charter_version=charter.version):
                raise IntegrityError
            Member.objects.filter(pk=here.member.pk).update(accepted_version=charter.version)
            append(
                scope=here.group.public_id,
                act="changed promise",
                actor_role="group lead",
                ref=str(charter.version),
                payload={},
            )
    except IntegrityError:
        raise MayNot(
            _("Someone else changed the promise while you were writing. Look at theirs first.")
        ) from None
    return charter


def write_version(*, group: Group, text: CharterText, version: int) -> Charter:
    """The rows of one version. The group does not follow it yet."""
    charter = Charter.objects.create(
        group=group,
        version=version,
        purpose=text.purpose,
        what_it_is_not=text.what_it_is_not,
        who_can_see=text.who_can_see,
        third_party_privacy=text.third_party_privacy,
        easy_read=text.easy_read,
        published_on=clock.today(),
    )
    Rule.objects.bulk_create(
        Rule(
            charter=charter,
            position=position,
            code=rule.code,
            text=rule.text,
            example=rule.example,
            consequence=rule.consequence,
        )
        for position, rule in enumerate(text.rules)
    )
    return charter


def accept_charter(*, here: Here, version: int) -> bool:
    """Accept the version that was read. False if a newer one is in force by now: it has to be read first."""
    policies.require("accept_charter", here)
    if version != here.group.charter_version:
        return False
    Member.objects.filter(pk=here.member.pk, accepted_version__lt=version).update(accepted_version=version)
    return True
