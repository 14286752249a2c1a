"""A passphrase verifier that costs nothing, for tests only."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class Cheap(PBKDF2PasswordHasher):
    """One round."""

    algorithm = "cheap"
    iterations = 1
