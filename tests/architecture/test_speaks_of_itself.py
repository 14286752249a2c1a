"""The project speaks of itself alone: no places on somebody's machine, no unfinished business, no other index."""

from __future__ import annotations

import re

import pytest

from tests.architecture import house


def joined(text: str) -> str:
    """What is written here with dots of ink between, so that this file does not find itself."""
    return text.replace("•", "")


FOUND_NOWHERE = {
    what: re.compile(joined(pattern))
    for what, pattern in {
        "a path of one machine": r"(?<![\w.])/(?:wo•rk|ro•ot|home/\w+)/",
        "unfinished": r"\b(?:TO•DO|FIX•ME|X•XX)\b",
        "how it was written": r"\b(?:A•I|LL•M|Cla•ude|Anth•ropic|Chat•GPT|Cop•ilot)\b",
        "another package index": r"--(?:extra-)?index-u•rl|--find-li•nks|--trusted-ho•st",
    }.items()
}
FOUND_IN_CI_ONLY = {"a folder beside the checkout": re.compile(joined(r"\.\./sha•red"))}
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
        ("core/x.py", "PATH = '/wo•rk/main/core'"),
        ("docs/x.md", "See /ro•ot/notes."),
        ("docs/y.md", "In /ho•me/someone/kith."),
        ("core/y.py", "x = 1  # TO•DO later"),
        ("static/js/x.js", "// FIX•ME"),
        ("docs/w.md", "Written with A•I."),
        ("docs/z.md", "as ../sha•red/design.md says"),
        ("requirements/base.txt", "--index-u•rl https://mirror.example/simple"),
    ],
)
def test_a_seeded_word_is_caught(name: str, text: str) -> None:
    assert faults({name: joined(f"first line\n{text}\n")})[0][2] == 2


def test_what_is_no_fault_is_left_alone() -> None:
    files = {
        ".ci/run": joined("[ -d ../sha•red/corpora ]"),
        "a.md": "networks/, reworked, /rooted, hexXXXX, AIM",
    }
    assert not faults(files)
