"""Wiring only: settings, URLs, processes, and the demo."""
