"""Threads, posts, reactions and reading, live."""
