"""A setting that makes no sense, and a port that is taken, end every start with one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(tmp_path: Path, *command: str, **given: str) -> tuple[int, str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KITH_", "DJANGO_"))}
    ended = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=clean | {"KITH_VAR": str(tmp_path)} | given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("command", [("audit", "key"), ("ready",), ("help",), ("embedded",)])
def test_a_setting_that_makes_no_sense_is_one_sentence_for_every_command(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    assert _run(tmp_path, *command, KITH_PROXIES="abc") == (
        2,
        "",
        "KITH_PROXIES is 'abc': write a whole number\n",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KITH_DEBUG", "perhaps"),
        ("KITH_DATABASE_URL", "mysql://there/kith"),
        ("KITH_DATABASE_URL", "postgresql://there:port/kith"),
        ("KITH_ORIGINS", "kith.example.org"),
        ("KITH_ORIGINS", ","),
        ("KITH_SECRET_KEY_FILE", "/nowhere/secret"),
        ("PORT", "http"),
    ],
)
def test_each_kind_of_setting_names_itself(tmp_path: Path, name: str, value: str) -> None:
    code, out, told = _run(tmp_path, "embedded", **{name: value})
    assert (code, out, told.count("\n")) == (2, "", 1) and told.startswith(name)


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, out, told = _run(tmp_path, "embedded", PORT=str(taken.getsockname()[1]))
    assert (code, out) == (1, "") and "Address already in use. Start" in told and "Traceback" not in told
    assert not (tmp_path / "kith.sqlite3").exists()
