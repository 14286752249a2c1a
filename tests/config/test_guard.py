"""Demo and real data never mix."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from community.models import Group, SiteCode
from config import guard
from tests.people import make_group


@pytest.mark.django_db
def test_the_demo_refuses_real_accounts(settings) -> None:
    settings.KITH_DEMO = True
    guard.check()
    Account.objects.create(username="quiet-harbour-1234")
    with pytest.raises(guard.MixedData, match="cannot be switched on"):
        guard.check()


@pytest.mark.django_db
def test_the_demo_refuses_real_groups(settings) -> None:
    settings.KITH_DEMO = True
    make_group(name="harbour")
    with pytest.raises(guard.MixedData, match="cannot be switched on"):
        guard.check()


@pytest.mark.django_db
def test_a_real_kith_refuses_the_demos_accounts(settings) -> None:
    Account.objects.create(username=guard.DEMO_SIGN_IN)
    settings.KITH_DEMO = True
    guard.check()
    settings.KITH_DEMO = False
    with pytest.raises(guard.MixedData, match="everyone knows"):
        guard.check()


@pytest.mark.parametrize("command", [("ready",), ("group", "River walkers"), ("operator_code",)])
@pytest.mark.django_db
def test_no_command_of_a_real_kith_writes_into_the_demo(command: tuple[str, ...]) -> None:
    Account.objects.create(username=guard.DEMO_SIGN_IN)
    with pytest.raises(CommandError, match="everyone knows"):
        call_command(*command)
    assert not Group.objects.exists() and not SiteCode.objects.exists()
