"""A setting that makes no sense, and a port that is taken, end every start with one sentence."""

from __future__ import annotations

import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from config import environment
from config.environment import ABOUT_A_SITE
from config.management.commands import embedded
from tests.architecture.house import OURS

ROOT = Path(__file__).resolve().parents[2]


def _run(tmp_path: Path, *command: str, **given: str) -> tuple[int, str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("KITH_", "DJANGO_"))}
    ended = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=clean | {"KITH_VAR": str(tmp_path)} | given,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("command", [("democode",), ("ready",), ("help",), ("embedded",)])
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
        ("KITH_SECRET_KEY_FILE", "/dev/null"),
        ("KITH_SECRET_KEY", "x" * 49),
        ("PORT", "http"),
    ],
)
def test_each_kind_of_setting_names_itself(tmp_path: Path, name: str, value: str) -> None:
    code, out, told = _run(tmp_path, "embedded", **{name: value})
    assert (code, out, told.count("\n")) == (2, "", 1) and told.startswith(name)
    assert "SECRET" not in name or not list(tmp_path.iterdir())  # no key of Kith's own in its place


def test_a_long_secret_is_taken_as_it_is_and_none_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("x" * 50, ""):
        monkeypatch.setenv("KITH_SECRET_KEY", given)
        assert environment.secret("KITH_SECRET_KEY") == given


def test_an_older_sqlite_ends_the_start_and_does_not_break_later(monkeypatch: pytest.MonkeyPatch) -> None:
    environment.check_sqlite()
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 34, 1))
    with pytest.raises(environment.BadSetting, match=r"needs 3\.35 or newer"):
        environment.check_sqlite()


@pytest.mark.parametrize("beside", ["", "forgotten"])
def test_an_empty_file_is_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: str) -> None:
    file = tmp_path / "mail_password"
    file.touch()
    monkeypatch.setenv("KITH_MAIL_PASSWORD_FILE", str(file))
    monkeypatch.setenv("KITH_MAIL_PASSWORD", beside)
    assert environment.password("KITH_MAIL_PASSWORD", of="") == ""
    with pytest.raises(environment.BadSetting, match="write the password into that file"):
        environment.password("KITH_MAIL_PASSWORD", of="kith")
    file.write_text("secret\n")
    assert environment.password("KITH_MAIL_PASSWORD", of="kith") == "secret"


def test_where_nobody_signs_in_no_password_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KITH_MAIL_PASSWORD_FILE", raising=False)
    assert environment.password("KITH_MAIL_PASSWORD", of="kith") == ""


@pytest.mark.parametrize("command", sorted(ABOUT_A_SITE))
def test_a_command_about_a_site_is_refused_where_there_is_none_and_makes_nothing(
    tmp_path: Path, command: str
) -> None:
    code, out, told = _run(tmp_path / "var", command)
    assert (code, out, told.count("\n")) == (2, "", 1)
    assert f"no Kith in {tmp_path}/var yet" in told and "Set KITH_VAR" in told
    assert not list(tmp_path.iterdir())


def test_a_file_without_tables_is_no_site_either_and_help_is_given_anywhere(tmp_path: Path) -> None:
    (tmp_path / "kith.sqlite3").touch()
    assert _run(tmp_path, "audit", "verify")[0] == 2
    assert _run(tmp_path, "audit", "--help")[0] == 0


def test_each_command_of_ours_is_about_a_site_or_may_begin_one() -> None:
    ours = {name for name, app in get_commands().items() if app in OURS}
    assert ours - {"embedded", "ready", "democode", "simulate"} == ABOUT_A_SITE


def test_a_real_site_says_the_address_that_people_type(settings) -> None:
    settings.KITH_ORIGINS, settings.ALLOWED_HOSTS = (
        ["https://kith.example", "https://b.example"],
        ["kith.example"],
    )
    assert embedded._address(8124) == "https://kith.example, and listens to your proxy on 127.0.0.1:8124"
    settings.KITH_ORIGINS, settings.ALLOWED_HOSTS = ["http://localhost:8000"], ["localhost"]
    assert embedded._address(8124) == "http://localhost:8124"


@pytest.mark.parametrize(("scheme", "prefix"), [("https", "__Host-"), ("http", "")])
def test_over_https_no_other_site_of_the_domain_can_set_a_cookie_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, prefix: str
) -> None:
    """Browsers take a name that begins so only from the host itself, with Secure and for all of it."""
    for name, value in {
        "VAR": str(tmp_path),
        "SECRET_KEY": "s" * 50,
        "ORIGINS": f"{scheme}://kith.example",
    }.items():
        monkeypatch.setenv(f"KITH_{name}", value)
    made = runpy.run_path(str(ROOT / "config/settings.py"))
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SENTENCES_COOKIE_NAME", "EXIT_MARK")
    for cookie in map(made.get, names):
        assert cookie.startswith("__Host-") is bool(prefix)
    assert made["EXIT_MARK"].split(";") == [
        f"{prefix}exit=1", *(["secure"] if prefix else []), "path=/", "max-age=",
    ]  # fmt: skip


def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        code, out, told = _run(tmp_path, "embedded", PORT=str(taken.getsockname()[1]))
    assert (code, out) == (1, "") and "Address already in use. Start" in told and "Traceback" not in told
    assert not (tmp_path / "kith.sqlite3").exists()
