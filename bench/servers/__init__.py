"""Servers that are measured beside each other: each hands the lines of a control connection to readers."""
