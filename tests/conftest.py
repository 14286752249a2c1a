"""What all tests share: the cast, a clean rate limiter, and guards against easy mistakes."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management.commands import migrate
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from tests import egress, emptying, limits, rotation, tables
from tests.people import Cast, same_cast

egress.shut()

STRICT = os.environ.get("KITH_NO_SKIPS") == "1"
ONCE = {"architecture", "browser", "config", "hostile", "proof"}  # folders that say nothing about a database
UNDERNEATH = {"faults", "live"}  # folders about Redis, too


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--again",
        choices=["briefly", "wholly"],
        help="the second database: a sixth of what can differ there, another one each day; or all of it",
    )
    parser.addoption(
        "--turns", action="store_true", help="browsers: what they are for, and of the rest a third each day"
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        emptying.keep_the_server_away()


@pytest.fixture(scope="session", autouse=True)
def _quick_database() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrate.Command, "handle", tables.make)
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: emptying.empty())
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, and where they are."""
    return same_cast()


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    limits.forget_all()
    monkeypatch.setattr("moderation.selectors.console._last", None)  # the next test's group has the same key


@pytest.fixture(scope="session")
def _rings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A place for the keys of each test, which is made by whoever keeps something there."""
    folder = tmp_path_factory.mktemp("rings")
    return (folder / str(number) / "ring.json" for number in itertools.count())


@pytest.fixture(autouse=True)
def _own_key_ring(_rings: Iterator[Path], settings) -> None:
    settings.KITH_KEY_RING = str(next(_rings))


def _runs_again(item: pytest.Item, *, how: str) -> bool:
    """Whether a test that has run on SQLite is run on the second database too; briefly, with its first case, if it is
    among the sixth of the day."""
    folder = item.path.parent.name
    asks = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames)
    if folder in ONCE or not (asks or folder in UNDERNEATH):
        return False
    if how == "wholly" or item.get_closest_marker("postgres"):
        return True
    case = getattr(item, "callspec", None)
    is_first = case is None or not any(case.indices.values())
    return is_first and rotation.is_todays(item.nodeid, days=6) and not item.get_closest_marker("once")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs a server that is not here, saying so; with KITH_NO_SKIPS=1 run it and let it fail."""
    if how := config.getoption("again"):
        config.hook.pytest_deselected(items=[item for item in items if not _runs_again(item, how=how)])
        items[:] = [item for item in items if _runs_again(item, how=how)]
    if STRICT:
        return
    from tests import servers

    for item in items:
        for marker, missing in servers.missing().items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=missing))
        elsewhere = item.get_closest_marker("postgres") and not item.get_closest_marker("browser")
        if elsewhere and not os.environ.get("KITH_TEST_DATABASE_URL"):
            item.add_marker(pytest.mark.skip(reason="runs in the part with PostgreSQL: tests/run.py"))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
