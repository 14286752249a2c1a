"""Rows of the private world."""

from accounts.models.accounts import Account, FactSheet
from accounts.models.locks import Lock
from accounts.models.sessions import Session, SessionEvent, SessionStream

__all__ = ["Account", "FactSheet", "Lock", "Session", "SessionEvent", "SessionStream"]
