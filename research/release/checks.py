"""Arithmetic by which numbers prove what they are."""

from __future__ import annotations

import ipaddress
import re
import string

IBAN_LETTERS = {letter: str(number) for number, letter in enumerate(string.ascii_uppercase, 10)}


def digits(text: str) -> str:
    """Its digits alone."""
    return re.sub(r"[^0-9]", "", text)


def is_luhn(text: str) -> bool:
    """A card or a device: 13 to 19 digits, the last of which checks the others (ISO/IEC 7812)."""
    found = digits(text)
    if not 13 <= len(found) <= 19:
        return False
    doubled = [2 * int(one) for one in found[-2::-2]]
    return (sum(map(int, found[-1::-2])) + sum(one // 10 + one % 10 for one in doubled)) % 10 == 0


def is_nhs(text: str) -> bool:
    """An NHS or CHI number: ten digits, the last of which checks the others modulo 11."""
    found = digits(text)
    if len(found) != 10:
        return False
    check = 11 - sum(int(one) * weight for one, weight in zip(found, range(10, 1, -1), strict=False)) % 11
    return check % 11 == int(found[9]) and check != 10


def iban(text: str) -> int:
    """How long the IBAN is that `text` begins with (ISO 13616, modulo 97); 0 if none. `text` begins with one's country."""
    parts = re.split(r"( )", text)
    while parts:
        one = "".join(parts).replace(" ", "").upper()
        if len(one) < 15:
            return 0
        if int("".join(IBAN_LETTERS.get(sign, sign) for sign in one[4:] + one[:4])) % 97 == 1:
            return len("".join(parts))
        parts = parts[:-2]
    return 0


def is_ip(text: str) -> bool:
    """An address of IPv4 or IPv6 that could be somebody's."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not found.is_unspecified and (found.version == 4 or text.count(":") > 1)
