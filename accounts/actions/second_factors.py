"""Codes and passkeys: adding them, checking them, taking them away. allauth does the cryptography."""

from __future__ import annotations

import base64
import hmac
import json
import re
import time
from dataclasses import dataclass
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as codes
from allauth.mfa.webauthn.internal import auth as passkeys
from cryptography.exceptions import InvalidSignature
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.models import Account
from accounts.selectors import second_factors as selectors
from core import ratelimit

MOST_PASSKEYS = 10
# What allauth and fido2 raise for an answer that is forged, stale, or no answer at all.
MISFITS = (ValidationError, InvalidSignature, ValueError, TypeError, KeyError, AttributeError)
CODE_GOOD_FOR = 120  # seconds within which a code works once only


@dataclass(frozen=True, kw_only=True)
class CodeSetup:
    """What a code app needs: a picture to scan, or a key to type."""

    picture: str
    key: str


def code_setup(*, account: Account, fresh: bool) -> CodeSetup:
    """A new key for a code app, kept in the sealed session until a code from it was typed."""
    key = codes.get_totp_secret(regenerate=fresh)
    adapter = get_adapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(account, key))
    picture = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    return CodeSetup(picture=picture, key=" ".join(key[i : i + 4] for i in range(0, len(key), 4)))


def add_codes(*, request: HttpRequest, account: Account, code: str) -> Authenticator | None:
    """Add the code app whose key the session holds, if the code fits it. None if it does not."""
    key = codes.get_totp_secret()
    if selectors.find(account=account, kind=Authenticator.Type.TOTP) or not _fits(account, key, code):
        return None
    added: Authenticator = codes.TOTP.activate(account, key).instance
    codes.clear_totp_secret(request)
    return added


def check_code(*, account: Account, code: str) -> Authenticator | None:
    """The code app whose current code this is, or None. A code works once."""
    row = selectors.find(account=account, kind=Authenticator.Type.TOTP)
    if row is None or not _fits(account, get_adapter().decrypt(row.data["secret"]), code):
        return None
    row.user = account
    return row


def _fits(account: Account, key: str, code: str) -> bool:
    # allauth overlooks signs, too: the same code must not look like another
    plain = re.sub("[^0-9]", "", code)
    if not any(hmac.compare_digest(plain, fitting) for fitting in _codes_of_today(key)):
        return False
    # allauth remembers used codes in its own process only; the limiter's store is shared by all.
    return not ratelimit.hit("used-code", str(account.pk), plain, limit=1, seconds=CODE_GOOD_FOR)


def _codes_of_today(key: str) -> list[str]:
    """The codes that fit now, but for those that fitted before midnight: there the limiter forgets what was used."""
    midnight = int(time.time()) // ratelimit.DAY * ratelimit.DAY // app_settings.TOTP_PERIOD
    counters = codes.yield_hotp_counters_from_time()
    today = (n for n in counters if n - app_settings.TOTP_TOLERANCE >= midnight)
    return [codes.format_hotp_value(codes.hotp_value(key, n)) for n in today]


def passkey_options(*, account: Account, adding: bool) -> dict[str, Any]:
    """What the browser needs to make a passkey, or to use one."""
    options: dict[str, Any]
    options = (
        passkeys.begin_registration(account, False) if adding else passkeys.begin_authentication(account)
    )
    return options


def add_passkey(*, account: Account, credential: str) -> Authenticator | None:
    """Add the passkey that the browser made. None if its answer does not fit the question."""
    if len(selectors.of(account=account).passkeys) >= MOST_PASSKEYS:
        return None
    try:
        parsed = _mapping(credential)
        passkeys.parse_registration_response(parsed)
        passkeys.complete_registration(parsed)
    except MISFITS:
        return None
    name = selectors.next_passkey_name(account=account)
    added: Authenticator = passkeys.WebAuthn.add(account, name, parsed).instance
    return added


def _mapping(text: str) -> dict[str, Any]:
    parsed = json.loads(text)
    if not isinstance(parsed, dict):
        raise TypeError
    return parsed


def check_passkey(*, account: Account, credential: str) -> Authenticator | None:
    """The passkey that answered, or None."""
    try:
        parsed = _mapping(credential)
        passkeys.parse_authentication_response(parsed)
        found: Authenticator = passkeys.complete_authentication(account, parsed)
    except MISFITS:
        return None
    found.user = account
    return found


def remove(*, account: Account, key: int | None) -> bool:
    """Take away a passkey by its row key, or the code app (None). Returns whether any second step is left."""
    rows = Authenticator.objects.filter(user_id=account.pk)
    kind = Authenticator.Type.TOTP if key is None else Authenticator.Type.WEBAUTHN
    (rows.filter(type=kind) if key is None else rows.filter(type=kind, pk=key)).delete()
    return bool(rows.exists())
