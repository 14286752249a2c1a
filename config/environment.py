"""Typed readers of environment variables. A value that makes no sense stops the start with a sentence."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
SHORTEST_SECRET = 50  # what deploy/make-secrets writes, and Kith for itself, is 64 long
# Commands about a site that is there. Any other may be the first to run in a new place.
ABOUT_A_SITE = {
    "audit", "files", "group", "instrument", "operator_code", "replay_erasures", "services", "worker",
}  # fmt: skip


class BadSetting(Exception):
    """An environment variable has a value that Kith cannot use."""


def text(name: str, default: str = "") -> str:
    """The value, or that of the file which `NAME_FILE` points to (for secrets), or the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise BadSetting(f"{name}_FILE: {error.strerror}: write where a file is") from None
    return os.environ.get(name, default)


def check_sqlite() -> None:
    """What SQLite learned with 3.35 (RETURNING) is asked of it with every message."""
    if sqlite3.sqlite_version_info < (3, 35):
        raise BadSetting(
            f"this Python brings SQLite {sqlite3.sqlite_version}: Kith needs 3.35 or newer, or KITH_DATABASE_URL"
        )


def password(name: str, *, of: str) -> str:
    """The password of a user, if there is one. A file that is named and empty holds none."""
    found = text(name)
    if of and not found and os.environ.get(f"{name}_FILE"):
        raise BadSetting(
            f"{name}_FILE is empty, and somebody is to sign in: write the password into that file"
        )
    return found


def secret(name: str) -> str:
    """A secret that signs, or nothing where none is given. A file that is named and empty gives none; a short one can
    be guessed."""
    found = text(name)
    if os.environ.get(f"{name}_FILE") and not found:
        raise BadSetting(
            f"{name}_FILE is empty: write {SHORTEST_SECRET} random letters or more into that file"
        )
    if 0 < len(found) < SHORTEST_SECRET:
        raise BadSetting(f"{name} is too short: write {SHORTEST_SECRET} random letters or more")
    return found


def flag(name: str, *, default: bool = False) -> bool:
    """'1', 'true' or 'yes' against '0', 'false', 'no' or nothing."""
    value = text(name).lower()
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no"}:
        return False
    if value:
        raise BadSetting(f"{name} is {value!r}: write 1 or 0")
    return default


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError:
        raise BadSetting(f"{name} is {value!r}: write a whole number") from None


def words(name: str, default: str = "") -> list[str]:
    """A list, separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origins(name: str, default: str) -> list[str]:
    """Addresses without a path, one at least."""
    found = words(name, default)
    if not found or not all(re.fullmatch(r"https?://[^/:@\s]+(:\d+)?", one) for one in found):
        raise BadSetting(f"{name}: write https://kith.example.org, or several with commas between")
    return found


def var() -> Path:
    """The folder of the embedded kind."""
    return Path(text("KITH_VAR", str(ROOT / "var")))


def require_site(words: list[str]) -> None:
    """Raise BadSetting where a command about a site is given (`words`, as typed) and no site was begun in this place.
    Before anything else: loading the settings makes a key, and asking a file of rows makes the file."""
    is_about_one = words[:1] and words[0] in ABOUT_A_SITE and not {"-h", "--help"} & {*words}
    if is_about_one and not text("KITH_DATABASE_URL") and not _has_tables(var() / "kith.sqlite3"):
        raise BadSetting(
            f"There is no Kith in {var()} yet, so nothing was done. Set KITH_VAR to the folder of the one "
            "that you mean, or start it once: manage.py embedded"
        )


def _has_tables(file: Path) -> bool:
    if not file.exists():
        return False
    with closing(sqlite3.connect(file)) as rows:
        return bool(rows.execute("SELECT 1 FROM sqlite_master WHERE name = 'accounts_account'").fetchone())


def postgres(url: str) -> dict[str, str]:
    """The parts of postgresql://user:password@host:port/name as Django names them."""
    parts, wrong = (
        urlsplit(url),
        BadSetting("KITH_DATABASE_URL: write postgresql://user:password@host:port/name"),
    )
    try:
        port = str(parts.port or "")
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise wrong
    return {
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": port,
    }
