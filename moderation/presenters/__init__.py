"""Rows of moderation as what templates show."""
