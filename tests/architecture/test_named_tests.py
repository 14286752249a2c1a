"""Where a document names a test, there is one."""

from __future__ import annotations

import re

from tests.architecture.house import ROOT

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_that_is_named_stands_in_its_file() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    named = {found for page in pages for found in NAMED.findall(page.read_text())}
    assert named
    assert not [
        (file, name) for file, name in sorted(named) if f"def {name}(" not in (ROOT / file).read_text()
    ]
