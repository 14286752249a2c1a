"""Rows of research, turned into what a page shows."""
