"""Addresses on this site, as ?next= gives them."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def is_local(url: str | None) -> bool:
    """Whether an address given in ?next= stays on this site."""
    return bool(url) and str(url).startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
