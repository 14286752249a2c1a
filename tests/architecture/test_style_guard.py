"""Habits a machine can check: where writes live, what may be logged, and names that say nothing."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest

from tests.architecture import house

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools", "lib"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
SIGNALS = ("django.db.models.signals", "django.core.signals", "django.dispatch", "allauth.account.signals")
SIGNAL_NAMES = {"receiver", "Signal", "pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}

# (file, what was found) -> why it may stay. An exception that nothing needs any more fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    (
        "accounts/adapter.py",
        "signal",
    ): "the only way to keep allauth's second-factor rows from noting fine times",
    ("accounts/session_store.py", "save"): "Django's interface for session stores, not a model's",
    ("core/ticker.py", "logs duty.name"): "the name a function was registered under, written in our code",
}

Guard = Callable[[str, str], set[str]]


def prints(name: str, source: str) -> set[str]:
    """Calls of print."""
    return {
        "print"
        for node in ast.walk(house.parsed(source))
        if isinstance(node, ast.Call) and _is(node, "print")
    }


def overrides_save(name: str, source: str) -> set[str]:
    """Methods called save: a write that hides behind a row."""
    classes = [node for node in ast.walk(house.parsed(source)) if isinstance(node, ast.ClassDef)]
    return {item.name for node in classes for item in node.body
            if isinstance(item, ast.FunctionDef) and item.name == "save"}  # fmt: skip


def uses_signals(name: str, source: str) -> set[str]:
    """Imports of signals."""
    found = set()
    for node in ast.walk(house.parsed(source)):
        if isinstance(node, ast.ImportFrom) and (
            (node.module or "").startswith(SIGNALS) or SIGNAL_NAMES & {alias.name for alias in node.names}
        ):
            found.add("signal")
        if isinstance(node, ast.Import) and any(alias.name.startswith(SIGNALS) for alias in node.names):
            found.add("signal")
    return found


def says_nothing(name: str, source: str) -> set[str]:
    """Modules and packages whose name does not say what is in them."""
    parts = name.removesuffix(".py").split("/")
    return set(parts) & EMPTY_NAMES


def reaches_into_rows(name: str, source: str) -> set[str]:
    """Views and consumers that ask the database themselves."""
    if not {"views", "consumers", "consumers.py", "views.py"} & set(name.split("/")):
        return set()
    names = {node.attr for node in ast.walk(house.parsed(source)) if isinstance(node, ast.Attribute)}
    return names & {"objects", "_default_manager"}


def logs_too_much(name: str, source: str) -> set[str]:
    """Logging calls with anything but fixed text, type names and numbers that were counted."""
    found = set()
    for node in ast.walk(house.parsed(source)):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in LEVELS
        ):
            continue
        if not _is_logger(node.func.value):
            continue
        message, *rest = node.args[1:] if node.func.attr == "log" else node.args
        if not (isinstance(message, ast.Constant) and isinstance(message.value, str)):
            found.add(f"logs {ast.unparse(message)}")
        found |= {f"logs {ast.unparse(value)}" for value in rest if not _is_harmless(value)}
        found |= {f"logs {word.arg}" for word in node.keywords if word.arg not in {"exc_info"}}
    return found


def names_its_logger(name: str, source: str) -> set[str]:
    """Loggers outside kith's own: the log's formatter lets only those speak."""
    calls = [node for node in ast.walk(house.parsed(source)) if isinstance(node, ast.Call)]
    made = [node for node in calls if _is(node, "getLogger")]
    fixed = [
        node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else "" for node in made
    ]
    return {f"logger {text}" for text in fixed if not str(text).startswith("kith")}


def _is(call: ast.Call, name: str) -> bool:
    return name in {getattr(call.func, "id", ""), getattr(call.func, "attr", "")}


def _is_logger(node: ast.expr) -> bool:
    name = getattr(node, "id", getattr(node, "attr", ""))
    return "log" in name.lower() or (isinstance(node, ast.Call) and _is(node, "getLogger"))


def _is_harmless(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "__name__":
        return isinstance(node.value, ast.Call) and _is(node.value, "type")
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and _is(node, "len"))


GUARDS: dict[Guard, dict[str, str]] = {  # guard -> seeds that it must catch, by file
    prints: {"chat/views/x.py": "print('hello')"},
    overrides_save: {"chat/models/x.py": "class Post:\n    def save(self):\n        pass"},
    uses_signals: {
        "chat/apps.py": "from django.db.models.signals import post_save",
        "chat/x.py": "from django.dispatch import receiver",
        "chat/y.py": "import django.db.models.signals",
        "chat/z.py": "from django.db.models import signals as s\nfrom x import post_save",
    },
    says_nothing: {"chat/utils.py": "", "core/helpers/text.py": ""},
    reaches_into_rows: {
        "chat/views/x.py": "Post.objects.create(text='')",
        "chat/consumers.py": "Thread._default_manager.get()",
    },
    logs_too_much: {
        "chat/a.py": "logger.info(f'read {post}')",
        "chat/b.py": "logger.error('broke: %s', error)",
        "chat/c.py": "logger.warning('no ' + name)",
        "chat/d.py": "import logging\nlogging.getLogger('kith').info('%s', request.path)",
        "chat/e.py": "logger.info('read', extra={'who': who})",
        "chat/f.py": "log.log(10, 'to {}'.format(who))",
    },
    names_its_logger: {"chat/a.py": "logger = logging.getLogger(__name__)"},
}


def faults(guard: Guard, sources: dict[str, str]) -> set[tuple[str, str]]:
    """(file, what was found) over all sources."""
    return {(name, what) for name, source in sources.items() for what in guard(name, source)}


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_the_habit_is_kept(guard: Guard) -> None:
    found = faults(guard, house.code()) - set(EXCEPTIONS)
    assert not found, house.listed(found)


def test_no_exception_is_left_over() -> None:
    found = {fault for guard in GUARDS for fault in faults(guard, house.code())}
    assert not house.unused(set(EXCEPTIONS), found)


@pytest.mark.parametrize(
    ("guard", "name", "source"), [(g, n, s) for g, seeds in GUARDS.items() for n, s in seeds.items()]
)
def test_a_seeded_fault_is_caught(guard: Guard, name: str, source: str) -> None:
    assert guard(name, source)


def test_what_is_harmless_may_be_logged() -> None:
    source = "logger.error('lost %s of %d: %s', 'some', len(rows), type(error).__name__)\nmath.log(x)\nqueue.info(x)"
    assert not logs_too_much("chat/x.py", source)
