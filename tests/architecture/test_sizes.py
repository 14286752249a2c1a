"""No file over 400 lines and no function over 50, so that each can be read in one go."""

from __future__ import annotations

import ast

from tests.architecture import house

MOST_LINES = 400
MOST_IN_A_FUNCTION = 50
DATA = (".csv", ".toml", ".txt", ".svg", ".po", ".mo", ".json", ".jsonl", ".png", ".lock")
NOT_COUNTED = ("/migrations/", "requirements/", "locale/", "LICENSE")


def long_files(sources: dict[str, str]) -> dict[str, int]:
    """File -> lines, for files that are too long."""
    counts = {name: len(text.splitlines()) for name, text in sources.items()}
    return {name: count for name, count in counts.items() if count > MOST_LINES}


def long_functions(sources: dict[str, str]) -> dict[str, int]:
    """file:function -> lines (decorators and docstring among them), for functions that are too long."""
    found = {}
    for name, source in sources.items():
        for node in ast.walk(house.parsed(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(mark.lineno for mark in node.decorator_list)])
                count = (node.end_lineno or first) - first + 1
                if count > MOST_IN_A_FUNCTION:
                    found[f"{name}:{node.name}"] = count
    return found


def _counted() -> dict[str, str]:
    return {
        name: text
        for name, text in house.texts().items()
        if not name.endswith(DATA) and not any(part in name for part in NOT_COUNTED)
    }


def test_no_file_is_too_long() -> None:
    found = long_files(_counted())
    assert not found, house.listed(found)


def test_no_function_is_too_long() -> None:
    found = long_functions({name: text for name, text in _counted().items() if name.endswith(".py")})
    assert not found, house.listed(found)


def test_a_seeded_long_file_is_caught() -> None:
    assert long_files({"a.js": "x\n" * 401, "b.js": "x\n" * 400}) == {"a.js": 401}


def test_a_seeded_long_function_is_caught() -> None:
    body = "    x = 1\n"
    source = f"@mark\ndef long():\n    '''Why.'''\n{body * 48}\ndef short():\n    '''Why.'''\n{body * 48}"
    assert long_functions({"a.py": source}) == {"a.py:long": 51}
