"""The project's own files, as the guards read them."""

from __future__ import annotations

import ast
import functools
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("research", "chat", "moderation", "community", "audit", "accounts")
OURS = ("config", *APPS, "core")
NOT_WALKED = {".git", ".venv", ".venv-oracle", "var", "node_modules"}


@functools.cache
def tracked() -> tuple[str, ...]:
    """The paths of all files under version control that exist; in a bare copy, of all files."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = listed.stdout.split("\0") if listed.returncode == 0 else _walked()
    return tuple(sorted(name for name in names if name and (ROOT / name).is_file()))


def _walked() -> Iterator[str]:
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_WALKED and "cache" not in name]
        yield from (str((Path(folder) / name).relative_to(ROOT)) for name in files)


@functools.cache
def text_of(name: str) -> str:
    """A tracked file's text; empty for pictures and the like."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def texts(*, under: tuple[str, ...] = (), ending: tuple[str, ...] = ()) -> dict[str, str]:
    """Path -> text of tracked files, by folder and by how the name ends."""
    return {
        name: text_of(name)
        for name in tracked()
        if (not under or name.split("/")[0] in under) and (not ending or name.endswith(ending))
    }


def code(*, under: tuple[str, ...] = OURS) -> dict[str, str]:
    """Path -> source of our own Python, without migrations."""
    found = texts(under=under, ending=(".py",))
    return {name: source for name, source in found.items() if "/migrations/" not in name}


def templates() -> dict[str, str]:
    """Template name -> source."""
    found = texts(under=("templates",), ending=(".html", ".txt"))
    return {name.removeprefix("templates/"): source for name, source in found.items()}


@functools.lru_cache(maxsize=2000)
def parsed(source: str) -> ast.Module:
    """The syntax tree of one source text."""
    return ast.parse(source)


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of all docstring constants in a tree."""
    found = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            first = body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found


def strings(source: str) -> Iterator[tuple[int, str]]:
    """Line and value of every string constant outside docstrings; the fixed parts of f-strings too."""
    tree = parsed(source)
    silent = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.lineno, node.value


def unused(exceptions: set[object], used: set[object]) -> list[object]:
    """Exceptions that nothing needs any more: they have to go."""
    return sorted(exceptions - used, key=str)


def listed(faults: Iterable[object]) -> str:
    """All faults, one a line: what a failing guard prints."""
    lines = (
        [f"{key}: {value}" for key, value in faults.items()] if isinstance(faults, dict) else map(str, faults)
    )
    return "\n" + "\n".join(sorted(lines))
