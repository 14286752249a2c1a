"""A page's script and its parts are packed as one: nothing is missing, and no two parts use one name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from config.static import joined

SCRIPTS = sorted(path.name for path in (settings.BASE_DIR / "static" / "js").glob("*.js"))
GIVEN = re.compile(r"^(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)


def read(name: str) -> str:
    return Path(settings.BASE_DIR / "static" / name).read_text("utf-8")


def twice(script: str) -> set[str]:
    """Names that are given twice at the top level."""
    names = GIVEN.findall(script)
    return {name for name in names if names.count(name) > 1}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_and_its_parts_are_one(name: str) -> None:
    script = joined(f"js/{name}", read=read)
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert not twice(script)


def test_parts_come_once_and_before_what_needs_them() -> None:
    files = {
        "js/a.js": 'import { b } from "./live/b.js";\nimport { c } from "./live/c.js";\nb(c);\n',
        "js/live/b.js": 'import { c } from "./c.js";\nexport function b() { return c; }\n',
        "js/live/c.js": "export const c = 1;\n",
    }
    assert joined("js/a.js", read=files.__getitem__) == "const c = 1;\nfunction b() { return c; }\nb(c);\n"
    assert twice("const c = 1;\nfunction c() {}\n  const d = 1;\nlet d;\n") == {"c"}


def test_what_an_earlier_start_made_is_not_taken_for_what_was_written(tmp_path: Path) -> None:
    """As after an upgrade that changed one part: only what changed is copied anew."""
    ours = {**settings.STORAGES, "staticfiles": {"BACKEND": "config.static.StaticFiles"}}
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES=ours):
        call_command("collectstatic", interactive=False, verbosity=0)
        made = {path.name: path.read_bytes() for path in (tmp_path / "js").glob("*.js")}
        (tmp_path / "js" / "thread.js").unlink()
        (tmp_path / "js" / "live" / "composer.js").unlink()
        call_command("collectstatic", interactive=False, verbosity=0)
        assert {path.name: path.read_bytes() for path in (tmp_path / "js").glob("*.js")} == made
