"""Where django-allauth is bent to the private world: no address, no fine times, no limiter of its own."""

from __future__ import annotations

from typing import Any

import qrcode  # type: ignore[import-untyped]  # qrcode ships no types
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.db.models.signals import pre_save
from django.http import HttpRequest
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]  # nor here

from accounts import local_paths
from core import clock, ids, keyring, sealing


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's account hooks."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people sign up on Kith's own page, which makes S; allauth's is never routed

    def get_client_ip(self, request: HttpRequest) -> str:
        return "0.0.0.0"  # noqa: S104 allauth is never told an address

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        return  # Kith says itself what happened, where it matters

    def is_safe_url(self, url: str) -> bool:
        return local_paths.is_local(url)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Kith's own pages ask for the passphrase again. allauth would set the suspended request aside in
        # the session, with the address and the browser's name in it.
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        return  # Kith has no address to write to


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's second-factor hooks. TOTP seeds are sealed; allauth's own hook returns its input."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(key=keyring.lasting_key(), value=text.encode(), place="mfa|seed").hex()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = bytes.fromhex(encrypted_text)
        return sealing.unseal(key=keyring.lasting_key(), sealed=sealed, place="mfa|seed").decode()

    def build_totp_svg(self, url: str) -> str:
        # On white, whatever the page's colours: a phone cannot read dark squares on a dark page.
        picture: str = qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
        return picture

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        return


def _coarsen(sender: type[Authenticator], instance: Authenticator, **kwargs: Any) -> None:  # noqa: ARG001 a signal
    if instance.pk is None:  # the database would count, and show in which order people added a second step
        instance.pk = ids.new_key()
    instance.created_at = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    instance.last_used_at = None


def keep_times_coarse() -> None:
    """Keep allauth from noting when someone signed in: its rows say the month of their last change, no more,
    and nothing of their order."""
    pre_save.connect(_coarsen, sender=Authenticator, dispatch_uid="kith.coarse_times")
