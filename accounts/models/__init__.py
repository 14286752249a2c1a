"""Rows of the private world."""

from accounts.models.accounts import Account, FactSheet
from accounts.models.locks import Lock
from accounts.models.reminders import Reminder
from accounts.models.sessions import Session, SessionEvent, SessionStream

__all__ = ["Account", "FactSheet", "Lock", "Reminder", "Session", "SessionEvent", "SessionStream"]
