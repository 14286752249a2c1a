"""Rows of moderation in words."""
