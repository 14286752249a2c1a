"""The walls of the house hold, and each of them was seen to catch somebody walking through it."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import house

LINT = Path(sys.executable).with_name("lint-imports")

# contract -> the modules that break it, each with its source and the import that must be reported.
# Every seed is a module of its own, so that one run shows which wall caught which.
SEEDS: dict[str, dict[str, tuple[str, str]]] = {
    "Apps depend in one direction only": {
        "core/seed_up.py": ("from audit import apps\n", "core.seed_up -> audit.apps"),
        "community/selectors/seed_up.py": (
            "def late():\n    from chat.models import Post\n    return Post\n",
            "community.selectors.seed_up -> chat.models",
        ),
        "moderation/seed_up.py": ("from research import apps\n", "moderation.seed_up -> research.apps"),
    },
    "Only the linkage module and the wiring may know the private world": {
        "chat/selectors/seed_private.py": (
            "from accounts.models import Account\n",
            "chat.selectors.seed_private -> accounts.models",
        ),
        "community/selectors/seed_private.py": (
            "from accounts import keys\n",
            "community.selectors.seed_private -> accounts.keys",
        ),
        "community/actions/seed_hidden.py": (
            "def late():\n    from accounts import keys\n    return keys\n",
            "community.actions.seed_hidden -> accounts.keys",
        ),
        "research/seed_typing.py": (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from accounts.models import Account\n",
            "research.seed_typing -> accounts.models",
        ),
    },
    "Who may ask which member I am here": {
        "chat/actions/seed_linkage.py": (
            "from community import linkage\n",
            "chat.actions.seed_linkage -> community.linkage",
        ),
        "moderation/seed_linkage.py": (
            "from community.linkage import owner_tag\n",
            "moderation.seed_linkage -> community.linkage",
        ),
    },
    "Inside each app, imports go from the edge to the core": {
        "community/models/seed_inside.py": (
            "from community.selectors import here\n",
            "community.models.seed_inside -> community.selectors.here",
        ),
        "chat/policies/seed_inside.py": ("from chat import actions\n", "chat.policies.seed_inside -> chat.actions"),
    },
    "Views and consumers reach data through selectors and actions": {
        "chat/views/seed_models.py": ("from chat.models import Post\n", "chat.views.seed_models -> chat.models"),
        "community/views/seed_models.py": (
            "from community.models.members import Member\n",
            "community.views.seed_models -> community.models.members",
        ),
    },
    "Domain code does not know about sockets": {
        "chat/actions/seed_channels.py": (
            "from channels.layers import get_channel_layer\n",
            "chat.actions.seed_channels -> channels",
        ),
    },
    "What may leave a study is worked out from numbers alone": {
        "research/release/seed_rows.py": (
            "from research.models import Study\n",
            "research.release.seed_rows -> research.models",
        ),
        "research/release/seed_django.py": (
            "from django.db import models\n",
            "research.release.seed_django -> django",
        ),
    },
}  # fmt: skip


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of one tree."""
    environment = os.environ | {"PYTHONPATH": str(root), "COLUMNS": "300", "NO_COLOR": "1"}
    command = [str(LINT), "--no-cache", "--config", str(root / ".importlinter")]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def broken(output: str) -> dict[str, str]:
    """Contract -> what was reported about it."""
    details = output.partition("Broken contracts")[2]
    parts = re.split(r"\n([^\n]+)\n-{3,}\n", details)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the contracts say of a copy of the tree with every seed in it."""
    root = tmp_path_factory.mktemp("seeded")
    for name, source in house.texts(under=house.OURS, ending=(".py",)).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(source)
    shutil.copy(house.ROOT / ".importlinter", root)
    for seeds in SEEDS.values():
        for name, (source, _) in seeds.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(source)
            (root / name).parent.joinpath("__init__.py").touch()
    if not any((root / "chat").glob("consumers*")):
        (root / "chat/consumers.py").touch()
    done = lint(root)
    assert done.returncode == 1, done.stdout + done.stderr
    return broken(done.stdout)


def test_the_contracts_hold() -> None:
    done = lint(house.ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(house.ROOT / ".importlinter")
    return parser


def test_every_app_with_rows_is_under_the_contracts(contracts: configparser.ConfigParser) -> None:
    with_rows = {name.split("/")[0] for name in house.tracked() if "/models/" in name} & set(house.APPS)
    assert with_rows
    assert with_rows <= set(contracts["importlinter:contract:inside"]["containers"].split())
    forbidden = contracts["importlinter:contract:edge-no-models"]["forbidden_modules"].split()
    assert {f"{app}.models" for app in with_rows} <= set(forbidden)


def test_every_contract_has_a_seed(contracts: configparser.ConfigParser) -> None:
    names = {
        contracts[part]["name"] for part in contracts.sections() if part.startswith("importlinter:contract:")
    }
    assert names == set(SEEDS)


@pytest.mark.parametrize(
    ("contract", "reported"),
    [(contract, reported) for contract, seeds in SEEDS.items() for _, reported in seeds.values()],
)
def test_a_seeded_import_is_caught(seeded: dict[str, str], contract: str, reported: str) -> None:
    assert re.search(re.escape(reported) + r"\b", seeded.get(contract, "held")), seeded.get(contract, "held")
