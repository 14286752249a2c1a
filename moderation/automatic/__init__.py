"""Automatic help: what a machine may notice in a text. It raises and holds; people decide."""
