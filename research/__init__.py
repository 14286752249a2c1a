"""Pilot studies with consent, and what leaves them."""
