"""Accounts: a sign-in name, a passphrase verifier, and a sealed sheet of facts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from core.models import RandomKeyModel


class AccountManager(BaseUserManager["Account"]):
    """Accounts are looked up by sign-in name, in lower case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=(username or "").lower())


class Account(RandomKeyModel, AbstractBaseUser):
    """One sign-in. It holds no time of joining, no last sign-in, no address, and no link to any member.

    `closing_at`: its owner closed it, and until then may undo that; nothing else is open to them.
    """

    username = models.CharField(max_length=64, unique=True)
    is_active = models.BooleanField(default=True)
    discreet = models.BooleanField(default=False)  # nothing on the edge of a screen says where one is
    closing_at = models.DateTimeField(null=True)
    last_login = None  # Django's own column would say when someone was here

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def __str__(self) -> str:
        return "account"  # never the name: this string ends up in errors

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class FactSheet(RandomKeyModel):
    """A person's facts, sealed under a key derived from S, always of the same size."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="fact_sheet")
    sealed = models.BinaryField()
