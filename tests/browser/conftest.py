"""Browsers and sites that the browser tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import rotation, servers
from tests.browser import sites
from tests.browser.sites import Site

PATIENCE = 20_000  # milliseconds: both cores may be busy
EVERY_DAY = {  # the main job, what keeps people safe, and what everybody can use
    "test_main_job", "test_without_javascript", "test_keyboard", "test_axe", "test_budgets", "test_no_script_runs",
    "test_quick_exit", "test_trouble",
}  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",  # nothing outside this machine
]  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--turns`, each file that is not for every day runs every third one: whole, since its tests may go on from
    one another."""
    if config.getoption("turns"):
        resting = [one for one in items if not _is_todays(one.path.stem)]
        config.hook.pytest_deselected(items=resting)
        items[:] = [one for one in items if one not in resting]


def _is_todays(name: str) -> bool:
    return name in EVERY_DAY or rotation.is_todays(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium; a context of it is a browser of its own, with its own cookies."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=servers.CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def embedded_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Kith in one process on SQLite, without the demo."""
    with sites.embedded(tmp_path_factory.mktemp("embedded")) as site:
        yield site


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Kith as an installation runs it: WSGI workers, two live processes, PostgreSQL and Redis."""
    with sites.real(tmp_path_factory.mktemp("real")) as site:
        yield site
