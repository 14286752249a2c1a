"""Ways round the wall that an import contract cannot see: names in strings, Django's own doors, and `user`."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture import house

PERSONA_WORLD = ("core", "audit", "community", "moderation", "chat", "research")
LINKAGE = "community/linkage.py"
DOORS = {"get_user_model", "get_user", "aget_user", "AUTH_USER_MODEL", "auser"}
NAMED = re.compile(r"^(accounts|account|mfa|auth|sessions)(\.[A-Za-z_.]+)?$")
EXCEPTIONS: dict[tuple[str, str], str] = {}  # (file, what was found) -> why it may stay


def found_in(source: str) -> list[tuple[int, str]]:
    """Line and name of every way from this source to the private world."""
    found = []
    for node in ast.walk(house.parsed(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            )
            found += [(node.lineno, name) for name in names if name.split(".")[0] == "accounts"]
            found += [(node.lineno, alias.name) for alias in node.names if alias.name in DOORS]
        elif isinstance(node, ast.Attribute) and (node.attr in DOORS or node.attr == "user"):
            found.append((node.lineno, node.attr))
        elif isinstance(node, ast.Call):
            strings = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            found += [(node.lineno, text) for text in strings if NAMED.match(text)]
    return found


def offenders(sources: dict[str, str]) -> set[tuple[str, str]]:
    """(file, what) for every way round the wall."""
    return {
        (name, what) for name, source in sources.items() if name != LINKAGE for _, what in found_in(source)
    }


def test_nothing_in_the_persona_world_goes_round_the_wall() -> None:
    found = offenders(house.code(under=PERSONA_WORLD))
    assert found == set(EXCEPTIONS), "ways to the private world, or exceptions nothing needs"


def test_no_template_of_the_persona_world_asks_for_the_account() -> None:
    private = ("accounts/", "pages/", "account/", "mfa/")
    asks = re.compile(r"{[{%][^}]*\b(user|account)\.\w")
    found = [
        name for name, text in house.templates().items() if not name.startswith(private) and asks.search(text)
    ]
    assert not found


@pytest.mark.parametrize(
    "seed",
    [
        "def late():\n    from accounts.models import Account\n    return Account",
        "from importlib import import_module\nmodels = import_module('accounts.models')",
        "from django.apps import apps\nAccount = apps.get_model('accounts', 'Account')",
        "from django.apps import apps\nAccount = apps.get_model('accounts.Account')",
        "from django.contrib.auth import get_user_model",
        "from django.conf import settings\nfield = settings.AUTH_USER_MODEL",
        "def page(request):\n    return request.user.username",
        "from django.db import models\nwho = models.ForeignKey('accounts.Account', on_delete=models.CASCADE)",
    ],
)
def test_a_seeded_way_round_is_caught(seed: str) -> None:
    assert offenders({"chat/selectors/seed.py": seed})
    assert not offenders({LINKAGE: seed})
