"""Typed readers of environment variables. A value that makes no sense stops the start with a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit


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
