"""A passkey in software: makes and uses one as a device would, so that the server's checks are really run."""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN = "http://testserver"
RP = "testserver"
PRESENT = AuthenticatorData.FLAG.UP


def options_on(response: Any) -> dict[str, Any]:
    """What the page asks the device."""
    found = re.search(r'id="passkey-options"[^>]*>(.*?)</script>', response.content.decode(), re.S)
    return json.loads(unescape(found[1]))["publicKey"]


@dataclass
class SoftPasskey:
    """One device with one passkey."""

    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def _client_data(self, kind: str, challenge: str) -> CollectedClientData:
        return CollectedClientData.create(type=kind, challenge=challenge, origin=ORIGIN)

    def _answer(self, **response: Any) -> str:
        encoded = websafe_encode(self.credential_id)
        parts = {name: websafe_encode(bytes(value)) for name, value in response.items()}
        return json.dumps(
            {
                "id": encoded,
                "rawId": encoded,
                "type": "public-key",
                "response": parts,
                "clientExtensionResults": {},
            }
        )

    def make(self, options: dict[str, Any]) -> str:
        """Answer a page that adds a passkey."""
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.credential_id, public)
        data = AuthenticatorData.create(
            sha256(RP.encode()), PRESENT | AuthenticatorData.FLAG.AT, 0, credential
        )
        attestation = AttestationObject.create("none", data, {})
        client_data = self._client_data("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client_data, attestationObject=attestation)

    def use(self, options: dict[str, Any]) -> str:
        """Answer a page that asks for a passkey."""
        data = AuthenticatorData.create(sha256(RP.encode()), PRESENT, 1)
        client_data = self._client_data("webauthn.get", options["challenge"])
        signature = self.private.sign(bytes(data) + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)
