"""The project speaks of itself alone: no places on somebody's machine, no unfinished business, no other index."""

from __future__ import annotations

import re

import pytest

from tests.architecture import house

# Spelled in pieces, so that this file does not find itself.
FOUND_NOWHERE = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:wo" r"rk|ro" r"ot|home/\w+)/"),
    "unfinished": re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX)\b"),
    "how it was written": re.compile(
        r"\b(?:A" r"I|LL" r"M|Cla" r"ude|Anth" r"ropic|Chat" r"GPT|Cop" r"ilot)\b"
    ),
    "another package index": re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host"),
}
FOUND_IN_CI_ONLY = {"a folder beside the checkout": re.compile(r"\.\./sha" r"red")}
SKIPPED = ("LICENSE",)
# (file, what) -> why it may stay.
EXCEPTIONS: dict[tuple[str, str], str] = {}


def faults(files: dict[str, str]) -> list[tuple[str, str, int]]:
    """(file, what, line) for everything that speaks of something else."""
    found = []
    for name, text in files.items():
        rules = FOUND_NOWHERE | ({} if name.startswith(".ci/") else FOUND_IN_CI_ONLY)
        for what, pattern in rules.items():
            found += [(name, what, text.count("\n", 0, hit.start()) + 1) for hit in pattern.finditer(text)]
    return found


def test_no_file_speaks_of_something_else() -> None:
    files = {name: text for name, text in house.texts().items() if not name.endswith(SKIPPED)}
    found = [fault for fault in faults(files) if fault[:2] not in EXCEPTIONS]
    assert not found, house.listed(found)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("core/x.py", "PATH = '/wo" "rk/main/core'"),
        ("docs/x.md", "See /ro" "ot/notes."),
        ("docs/y.md", "In /home/someone/kith."),
        ("core/y.py", "x = 1  # TO" "DO later"),
        ("static/js/x.js", "// FIX" "ME"),
        ("docs/w.md", "Written with A" "I."),
        ("docs/z.md", "as ../sha" "red/design.md says"),
        ("requirements/base.txt", "--index-url https://mirror.example/simple"),
    ],
)  # fmt: skip
def test_a_seeded_word_is_caught(name: str, text: str) -> None:
    assert faults({name: f"first line\n{text}\n"})[0][2] == 2


def test_what_is_no_fault_is_left_alone() -> None:
    assert not faults(
        {".ci/run": "[ -d ../shared/corpora ]", "a.md": "networks/, reworked, /rooted, hexXXXX"}
    )
